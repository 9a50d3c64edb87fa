"""What a messenger or an SMS gateway is to the rest of the house."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from vestnik.address import ChannelName
from vestnik.inbound import Inbound
from vestnik.outbound import Send
from vestnik.outcome import SendResult


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
    batch: int = 1
    window_hours: int | None = None
    templates: bool = False
    receipts: frozenset[Literal["delivered", "read"]] = frozenset()
    on_unknown: Literal["park", "next", "again"] = "park"


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


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll brought: bodies as a webhook would have brought them, and the next cursor."""

    bodies: Sequence[bytes]
    cursor: str | None


@runtime_checkable
class Polling(Protocol):
    """A channel that can also fetch; used where webhooks cannot reach us."""

    @property
    def polls(self) -> bool:
        """Whether the settings ask for polling."""
        ...

    async def poll(self, cursor: str | None) -> Polled:
        """Wait for news after the cursor; raises PollFailed. The cursor is kept with the bodies."""
        ...


class PollFailed(Exception):
    """A poll did not work; try again after `wait` seconds."""

    def __init__(self, why: str, wait: float = 5.0) -> None:
        super().__init__(why)
        self.wait = wait


@runtime_checkable
class Setup(Protocol):
    """A channel that registers its own webhook, commands and settings with the provider."""

    async def setup(self, public_url: str) -> None:
        """Point the provider at `{public_url}/webhooks/{name}/{account}`; raises SetupFailed."""
        ...


class SetupFailed(Exception):
    """The provider refused; the text says what to do."""


@runtime_checkable
class Probe(Protocol):
    """A channel that can say whether its credentials work."""

    async def probe(self) -> str:
        """Who we are there, in words ("@coffee_bot"); raises SetupFailed."""
        ...


@runtime_checkable
class Templates(Protocol):
    """A channel that needs approved templates outside its window."""

    async def templates(self) -> Sequence["TemplateInfo"]:
        """The templates of the account; raises SetupFailed."""
        ...


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """An approved text at the provider: `body` has its placeholders, `variables` counts them."""

    name: str
    language: str
    category: str
    status: str
    body: str
    variables: int
    quick_replies: tuple[str, ...] = field(default_factory=tuple)
