"""What is said to people, before any channel has rendered it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from vestnik.address import Address
from vestnik.richtext import RichText

MediaKind = Literal["image", "video", "audio", "document", "voice", "sticker", "location", "other"]


ButtonStyle = Literal["primary", "positive", "negative"]


@dataclass(frozen=True, slots=True)
class Button:
    """A button whose press comes back to us as its payload; its colour where channels have any."""

    label: str
    payload: str
    style: ButtonStyle | None = None


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens an address; no press comes back."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ContactButton:
    """A button that shares one's own phone number, on channels that have such a thing."""

    label: str


@dataclass(frozen=True, slots=True)
class CopyButton:
    """A button that copies a text (a promo code); no press comes back."""

    label: str
    text: str


AnyButton = Button | LinkButton | ContactButton | CopyButton


@dataclass(frozen=True, slots=True)
class Media:
    """A file to show: its kind and a link, the channel's own id of it, or its key in our store.

    A file of ours that the channel does not know yet comes along in `Send.files`, by its key.
    """

    kind: MediaKind
    url: str | None = None
    id: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One of several things shown side by side (a carousel), each with buttons of its own."""

    title: str
    text: str = ""
    media: Media | None = None
    buttons: tuple[Button | LinkButton, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A free-form message. A channel lays the buttons out; `reply_to` quotes a message.

    Several `media` are an album. `replaces` names a message of ours in whose place it may stand,
    where the channel edits messages; where it cannot, it is said anew.
    """

    body: RichText
    buttons: tuple[AnyButton, ...] = ()
    media: tuple[Media, ...] = ()
    cards: tuple[Card, ...] = ()
    reply_to: str | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A message approved by the provider beforehand: its name, language and variables in order.

    `names` are those of the variables, where the template names them instead of numbering them.
    `payloads` are what its quick-reply buttons bring back, in order; `text` is what it reads
    like, for people's message history.
    """

    name: str
    language: str
    values: tuple[str, ...] = ()
    payloads: tuple[str, ...] = ()
    text: str = ""
    names: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Seen:
    """Shows somebody that their message was read and, with `typing`, that an answer comes."""

    reference: str
    typing: bool = True


Message = Text | Template
Outbound = Message | Edit | Acknowledge | Seen


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a channel may want to know of the person beside the handle; `phone` is E.164.

    `shows` is what the person's app can show, in the channel's own terms; None: nobody knows.
    """

    phone: str | None = None
    language: str | None = None
    shows: frozenset[str] | None = None


NOBODY = Recipient()


@dataclass(frozen=True, slots=True)
class File:
    """A file's content, its name and its MIME type."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Send:
    """What a channel is given to send.

    `handle` is the idempotency handle of the attempt (what the channel can make of it is its
    own affair); with `again` an earlier try had it already, so it must stay. `expires_at` is the
    moment after which the message is no longer wanted. `bulk` is true for a part of a broadcast.
    `files` are those of the message that the channel has no id of yet, by Media.file: it uploads
    them, and tells the ids in Sent.uploads.
    """

    address: Address
    outbound: Outbound
    handle: str = ""
    expires_at: datetime | None = None
    recipient: Recipient = NOBODY
    bulk: bool = False
    files: Mapping[str, File] = field(default_factory=dict)
    again: bool = False
