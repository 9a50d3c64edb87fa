"""What some channels can do beside taking in and sending: each ability is a protocol of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from vestnik.address import Address
from vestnik.inbound import DeliveryReported
from vestnik.outbound import File, Send

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


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


USABLE = frozenset({"APPROVED", "FLAGGED", "REINSTATED", "UNARCHIVED"})
"""Statuses of a template by which messages can be sent, in Meta's words (whatsapp: templates)."""


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """An approved text at the provider: `body` has its placeholders, `variables` counts them.

    `names` are those of named placeholders, in the body's order; empty where they are numbered.
    """

    name: str
    language: str
    category: str
    status: str
    body: str
    variables: int
    quick_replies: tuple[str, ...] = field(default_factory=tuple)
    names: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether messages can be sent by it now."""
        return self.status in USABLE


@runtime_checkable
class Packing(Protocol):
    """A channel whose requests carry several messages."""

    def pack(self, batch: Sequence[Send]) -> Sequence["Pack"]:
        """The requests that the batch takes. Pure; every place is in one of them."""
        ...


@dataclass(frozen=True, slots=True)
class Pack:
    """One request: the places of its items in the batch.

    `one_handle`: the request as a whole is known by one idempotency handle, that of its first
    item, which its other items have to be given before the call.
    """

    places: tuple[int, ...]
    one_handle: bool = False


@runtime_checkable
class Files(Protocol):
    """A channel from which files that people sent can be fetched."""

    async def fetch(self, media_id: str) -> File:
        """The file by its id; raises FileMissing."""
        ...


class FileMissing(Exception):
    """The provider does not give the file; the text says why."""


@runtime_checkable
class ReadMarks(Protocol):
    """A channel that can be asked how far people have read, beside what it reports by itself."""

    async def read_marks(self, addresses: Sequence[Address]) -> Sequence[DeliveryReported]:
        """How far each has read, as far as it can be told now; never raises."""
        ...


@runtime_checkable
class Naming(Protocol):
    """A channel whose events do not name people, and that can be asked."""

    async def names(self, handles: Sequence[str]) -> Mapping[str, str]:
        """What people are called, by handle, as far as the provider tells; never raises."""
        ...


@runtime_checkable
class Linking(Protocol):
    """A channel whose dialog can be opened by a link that brings a payload along."""

    async def link(self, payload: str) -> str:
        """The address that opens the dialog with the payload; raises SetupFailed, BadPayload."""
        ...


class BadPayload(ValueError):
    """A payload that not every channel carries; the text says which are."""


def carried(payload: str) -> str:
    """The payload of a link, as every channel carries it; raises BadPayload.

    The bounds are Telegram's (core.telegram.org/bots/features#deep-linking), the narrowest.
    """
    if not _PAYLOAD.fullmatch(payload):
        raise BadPayload("a link's payload is 1 to 64 of A-Z a-z 0-9 _ -")
    return payload


@runtime_checkable
class Tiered(Protocol):
    """A channel whose account is allowed more or less as time goes by."""

    async def tier(self) -> "Tier":
        """What the account is allowed now; raises SetupFailed."""
        ...


@dataclass(frozen=True, slots=True)
class Tier:
    """`people_a_day`: whom we may write to first within 24 hours; `rate`: messages a second.

    None where there is no bound, or none is told. `note` says how the account stands, for people.
    """

    people_a_day: int | None = None
    rate: float | None = None
    note: str = ""
