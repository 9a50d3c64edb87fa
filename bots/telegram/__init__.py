"""Telegram: what its channel can carry, its settings, and how to build it."""

import re
from typing import TYPE_CHECKING, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from vestnik.address import ChannelName
from vestnik.channel import FileLimit, Limits
from vestnik.richtext import utf16_units

if TYPE_CHECKING:
    from bots.telegram.channel import Telegram

NAME = ChannelName("telegram")

LIMITS = Limits(
    text=4096,  # that the unit is UTF-16 is unverified; it is the stricter reading
    caption=1024,
    measure=utf16_units,
    buttons=100,  # aiogram's own cap, the API names none
    label=64,  # our choice: the API names none, clients cut longer ones
    payload=64,  # callback_data
    rate=30,  # https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    layouts=(("inline keyboard", 100),),
    album=10,  # https://core.telegram.org/bots/api#sendmediagroup
    copies=True,
    contact_button=True,
    edits=True,
    # https://core.telegram.org/bots/api#sending-files
    files={
        "image": FileLimit(10 * 2**20),
        "video": FileLimit(50 * 2**20),
        "document": FileLimit(50 * 2**20),
    },
    on_unknown="park",  # the API has no idempotency key
    page="https://core.telegram.org/bots/api#sendmessage",
)

# allow_paid_broadcast: https://core.telegram.org/bots/api#sendmessage
PAID_RATE = 1000.0

# https://core.telegram.org/bots/api#setwebhook
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_TOKEN = re.compile(r"([0-9]+:[^\s/?#%]+)?", re.ASCII)


class Settings(BaseSettings):
    """The bot's account and how its updates come in."""

    model_config = SettingsConfigDict(
        env_prefix="TELEGRAM_",
        env_file=None,
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    token: SecretStr = Field(
        default=SecretStr(""), description="The bot's token from @BotFather; empty: no Telegram"
    )
    api_url: str = Field(
        default="https://api.telegram.org", description="Base address of the Bot API"
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Proves that a webhook is Telegram's (A-Z a-z 0-9 _ -); empty: from the token",
    )
    mode: Literal["webhook", "polling"] = Field(
        default="webhook", description="webhook, or polling where Telegram cannot reach us"
    )
    rate: float | None = Field(
        default=None,
        gt=0,
        description=(
            f"Messages a second; empty: {LIMITS.rate:g}, or {PAID_RATE:g} with paid broadcasts"
        ),
    )
    paid_broadcast: bool = Field(
        default=False,
        description="Broadcasts at up to 1000 a second: above 30, each message costs 0.1 Telegram "
        "Star; replies share the rate, unpaid",
    )
    proxy: SecretStr = Field(
        default=SecretStr(""),
        description="HTTP proxy to reach Telegram through (http://user:password@host:port)",
    )
    timeout: float = Field(default=30.0, gt=0, description="Seconds to wait for Telegram's answer")

    @property
    def enabled(self) -> bool:
        """Whether there is a bot to speak as."""
        return bool(self.token.get_secret_value())

    @field_validator("token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("a bot's token looks like 123456:ABC-def; copy it from @BotFather")
        return token

    @field_validator("webhook_secret")
    @classmethod
    def _looks_like_a_secret(cls, secret: SecretStr) -> SecretStr:
        if not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("use 1 to 256 of A-Z a-z 0-9 _ - for the webhook's secret")
        return secret


def build(settings: Settings, account: str = "main") -> "Telegram":
    """The channel of one bot; imports aiogram (seconds), opens nothing."""
    from bots.telegram.channel import Telegram  # noqa: PLC0415  # aiogram costs 5 s and 165 MB

    return Telegram(settings, account)
