"""What WhatsApp can carry, and what a business number needs to be told."""

from collections.abc import Mapping, Sequence

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from vestnik.address import ChannelName
from vestnik.channel import FileLimit, Limits
from vestnik.outbound import MediaKind
from vestnik.richtext import STYLES

NAME = ChannelName("whatsapp")

# Pages below https://developers.facebook.com/documentation/business-messaging/whatsapp/
# business-phone-numbers/media: what is longer or of another type is not taken up, so it does not
# go up.
_OFFICE = "application/vnd.openxmlformats-officedocument."
_DOCUMENTS = frozenset(
    {
        "text/plain",
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        f"{_OFFICE}wordprocessingml.document",
        f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}presentationml.presentation",
    }
)
_FILES: Mapping[MediaKind, FileLimit] = {
    "image": FileLimit(5 * 2**20, frozenset({"image/jpeg", "image/png"})),
    "video": FileLimit(16 * 2**20, frozenset({"video/mp4", "video/3gpp"})),
    "audio": FileLimit(16 * 2**20),
    "voice": FileLimit(16 * 2**20),
    "document": FileLimit(100 * 2**20, _DOCUMENTS),
    "sticker": FileLimit(500 * 2**10),
}

LIMITS = Limits(
    text=4096,  # messages/text-messages; a list's body takes as much
    measure=len,  # code points: Meta says "characters" and no more
    caption=1024,  # unverified; also the body of a message with reply buttons
    buttons=10,  # messages/interactive-list-messages: rows in all
    label=24,  # a row's title; three reply buttons of up to 20 characters look better, see render
    payload=200,  # a row's id
    links=True,
    contact_button=True,
    rate=70.0,  # messaging-limits: 80 a second, in and out together
    styles=STYLES - {"link"},  # faq.whatsapp.com/539178204879377
    layouts=(("reply buttons", 3), ("list", 10)),
    marks_read=True,  # typing-indicators
    window_hours=24,  # messages/send-messages
    templates=True,
    receipts=frozenset({"delivered", "read"}),
    files=_FILES,
    on_unknown="next",  # the attempt's handle comes back in every status
    page="https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages",
)


class Settings(BaseSettings):
    """One business number and the app that speaks for it; off without a token."""

    model_config = SettingsConfigDict(
        env_prefix="WHATSAPP_",
        env_file=None,
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    token: SecretStr = Field(
        default=SecretStr(""), description="Access token of a system user; empty: no WhatsApp"
    )
    phone_id: str = Field(
        default="", pattern=r"^[0-9]*$", description="Id of the business number (not the number)"
    )
    waba_id: str = Field(
        default="",
        pattern=r"^[0-9]*$",
        description="Id of the WhatsApp Business Account: templates and the webhook hang on it",
    )
    app_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The app's secret, which signs webhooks; while it changes: the new,the old",
    )
    verify_token: SecretStr = Field(
        default=SecretStr(""), description="Any words of yours, which Meta repeats to our webhook"
    )
    api_url: str = Field(
        default="https://graph.facebook.com", description="Base address of the Graph API"
    )
    api_version: str = Field(default="v26.0", description="Version of the Graph API")
    rate: float | None = Field(
        default=None, gt=0, description=f"Messages a second; empty: {LIMITS.rate:g}"
    )
    people_a_day: int | None = Field(
        default=None,
        gt=0,
        description="People to write to first within 24 hours; empty: as many as Meta allows",
    )
    proxy: SecretStr = Field(
        default=SecretStr(""),
        description="HTTP proxy to reach Meta through (http://user:password@host:port)",
    )
    timeout: float = Field(default=20.0, gt=0, description="Seconds to wait for Meta's answer")

    @property
    def app_secrets(self) -> Sequence[bytes]:
        """The secrets that a webhook may be signed with."""
        told = self.app_secret.get_secret_value().split(",")
        return [secret.strip().encode() for secret in told if secret.strip()]

    @property
    def enabled(self) -> bool:
        """Whether there is a number to write from."""
        return bool(self.token.get_secret_value() and self.phone_id)
