"""What happened on a channel, told in our own words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vestnik.address import Address
from vestnik.outbound import MediaKind
from vestnik.outcome import Cause

Receipt = Literal["accepted", "delivered", "read", "failed"]


@dataclass(frozen=True, slots=True)
class Author:
    """Who did it, as far as the provider tells.

    `user_id` is the provider's numeric id (staff are known by it), `phone` is E.164 and given
    only where the provider vouches that it is this person's own, `language` a BCP 47 tag.
    """

    user_id: str
    name: str = ""
    language: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What every event has.

    `event_id` is unique within (channel, account). `address` is where an answer goes: the
    person's own address, or the group's when `in_group`. `reference` is the provider's id of
    the message, `reply_to` that of the message it quotes, `at` the provider's time. `shows` is
    what the person's app can show, in the channel's own terms, where it tells. `source` is what
    brought the person here (VK's ref_source, an advertisement), where the provider knows.
    """

    event_id: str
    address: Address
    author: Author
    at: datetime
    in_group: bool = False
    reference: str | None = None
    reply_to: str | None = None
    shows: frozenset[str] | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Happened):
    """Somebody opened the dialog; `payload` is what the deep link carried."""

    payload: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived(Happened):
    """Somebody wrote."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed(Happened):
    """Somebody pressed a button of ours; `press` is what an Acknowledge answers, if anything."""

    payload: str
    press: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactShared(Happened):
    """Somebody sent a phone number; `own` only if the provider proves that it is theirs."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReceived(Happened):
    """Somebody sent something other than text.

    `withheld`: the provider does not show us what it was, nor say that it opens a window.
    """

    kind: MediaKind
    media_id: str | None = None
    caption: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Happened):
    """Somebody changed an earlier message of theirs, `reference`; `text` is what it says now."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted(Happened):
    """Somebody put an emoji to a message (`reference`), or took it away (empty)."""

    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredElsewhere(Happened):
    """A colleague (`author`) answered the person at `address` in the provider's own app.

    `handle` is the idempotency handle that the message bears, where the provider tells: a message
    of ours bears one of ours.
    """

    text: str
    handle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Happened):
    """The person or group at `address` has the handle `to` from now on."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChanged(Happened):
    """The provider changed its mind on a template of ours; it names no person.

    `status` and `category` are what they are now, in the provider's words, where it tells.
    """

    name: str
    language: str
    status: str | None = None
    category: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged(Happened):
    """The provider tells of our account; it names no person. `stops` is what it cannot send."""

    what: str
    stops: Literal["everything", "broadcasts"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Happened):
    """The person told the provider to stop our advertising."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed(Happened):
    """The person let us write (again)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Happened):
    """The person blocked us or denied messages; it closes this address only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReported(Happened):
    """The provider tells what became of a message of ours.

    Found by `reference` or by the idempotency `handle` it echoes. With `and_earlier` all
    earlier messages to the address are meant too (VK's read state). `cause` says why it failed.
    `free_until` is the end of a stretch in which messages to the person cost nothing.
    """

    state: Receipt
    handle: str | None = None
    and_earlier: bool = False
    cause: Cause | None = None
    cost: str | None = None
    free_until: datetime | None = None


Inbound = (
    Started
    | TextReceived
    | ButtonPressed
    | ContactShared
    | MediaReceived
    | Edited
    | Reacted
    | AnsweredElsewhere
    | Moved
    | TemplateChanged
    | AccountChanged
    | Stopped
    | Allowed
    | Closed
    | DeliveryReported
)

# Events by which a person writes to us: they prove that the address is live and open a window
# (but for what the provider withholds).
Personal = Started | TextReceived | ButtonPressed | ContactShared | MediaReceived
