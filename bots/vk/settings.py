"""What VK can carry, and the settings of the channel."""

import hmac
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from vestnik.address import ChannelName
from vestnik.channel import FileLimit, Limits
from vestnik.richtext import STYLES

NAME = ChannelName("vk")

SECRET_LENGTH = 50
"""Longest secret key of a callback server (vk-api-schema, groups.addCallbackServer)."""

PEERS_A_REQUEST = 100
"""Recipients of one messages.send (dev.vk.com, messages.send, peer_ids)."""

CALLS_A_REQUEST = 25
"""Calls of one execute (dev.vk.com, execute)."""

Intent = Literal[
    "default",
    "promo_newsletter",
    "non_promo_newsletter",
    "confirmed_notification",
    "moderated_newsletter",
    "account_update",
    "bot_ad_invite",
    "bot_ad_promo",
    "purchase_update",
    "game_notification",
    "finance_notification",
    "customer_support",
]
"""What a message is for (vk-api-schema 5.199, messages.send, intent)."""

LIMITS = Limits(
    text=4096,  # where VK's own clients split; the schema allows 9000 (unverified in between)
    measure=len,
    # dev.vk.com/ru/api/bots/development/keyboard: inline 5 x 6 and 10, else 5 x 10 and 40.
    buttons=40,
    layouts=(("inline keyboard", 10), ("keyboard", 40)),
    label=40,  # commonly cited (unverified)
    payload=255 - len('{"p":""}'),  # 255 for the JSON that our payload is wrapped in
    rate=20.0,  # requests a second for a community's token (dev.vk.com, "Bots: messages")
    page="https://dev.vk.com/ru/method/messages.send",
    edits=True,
    styles=STYLES - {"strike", "code"},  # dev.vk.com/en/reference/objects/message#format_data
    album=10,  # attachments (dev.vk.com, messages.send; unverified)
    cards=10,  # elements of a carousel (vk.com/dev/bot_docs_templates)
    batch=PEERS_A_REQUEST,
    receipts=frozenset({"read"}),
    # Pictures: dev.vk.com/ru/api/upload. Documents, as which a video goes too: the 200 MB that are
    # said everywhere were found on no page of VK's; nothing of ours is longer than 20 MB.
    files={
        "image": FileLimit(50 * 2**20, frozenset({"image/jpeg", "image/png", "image/gif"})),
        "video": FileLimit(200 * 2**20),
        "document": FileLimit(200 * 2**20),
    },
    on_unknown="again",  # random_id: VK drops the copy
)


class Settings(BaseSettings):
    """Settings of the community; without a token the channel is off."""

    model_config = SettingsConfigDict(
        env_prefix="VK_",
        env_file=None,
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    token: SecretStr = Field(
        default=SecretStr(""),
        description="Access token of the community, with its rights to messages and management",
    )
    group_id: int = Field(default=0, ge=0, description="Number of the community, without a minus")
    api_url: str = Field(default="https://api.vk.ru", description="Base address of the API")
    secret: SecretStr = Field(
        default=SecretStr(""),
        max_length=SECRET_LENGTH,
        description="Secret key that VK repeats in every callback; empty: from the token",
    )
    confirmation: str = Field(
        default="",
        description="What VK's confirmation request is answered with; fetched when empty",
    )
    mode: Literal["callback", "longpoll"] = Field(
        default="callback",
        description="callback: VK calls us; longpoll: we fetch, no public address needed",
    )
    intent: Intent = Field(
        default="default",
        description="What VK is told that broadcasts are for; refused ones go as default",
    )
    timeout: float = Field(default=15.0, gt=0, description="Seconds to wait for VK's answer")
    rate: float | None = Field(
        default=None, gt=0, description="Requests a second, instead of VK's 20"
    )

    @property
    def enabled(self) -> bool:
        """Whether there is a token."""
        return bool(self.token.get_secret_value())

    @property
    def agreed_secret(self) -> str:
        """The secret key, or one that is the same after every restart and tells no token."""
        token = self.token.get_secret_value().encode()
        derived = hmac.digest(token, b"vestnik: VK callbacks", "sha256").hex()[:SECRET_LENGTH]
        return self.secret.get_secret_value() or derived

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.enabled and not self.group_id:
            raise ValueError("VK_TOKEN is set, VK_GROUP_ID is not: give the community's number")
        return self
