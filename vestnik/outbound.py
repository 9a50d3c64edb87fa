"""What is said to people, before any channel has rendered it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vestnik.address import Address
from vestnik.richtext import RichText

MediaKind = Literal["image", "video", "audio", "document", "voice", "sticker", "location", "other"]


@dataclass(frozen=True, slots=True)
class Button:
    """A button whose press comes back to us as its payload."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens an address; no press comes back."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ContactButton:
    """A button that shares one's own phone number, on channels that have such a thing."""

    label: str


AnyButton = Button | LinkButton | ContactButton


@dataclass(frozen=True, slots=True)
class Media:
    """A file to show: its kind and either a link or the channel's own id of it."""

    kind: MediaKind
    url: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A free-form message. A channel lays the buttons out; `reply_to` quotes a message."""

    body: RichText
    buttons: tuple[AnyButton, ...] = ()
    media: Media | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A message approved by the provider beforehand: its name, language and variables in order.

    `payloads` are what its quick-reply buttons bring back, in order; `text` is what it reads
    like, for people's message history.
    """

    name: str
    language: str
    values: tuple[str, ...] = ()
    payloads: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces an earlier message of ours; no delivery of its own."""

    reference: str
    text: Text


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Answers a button's press so that it stops spinning; no delivery of its own."""

    press: str
    notice: str = ""


Message = Text | Template
Outbound = Message | Edit | Acknowledge


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a channel may want to know of the person beside the handle; `phone` is E.164."""

    phone: str | None = None
    language: str | None = None


NOBODY = Recipient()


@dataclass(frozen=True, slots=True)
class Send:
    """What a channel is given to send.

    `handle` is the idempotency handle of the attempt (what the channel can make of it is its
    own affair), `expires_at` the moment after which the message is no longer wanted.
    """

    address: Address
    outbound: Outbound
    handle: str = ""
    expires_at: datetime | None = None
    recipient: Recipient = NOBODY
