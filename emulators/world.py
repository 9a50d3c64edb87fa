"""The world the platforms share: its people and time, what was accepted, what screens show."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from emulators.accepted import AcceptanceLog, Accepted
from emulators.chaos import Chaos
from emulators.clock import Clock
from emulators.faults import Faults
from emulators.feed import Event, Feed
from emulators.road import Trip, straight
from emulators.screens import Screens

# As much of a text as the ticker has room for, in characters.
TICKER_TEXT = 160


@dataclass(slots=True)
class Human:
    """Somebody with phones: what each platform knows this person by.

    `phone` is E.164 with "+"; the WhatsApp `wa_id` is the same digits without it. `bsuid` is the
    business-scoped id of WhatsApp; with `username_only` WhatsApp shows a business no number, and
    `parent_bsuid` is the second id that firms of several portfolios are shown.
    """

    id: str
    name: str
    phone: str
    telegram: int
    vk: int
    bsuid: str
    username: str | None = None
    username_only: bool = False
    language: str = "ru"
    cast: bool = True
    parent_bsuid: str | None = None

    @property
    def wa_id(self) -> str:
        """The number as WhatsApp writes it."""
        return self.phone.removeprefix("+")


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat shown on the page: the admin chat or the operators' group."""

    platform: str
    chat: str
    title: str
    role: str
    members: tuple[str, ...] = ()


class Refused(ValueError):
    """A gesture that this person cannot make now; the text says why (answered as 400)."""


Gesture = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]


class Platform(Protocol):
    """One emulated platform: its public API, and the gestures of the people who use it."""

    name: str
    gestures: Mapping[str, Gesture]

    def api(self) -> web.Application:
        """The platform's public API; mounted under `/{name}`."""
        ...

    async def start(self) -> None:
        """Begin to deliver webhooks."""
        ...

    async def stop(self) -> None:
        """Stop, dropping what was not delivered yet."""
        ...


@dataclass(slots=True)
class World:
    """Shared by all platforms of one server."""

    accepted: AcceptanceLog = field(default_factory=AcceptanceLog)
    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    feed: Feed = field(default_factory=Feed)
    people: dict[str, Human] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    notice: str = ""
    chaos: Chaos | None = None
    on_clock: Callable[[float], Awaitable[None]] | None = None
    """Told by how many seconds everybody's clock was moved, before the move is answered."""
    screens: Screens = field(init=False)
    _by_handle: dict[tuple[str, str], Human] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.screens = Screens(self.feed)

    @classmethod
    def with_log(cls, path: Path | None, *, remember: int | None = None) -> "World":
        """A world whose acceptance log is also written to a file; see AcceptanceLog."""
        return cls(accepted=AcceptanceLog(path, remember=remember))

    def disturb(self, chaos: Chaos | None) -> None:
        """From now on calls and webhooks meet random faults; with None no more."""
        self.chaos = chaos
        self.faults.chance = chaos.fault if chaos else None

    def road(self, url: str) -> Sequence[Trip]:
        """How a webhook to this address travels now."""
        return self.chaos.road(url) if self.chaos else straight(url)

    def add(self, human: Human) -> Human:
        """Let somebody into the world."""
        self.people[human.id] = human
        for handle in (
            ("telegram", str(human.telegram)),
            ("vk", str(human.vk)),
            ("whatsapp", human.wa_id),
            ("whatsapp", human.bsuid),
            ("whatsapp", human.parent_bsuid or human.bsuid),
            ("sms", human.phone),
        ):
            self._by_handle[handle] = human
        if human.cast:
            self.feed.tell(lambda: {"type": "human", "human": asdict(human)})
        return human

    def who(self, platform: str, handle: str | int) -> Human | None:
        """The person behind a platform's handle, or None: nobody has it."""
        return self._by_handle.get((platform, str(handle)))

    def human(self, told: Mapping[str, Any]) -> Human:
        """The person a gesture speaks of (`{"who": id}`); raises Refused."""
        human = self.people.get(str(told.get("who", "")))
        if human is None:
            raise Refused(f"nobody here is called {told.get('who')!r}; name a person in 'who'")
        return human

    def regroup(self, groups: Sequence[Group]) -> None:
        """From now on these are the groups."""
        self.groups[:] = groups
        self.feed.tell(
            lambda: {"type": "groups", "groups": [asdict(group) for group in self.groups]}
        )

    def accept(self, *, platform: str, to: str, **entry: Any) -> str:
        """Log an accepted message and show it on the ticker; gives its reference."""
        logged = self.accepted.append(at=self.clock.now(), platform=platform, to=to, **entry)
        self.feed.tell(lambda: self._accepted(logged))
        return logged.reference

    def report(self, *, platform: str, reference: str, status: str, to: str, why: str = "") -> None:
        """Note what became of an accepted message, and show it on the ticker."""
        self.accepted.report((platform, to, reference), status, why)
        self.feed.tell(
            lambda: {
                "type": "status",
                "platform": platform,
                "to": to,
                "reference": reference,
                "status": status,
                "why": why,
                "count": self.accepted.count(status),
            }
        )

    def on_ticker(self, entry: Accepted) -> dict[str, Any]:
        """An accepted message, whose it is by name, and what became of it."""
        fate = self.accepted.fate(entry)
        return {**asdict(entry), **asdict(fate), "name": self._named(entry.platform, entry.to)}

    def _named(self, platform: str, chat: str) -> str | None:
        who = self.who(platform, chat)
        if who is not None:
            return who.name
        titles = (it.title for it in self.groups if (it.platform, it.chat) == (platform, chat))
        return next(titles, None)

    def _accepted(self, entry: Accepted) -> Event:
        shown = self.on_ticker(entry)
        shown["text"] = entry.text[:TICKER_TEXT]
        return {"type": "accepted", "count": self.accepted.count(), **shown}
