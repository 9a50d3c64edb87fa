"""An office for stories: a real ledger, a desk, colleagues who type and press, and a post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from broadcast.audits import Audits
from broadcast.desk import Desk
from broadcast.progress import Progress
from delivery.pace import LocalPace
from delivery.planning import Planner
from delivery.sending import Sender
from dialogs.shelf import Shelf
from storage.database import Database
from storage.inbox import Event
from storage.reports import Report
from storage.tables import audit_log, broadcasts, deliveries
from storage.unit_of_work import UnitOfWork
from tests.broadcast.post import ADMIN_CHAT, COFFEE, LANGUAGES, LIMITS, ROUTE, STAFF, TELEGRAM, Post
from vestnik.address import SMS, Address, ChannelName, Lane
from vestnik.channel import Channel
from vestnik.consent import MESSENGERS, ConsentEntry
from vestnik.inbound import Author, ButtonPressed, MediaReceived, Personal, TextReceived
from vestnik.outbound import Button, Edit, MediaKind, Message, Send, Text
from vestnik.record import decode


@dataclass
class Office:
    """The ledger, the desk and the post; `edits` are those that went to staff, newest last."""

    database: Database
    admin_chat: Address | None = ADMIN_CHAT
    template: str = "news"
    edits: list[Send] = field(default_factory=list)
    _last_id: int = 0

    def __post_init__(self) -> None:
        self.post = {lane: Post(lane) for lane in LIMITS}
        channels: Mapping[Lane, Channel] = self.post
        self.desk = Desk(
            languages=LANGUAGES,
            shelf=Shelf(COFFEE),
            limits=LIMITS,
            staff=STAFF,
            admin_chat=self.admin_chat,
            route=ROUTE,
            template=self.template,
        )
        self.planner = Planner(self.database, LIMITS)
        self.sender = Sender(self.database, channels, LocalPace(), "office")
        self.audits = Audits(self.database, LANGUAGES, LIMITS)
        self.progress = Progress(self.database, LANGUAGES, LIMITS, self.admin_chat)
        self.database.on_commit = self._committed

    def colleague(self, number: str, name: str, chat: Address | None = ADMIN_CHAT) -> "Colleague":
        """Somebody in the admin chat, or in private where there is no chat."""
        return Colleague(self, number, name, chat)

    async def customer(
        self,
        name: str,
        channel: ChannelName = TELEGRAM,
        *,
        city: str = "Москва",
        likes: Sequence[str] = ("Кофе",),
        agrees: bool = True,
        phone: str | None = None,
        wrote_hours_ago: float = 1,
        closed: str | None = None,
    ) -> int:
        """Somebody who walked the scenario; gives the person's id."""
        async with self.database.begin() as work:
            person = await work.people.add_person(name, "ru")
            handle = str(1000 + person)
            known = await work.people.add_address(person, Address(channel, "main", handle))
            at = work.now - timedelta(hours=wrote_hours_ago)
            hours = LIMITS[known.address.lane].window_hours
            await work.people.heard(known, at=at, received_at=at, hours=hours)
            if phone:
                await work.people.confirm_phone(person, phone)
            if closed:
                await work.people.close(known.id, closed)
            await work.people.answer(person, "city", [city])
            await work.people.answer(person, "interests", likes)
            if agrees:
                await work.consents.record(_agreed(person, work.now))
        return person

    async def opts_out(self, person: int) -> None:
        async with self.database.begin() as work:
            await work.consents.withdraw(person, "advertising", actor="test", evidence=None)

    async def hears(self, event: Event, inbound: Personal) -> bool:
        async with self.database.begin() as work:
            heard = await self.desk.hear(work, event, inbound)
        await self.audits.tell()
        return heard

    async def works(self) -> None:
        """Everything that is due is routed and sent."""
        for _ in range(3):
            await self.planner.route_due()
            for lane in LIMITS:
                await self.sends(lane)

    async def sends(self, lane: Lane) -> None:
        """What has a place on the lane goes out."""
        while await self.sender.send_due(lane) is not None or await self.sender.landed():
            pass

    async def tells(self) -> float | None:
        """The progress chore runs, and what it posts is sent."""
        left = await self.progress.tell()
        await self.works()
        return left

    async def report(self, number: int) -> Report:
        async with self.database.read() as work:
            return await work.reports.of(number)

    async def states(self) -> dict[int, str]:
        async with self.database.read() as work:
            found = sa.select(broadcasts.c.id, broadcasts.c.state).order_by(broadcasts.c.id)
            return {row[0]: row[1] for row in await work.connection.execute(found)}

    async def log(self) -> list[tuple[str, str, str]]:
        """The staff log: who did what to what."""
        columns = (audit_log.c.actor, audit_log.c.action, audit_log.c.subject)
        async with self.database.read() as work:
            rows = await work.connection.execute(sa.select(*columns).order_by(audit_log.c.id))
            return [(row[0], row[1], row[2]) for row in rows]

    async def said_to(self, chat: Address, after: int = 0) -> list[tuple[int, Text]]:
        """The messages to a staff chat, the oldest first."""
        found = (
            sa.select(deliveries.c.id, deliveries.c.content)
            .where(
                deliveries.c.kind == "staff",
                deliveries.c.channel == chat.channel,
                deliveries.c.handle == chat.handle,
                deliveries.c.id > after,
            )
            .order_by(deliveries.c.id)
        )
        async with self.database.read() as work:
            rows = await work.connection.execute(found)
            return [(row[0], text_of(row[1])) for row in rows]

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    async def _committed(self, work: UnitOfWork) -> None:
        self.edits += [it for it in work.courtesies if isinstance(it.outbound, Edit)]


@dataclass
class Colleague:
    """Somebody with a phone, in the admin chat or in private."""

    office: Office
    number: str
    name: str
    chat: Address | None
    channel: ChannelName = TELEGRAM
    language: str | None = None
    last: list[Text] = field(default_factory=list)
    heard: bool = False
    _seen: int = 0

    @property
    def place(self) -> Address:
        return self.chat or Address(self.channel, "main", self.number)

    async def says(self, text: str) -> "Colleague":
        return await self._happens(self.writes(text)[1])

    async def sends(self, kind: MediaKind, caption: str) -> "Colleague":
        """Send a file with a caption."""
        everything = self._everything()
        sent = MediaReceived(**everything, kind=kind, media_id="photo-1", caption=caption)  # type: ignore[arg-type]
        return await self._happens(sent)

    async def presses(self, label: str) -> "Colleague":
        """Press the newest button in the chat that reads like this."""
        return await self.presses_payload(await self.payload_of(label))

    async def presses_payload(self, payload: str) -> "Colleague":
        pressed = ButtonPressed(**self._everything(), payload=payload, press="p")  # type: ignore[arg-type]
        return await self._happens(pressed)

    async def payload_of(self, label: str) -> str:
        said = [text for _, text in await self.office.said_to(self.place)]
        edited = [
            it.outbound.text
            for it in self.office.edits
            if isinstance(it.outbound, Edit) and it.address == self.place
        ]
        for text in reversed([*said, *edited]):
            for button in text.buttons:
                if isinstance(button, Button) and label in button.label:
                    return button.payload
        raise AssertionError(f"no button {label!r} in {said[-1:]}")

    def sees(self, *words: str) -> "Colleague":
        """What came of the last act reads like this, in this order, buttons included."""
        at = 0
        for word in words:
            at = self.screen.find(word, at)
            assert at >= 0, f"{word!r} is not in\n{self.screen}"
        return self

    def sees_no(self, *words: str) -> "Colleague":
        for word in words:
            assert word not in self.screen, f"{word!r} is in\n{self.screen}"
        return self

    @property
    def screen(self) -> str:
        return "\n".join(drawn(text) for text in self.last)

    async def looks(self) -> "Colleague":
        """Read what has come to the chat since."""
        fresh = await self.office.said_to(self.place, after=self._seen)
        self.last = [text for _, text in fresh]
        self._seen = max([self._seen, *(number for number, _ in fresh)])
        return self

    def writes(self, text: str) -> tuple[Event, TextReceived]:
        """What would come in."""
        inbound = TextReceived(**self._everything(), text=text)  # type: ignore[arg-type]
        return self._event(inbound), inbound

    def _event(self, inbound: Personal) -> Event:
        return Event(self.office.next_id(), self.place.lane, inbound, datetime.now(UTC), 0)

    async def _happens(self, inbound: Personal) -> "Colleague":
        await self.looks()
        edits, event = len(self.office.edits), self._event(inbound)
        self.heard = await self.office.hears(event, inbound)
        await self.looks()
        for it in self.office.edits[edits:]:
            if isinstance(it.outbound, Edit):
                self.last.append(it.outbound.text)
        return self

    def _everything(self) -> dict[str, object]:
        return {
            "event_id": str(self.office.next_id()),
            "address": self.place,
            "author": Author(self.number, name=self.name, language=self.language),
            "at": datetime.now(UTC),
            "in_group": self.chat is not None,
            "reference": "55",
        }


def text_of(content: object) -> Text:
    said: Message = decode(Message, content)
    assert isinstance(said, Text)
    return said


def drawn(text: Text) -> str:
    labels = [f"[{it.label}]" for it in text.buttons if isinstance(it, Button)]
    return "\n".join([text.body.text, *labels])


def _agreed(person: int, at: datetime) -> ConsentEntry:
    return ConsentEntry(
        person_id=person,
        purpose="advertising",
        action="grant",
        at=at,
        actor="test",
        channels=(MESSENGERS, SMS),
        text_version="1",
        text_hash="0" * 64,
    )
