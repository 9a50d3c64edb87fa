"""The parts of Meta's webhooks that we read; everything else in them may change at will.

Shapes: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

# Courier has met milliseconds where seconds belong; larger numbers are no time at all.
MILLISECONDS_FROM, END_OF_TIME = 10**12, 10**14


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("a NUL, which no database keeps")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("half of a surrogate pair")
    return text


def _cleaned(value: object) -> str:
    """A text that is only shown: what cannot be stored is replaced."""
    text = value if isinstance(value, str) else ""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _moment(value: int) -> int:
    seconds = value // 1000 if value >= MILLISECONDS_FROM else value
    if not 0 <= seconds < END_OF_TIME // 1000:
        raise ValueError("no Unix time")
    return seconds


Words = Annotated[str, AfterValidator(_storable)]
Shown = Annotated[str, BeforeValidator(_cleaned)]
Moment = Annotated[int, AfterValidator(_moment)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class _Timed(_Shape):
    timestamp: Moment

    @property
    def at(self) -> datetime:
        """When it happened, by Meta's clock."""
        return datetime.fromtimestamp(self.timestamp, UTC)


class Profile(_Shape):
    """What a person calls themselves."""

    name: Shown = ""


class Person(_Shape):
    """An entry of `contacts`: `user_id` is the business-scoped id, either id may be missing."""

    profile: Profile = Profile()
    wa_id: Words | None = None
    user_id: Words | None = None


class TextPart(_Shape):
    """What somebody wrote."""

    body: Words


class QuickReply(_Shape):
    """The pressed button of a template."""

    payload: Words | None = None
    text: Words = ""


class Choice(_Shape):
    """The pressed reply button, or the chosen row of a list."""

    id: Words
    title: Shown = ""


class Interactive(_Shape):
    """An answer to buttons, a list or a flow."""

    type: str = ""
    button_reply: Choice | None = None
    list_reply: Choice | None = None


class File(_Shape):
    """Something other than text."""

    id: Words | None = None
    caption: Words = ""
    voice: bool = False


class Phone(_Shape):
    """A number on a card; `wa_id` is the same in digits, when it is on WhatsApp."""

    phone: Words = ""
    wa_id: Words | None = None


class Card(_Shape):
    """A shared contact; `origin` is "contact_request" when our button asked for it."""

    origin: str = ""
    phones: list[Phone] = []


class Context(_Shape):
    """The message that this one answers."""

    id: Words | None = None


class Message(_Timed):
    """An item of `messages`."""

    id: Words = Field(min_length=1)
    type: str = ""
    sender: Words | None = Field(default=None, alias="from")
    from_user_id: Words | None = None
    group_id: str | None = None
    context: Context | None = None
    text: TextPart | None = None
    button: QuickReply | None = None
    interactive: Interactive | None = None
    contacts: list[Card] = []
    image: File | None = None
    video: File | None = None
    audio: File | None = None
    voice: File | None = None
    document: File | None = None
    sticker: File | None = None


class Status(_Timed):
    """An item of `statuses`; a failed one names its recipient by number only, or not at all."""

    id: Words = Field(min_length=1)
    status: str
    recipient_id: Words | None = None
    recipient_user_id: Words | None = None
    recipient_type: str = "individual"
    biz_opaque_callback_data: Words | None = None
    errors: list[Any] = []


class Preference(_Timed):
    """An item of `user_preferences`: whether the person wants our advertising."""

    wa_id: Words | None = None
    user_id: Words | None = None
    category: str
    value: str
