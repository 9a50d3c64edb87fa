"""A whole delivery over a real database: what happens, what is sent, and what the audit says."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import sqlalchemy as sa

from broadcast.campaign import Plan, draft, start
from delivery.handling import Handler
from delivery.hints import lane_of
from delivery.outbox import say
from delivery.pace import LocalPace
from delivery.planning import Planner
from delivery.reading import Reader
from delivery.reporting import take_reports
from delivery.sending import Sender
from storage.database import Database
from storage.inbox import Event
from storage.invariants import Invariants
from storage.tables import attempts, deliveries
from storage.unit_of_work import UnitOfWork
from tests.delivery.making import ALL_LIMITS
from tests.delivery.post import Post, body
from vestnik.address import SMS, Address, ChannelName, Lane
from vestnik.consent import MESSENGERS, ConsentEntry
from vestnik.inbound import Author, DeliveryReported, Inbound, TextReceived
from vestnik.outbound import File, Media, Template, Text
from vestnik.richtext import RichText
from vestnik.route import Route
from vestnik.segment import EVERYONE

NUMBERS = count(1)


class Broken(Exception):
    """What an event does that cannot take effect."""


class Ledger:
    """Posts, and the chores of one worker, run by hand until nothing is left to do."""

    def __init__(
        self, database: Database, worker: str = "one", *, off: tuple[ChannelName, ...] = ()
    ) -> None:
        self.database = database
        limits = {lane: it for lane, it in ALL_LIMITS.items() if lane.channel not in off}
        self.posts = {lane: Post(lane, it) for lane, it in limits.items()}
        self.planner = Planner(database, limits)
        self.sender = Sender(database, self.posts, LocalPace(), worker)
        self.reader = Reader(database, self.posts)
        self.handler = Handler(database, self._take, ALL_LIMITS)
        self.taken: list[str] = []

    def post(self, channel: ChannelName) -> Post:
        return self.posts[Lane(channel, "main")]

    async def customer(
        self, *channels: ChannelName, covers: tuple[ChannelName, ...] = (MESSENGERS, SMS)
    ) -> int:
        """Somebody who agreed to advertising, reachable on these channels; writes nothing yet."""
        async with self.database.begin() as work:
            person_id = await work.people.add_person("Анна", "ru")
            for channel in channels:
                address = Address(channel, "main", handle(person_id, channel))
                await work.people.add_address(person_id, address)
            if covers:
                entry = ConsentEntry(
                    person_id=person_id,
                    purpose="advertising",
                    action="grant",
                    at=work.now,
                    actor="customer",
                    channels=covers,
                )
                await work.consents.record(entry)
        return person_id

    async def broadcast(
        self,
        route: Route,
        *,
        text: str | Text = "Новости",
        template: Template | None = None,
        topic: str | None = None,
    ) -> int:
        """Start a broadcast to everybody."""
        templates: Mapping[str, Template] = {"whatsapp": template} if template else {}
        said = text if isinstance(text, Text) else Text(RichText(text))
        plan = Plan(segment=EVERYONE, content=said, route=route, templates=templates, topic=topic)
        async with self.database.begin() as work:
            broadcast_id = await draft(work, plan, "telegram:1")
            assert await start(work, broadcast_id, "telegram:1") == "started"
        return broadcast_id

    async def chooses(self, person_id: int, **chosen: Any) -> None:
        """Somebody changes their preferences."""
        async with self.database.begin() as work:
            before = await work.choices.of(person_id)
            await work.choices.choose(person_id, replace(before, **chosen))

    async def shown(self, text: str = "Новости") -> Text:
        """A text with a picture: claims of such messages go beyond their transaction."""
        async with self.database.begin() as work:
            key = await work.files.keep(File("menu.jpg", "image/jpeg", b"menu"))
        return Text(RichText(text), media=(Media("image", file=key),))

    async def writes(self, person_id: int, channel: ChannelName, *texts: str) -> None:
        """Somebody writes, and it takes effect."""
        await self.hears(*[await self.text(person_id, channel, text) for text in texts])

    async def text(self, person_id: int, channel: ChannelName, text: str) -> TextReceived:
        """Something that somebody writes now."""
        async with self.database.read() as work:
            return TextReceived(
                event_id=f"e{next(NUMBERS)}",
                address=Address(channel, "main", handle(person_id, channel)),
                author=Author(str(person_id)),
                at=work.now,
                text=text,
            )

    async def hears(self, *happened: Inbound) -> None:
        """Bytes come in on a lane, are kept, read and take effect."""
        await self.keeps(happened[0].address.channel, body(*happened))
        await self.read_and_handle()

    async def keeps(self, channel: ChannelName, raw: bytes) -> None:
        """Bytes come in and are kept."""
        async with self.database.begin() as work:
            await work.inbox.keep(Lane(channel, "main"), [raw])

    async def read_and_handle(self) -> None:
        """Read what was kept, and let it take effect as far as it is due."""
        while await self.reader.read_due() is not None:
            pass
        while await self.handler.handle_due() is not None:
            pass

    async def send(self, channel: ChannelName) -> bool:
        """Send what is due on one channel; whether there was anything."""
        some = False
        while (
            await self.sender.send_due(Lane(channel, "main")) is not None
            or await self.sender.landed()
        ):
            some = True
        return some

    async def settle(self) -> None:
        """Run every chore until nothing is due now."""
        await self.planner.sweep()
        moved = True
        while moved:
            moved = await self.planner.route_due() is not None
            for hint in await self.planner.due():
                if lane := lane_of(hint):
                    moved |= await self.send(lane.channel)
            moved |= await self.planner.end_waits() is not None

    async def pass_time(self, seconds: float) -> None:
        """Later, everything that is due then has been done."""
        await self.database.shift_clock(seconds)
        await self.settle()

    async def rows(self, table: sa.Table, **where: Any) -> list[dict[str, Any]]:
        """Rows of a table, by id."""
        found = sa.select(table).order_by(table.c.id)
        for name, value in where.items():
            found = found.where(table.c[name] == value)
        async with self.database.read() as work:
            return [dict(row) for row in (await work.connection.execute(found)).mappings()]

    async def ends(self, **where: Any) -> list[tuple[str, str | None]]:
        """State and reason of deliveries, by id."""
        return [(row["state"], row["reason"]) for row in await self.rows(deliveries, **where)]

    async def tries(self, **where: Any) -> list[tuple[str, str]]:
        """Channel and state of attempts, by id."""
        return [(row["channel"], row["state"]) for row in await self.rows(attempts, **where)]

    async def broken(self) -> list[str]:
        """What the audit finds broken."""
        async with self.database.read() as work:
            found = await Invariants.of(work.connection, work.now, ALL_LIMITS).check()
        return [f"{it.guarantee}: {it.what} {it.examples}" for it in found if it.broken]

    async def _take(self, work: UnitOfWork, event: Event) -> int | None:
        inbound = event.inbound
        if isinstance(inbound, DeliveryReported):
            await take_reports(work, [(event.lane, inbound)], ALL_LIMITS)
            return None
        assert isinstance(inbound, TextReceived)
        known = await work.people.meet(inbound.address, inbound.author)
        limits = ALL_LIMITS[event.lane]
        await work.people.heard(
            known, at=inbound.at, received_at=event.received_at, hours=limits.window_hours
        )
        match inbound.text.split():
            case ["stop"]:
                await work.consents.withdraw(
                    known.person_id, "advertising", actor="customer", evidence=event.id
                )
            case ["person"]:
                conversation = await work.conversations.of(known.id)
                assert await work.conversations.hold(conversation, "telegram:9")
            case ["broken", *_]:
                raise Broken(inbound.text)
            case ["say", *answers]:
                version = (await work.conversations.of(known.id)).version
                texts = [Text(RichText(answer)) for answer in answers]
                ground = {"event": event.id}
                await say(work, known, texts, limits, kind="reply", ground=ground, version=version)
            case _:
                pass
        self.taken.append(inbound.text)
        return known.person_id


def handle(person_id: int, channel: ChannelName) -> str:
    """The made-up handle of a person on a channel."""
    return f"+7999000{person_id:04}" if channel == SMS else f"{channel}-{person_id}"
