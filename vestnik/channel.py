"""What a messenger or an SMS gateway is to the rest of the house."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from vestnik.address import ChannelName
from vestnik.inbound import Inbound
from vestnik.outbound import MediaKind, Send, Text
from vestnik.outcome import SendResult
from vestnik.richtext import STYLES, Style


def _no_objection(_: Text) -> None:
    return None


@dataclass(frozen=True, slots=True)
class FileLimit:
    """Which files of a kind a channel takes: how long, in bytes, and of which MIME types.

    No types: of any.
    """

    most_bytes: int
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can carry; each channel names the platform's page beside its figures.

    `text` is in the units that `measure` gives (UTF-16 units, characters, SMS parts). `buttons`
    counts the buttons of a message: press buttons beyond it become numbered lines when `answers`
    is true, else they are left out. `links` tells whether link buttons exist, `label` is in
    characters, `payload` in UTF-8 bytes. `rate` is messages a second for the account.
    `window_hours`: free-form only so long after the person wrote. `receipts`: what the channel
    reports after acceptance. `on_unknown`: what follows when nobody knows whether a message went
    out.

    `layouts` names the forms that press buttons take, each with its number of buttons, the
    preferred first and the one that takes `buttons` last. `styles` are those that a text can
    have; links are spelled out where they are none. `album` and `cards` count the files (none:
    they are left out) and the cards of one message, `copies` tells whether copy buttons exist.
    `batch` is how many messages one request may carry, `rate` then counts requests. `marks_read`
    tells that a read mark is shown to people. `people_a_day` bounds whom we may write to first,
    within any 24 hours. `files` says which files go up; kinds that it does not name are not known
    to be bounded. `objection` says why the channel cannot say a text that keeps to all of
    this, where it has forms that do not go together; None when it can.
    """

    text: int
    measure: Callable[[str], int]
    buttons: int
    label: int
    payload: int
    rate: float
    page: str
    caption: int | None = None
    links: bool = True
    contact_button: bool = False
    edits: bool = False
    answers: bool = True
    layouts: tuple[tuple[str, int], ...] = ()
    styles: frozenset[Style] = STYLES
    album: int = 1
    cards: int = 0
    copies: bool = False
    batch: int = 1
    marks_read: bool = False
    people_a_day: int | None = None
    window_hours: int | None = None
    templates: bool = False
    receipts: frozenset[Literal["delivered", "read"]] = frozenset()
    on_unknown: Literal["park", "next", "again"] = "park"
    files: Mapping[MediaKind, FileLimit] = field(default_factory=dict, compare=False)
    objection: Callable[[Text], str | None] = field(default=_no_objection, compare=False)


NOTHING = Limits(text=0, measure=len, buttons=0, label=0, payload=0, rate=1.0, links=False, page="")
"""What a channel can carry that was switched off; nothing more is heard of what it was given."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook request; `url` is the address as seen from outside, header names lower case."""

    method: str
    url: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    account: str


@dataclass(frozen=True, slots=True)
class Reply:
    """How to answer a webhook, and the bytes to commit before that (None: nothing to keep)."""

    status: int = 200
    body: str = ""
    content_type: str = "text/plain"
    keep: bytes | None = None


class Forged(Exception):
    """The request does not prove that it comes from the provider; `status` is 401 or 403."""

    def __init__(self, why: str, status: Literal[401, 403] = 403) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that came in by webhook or poll, as committed."""

    account: str
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that cannot be told in our words; it goes to quarantine with its reason."""

    why: str
    item: str = ""


class Channel(Protocol):
    """A way to people. Built by its module's `build(settings)`."""

    @property
    def name(self) -> ChannelName:
        """Its open name, also its settings' prefix."""
        ...

    @property
    def account(self) -> str:
        """Which of our accounts it writes from; "main" unless told."""
        ...

    @property
    def limits(self) -> Limits:
        """What it can carry."""
        ...

    def accept(self, hook: Hook) -> Reply:
        """Verify a webhook and say what to answer. Pure; raises Forged."""
        ...

    def read(self, kept: Kept) -> Sequence[Inbound | Unreadable]:
        """Translate what was kept, item by item. Pure; never raises."""
        ...

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        """Send; one result an item, in order. Never raises for what the provider does."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...
