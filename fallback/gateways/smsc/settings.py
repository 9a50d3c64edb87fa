"""What SMSC.ru can carry and what it needs to be told."""

import hashlib
import hmac
from decimal import Decimal
from urllib.parse import quote

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from fallback.segments import segments
from vestnik.address import SMS
from vestnik.channel import Limits

NAME = SMS

LIMITS = Limits(
    text=10,  # parts, our choice; SMSC.ru itself refuses more than 1000 characters
    measure=segments,
    buttons=0,
    label=0,  # buttons are left out and links become lines before a text comes here
    payload=4096,
    links=False,
    answers=False,
    album=0,
    styles=frozenset(),
    rate=20.0,  # unverified; the page only limits simultaneous requests, see channel.AT_ONCE
    receipts=frozenset({"delivered"}),
    on_unknown="park",
    page="https://smsc.ru/api/http/",
)


class Settings(BaseSettings):
    """The account at SMSC.ru; off without a password or key. Its twins (smsc.kz, …) work too."""

    model_config = SettingsConfigDict(
        env_prefix="SMSC_",
        env_file=None,
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    login: str = Field(default="", description="Login at SMSC.ru, beside SMSC_PASSWORD")
    password: SecretStr = Field(
        default=SecretStr(""), description="Password (or its MD5) at SMSC.ru"
    )
    apikey: SecretStr = Field(
        default=SecretStr(""), description="API key, instead of login and password"
    )
    api_url: str = Field(default="https://smsc.ru", description="Where SMSC.ru (or its twin) is")
    sender: str = Field(
        default="", description="Sender name registered at SMSC.ru; empty: the account's"
    )
    callback_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The ?secret= of the callback address; empty: derived from the key or password",
    )
    price: Decimal | None = Field(
        default=None,
        description="Price of an SMS part, for when SMSC.ru does not tell the cost itself",
    )
    rate: float | None = Field(
        default=None, gt=0, description=f"Messages a second; empty: {LIMITS.rate:g}"
    )
    timeout: float = Field(default=20.0, gt=0, description="Seconds to wait for SMSC.ru's answer")

    @property
    def enabled(self) -> bool:
        """Whether there is enough to sign in with."""
        signed = self.login and self.password.get_secret_value()
        return bool(self.apikey.get_secret_value() or signed)


def secret_of(settings: Settings) -> str:
    """What callbacks have to bring along: the setting, or derived, so that it is never empty."""
    if told := settings.callback_secret.get_secret_value():
        return told
    key = settings.apikey.get_secret_value() or settings.password.get_secret_value()
    return hmac.new(key.encode(), b"vestnik: smsc callback", hashlib.sha256).hexdigest()[:32]


def callback_url(settings: Settings, public_url: str) -> str:
    """The address to enter in the account's settings at SMSC.ru (there is no call to set it).

    It holds the secret: for the owner's eyes, not for a log.
    """
    return f"{public_url.rstrip('/')}/webhooks/sms/smsc?secret={quote(secret_of(settings))}"
