"""What came of a send: a closed union of values, never exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Upload:
    """A file at the provider: the id to send it by, and until when that id is good."""

    id: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took it. `reference` is the provider's id; cost in the account's currency.

    `uploads` are the files that came along (Send.files), as the provider now knows them.
    """

    reference: str
    segments: int | None = None
    cost: str | None = None
    uploads: Mapping[str, Upload] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Throttled:
    """Too fast; nothing was sent. Wait `retry_after` seconds: the whole lane or this address."""

    retry_after: float
    scope: Literal["lane", "address"] = "lane"


@dataclass(frozen=True, slots=True)
class Temporary:
    """Refused before acceptance for a reason that passes; the same message may be tried again."""

    code: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Nobody knows: the request was written and no readable answer came."""

    code: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """This address cannot be written to until the person writes again (or not at all)."""

    why: Literal["blocked", "no_account", "not_allowed", "opted_out"]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """Not this message to this person now; the address stays open, another channel may do."""

    code: str


@dataclass(frozen=True, slots=True)
class WindowClosed:
    """Free-form messages are refused: the person wrote too long ago."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The message itself is wrong, and would be for everybody."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ChannelDown:
    """The sender's account cannot send: token revoked, no funds, restricted, misconfigured.

    `bulk`: only broadcasts are held back, answers are still taken.
    """

    why: str
    bulk: bool = False


# What a provider may report as the reason of a refusal that comes after its acceptance.
Cause = Throttled | Temporary | Unreachable | Declined | WindowClosed | Rejected | ChannelDown

SendResult = Sent | Ambiguous | Cause
