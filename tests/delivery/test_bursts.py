"""Many reports at once: settled together, in any order, and one that fails fails alone."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from delivery.handling import PAUSES, Handler
from storage.database import Database
from storage.inbox import Event
from storage.tables import broadcasts, deliveries, events
from storage.unit_of_work import UnitOfWork
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import ALL_LIMITS, VK, WHATSAPP, at, route
from tests.delivery.post import body
from tests.delivery.test_receipts import READ, about, on_whatsapp, report
from vestnik.address import SMS
from vestnik.inbound import DeliveryReported, Inbound, Receipt
from vestnik.outbound import Send
from vestnik.outcome import Unreachable

STATES: tuple[Receipt, ...] = ("accepted", "delivered", "read")


async def broadcast_to(ledger: Ledger, people: int) -> Sequence[Send]:
    """A broadcast that so many got on WhatsApp."""
    for _ in range(people):
        person = await ledger.customer(WHATSAPP)
        await ledger.writes(person, WHATSAPP, "привет")
    before = len(ledger.post(WHATSAPP).taken)
    await ledger.broadcast(route(WHATSAPP))
    await ledger.settle()
    return ledger.post(WHATSAPP).taken[before:]


async def all_reports(ledger: Ledger, sends: Sequence[Send]) -> list[DeliveryReported]:
    """Everything that comes back about these, in no order."""
    told = [await about(ledger, state, send) for send in sends for state in STATES]
    random.Random(4).shuffle(told)  # noqa: S311 - any order will do, the same each time
    return told


@contextmanager
def statements(ledger: Ledger) -> Iterator[list[str]]:
    """Those that are executed meanwhile."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = ledger.database.engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


class TestTogether:
    async def test_as_many_statements_for_many_as_for_one(self, ledger: Ledger) -> None:
        counts = []
        for people in (1, 20):
            told = await all_reports(ledger, await broadcast_to(ledger, people))
            await ledger.keeps(WHATSAPP, body(*told))
            await ledger.reader.read_due()
            with statements(ledger) as seen:
                assert await ledger.handler.handle_due() is not None
            counts.append(len(seen))
        assert counts[0] == counts[1]
        assert set(await ledger.ends()) == {("read", None)}
        assert await ledger.broken() == []

    async def test_two_channels_tell_of_one_delivery(self, ledger: Ledger) -> None:
        _, send = await on_whatsapp(ledger, SMS)
        await ledger.pass_time(61)
        [by_sms] = ledger.post(SMS).taken
        for told in (
            await about(ledger, "delivered", send),
            await about(ledger, "delivered", by_sms),
            await about(ledger, "read", send),
        ):
            await ledger.keeps(told.address.channel, body(told))
        await ledger.read_and_handle()
        assert await ledger.ends() == [("read", None)]
        assert await ledger.tries() == [("whatsapp", "read"), ("sms", "delivered")]
        assert await ledger.broken() == []

    async def test_marks_of_several_readers(self, ledger: Ledger) -> None:
        people = [await ledger.customer(VK) for _ in range(3)]
        for _ in range(2):
            await ledger.broadcast(route(READ))
        await ledger.settle()
        sends = {it.address.handle: it for it in ledger.post(VK).taken}
        readers = [sends[handle(person, VK)] for person in people[:2]]
        await ledger.hears(*[await about(ledger, "read", it, and_earlier=True) for it in readers])
        ends = [await ledger.ends(person_id=person) for person in people]
        assert ends == [[("read", None)] * 2, [("read", None)] * 2, [("waiting", None)] * 2]

    async def test_the_later_end_of_what_costs_nothing(self, ledger: Ledger) -> None:
        person, send = await on_whatsapp(ledger)
        async with ledger.database.read() as work:
            ends = [work.now + timedelta(hours=hours) for hours in (72, 24)]
        told = [await about(ledger, "delivered", send, free_until=end) for end in ends]
        await ledger.hears(*told)
        await ledger.hears(await about(ledger, "read", send, free_until=ends[1]))
        async with ledger.database.read() as work:
            [known] = await work.people.addresses(person)
        assert known.free_until == ends[0]


class TestAlone:
    """A report that cannot take effect takes no other along."""

    async def test_the_others_take_effect(self, ledger: Ledger) -> None:
        [broken] = await broadcast_to(ledger, 1)
        async with ledger.database.begin() as work:
            await work.connection.execute(broadcasts.update().values(content={"is": "Telepathy"}))
        sound = (await broadcast_to(ledger, 2))[1:]
        told = [await about(ledger, "delivered", send) for send in (broken, *sound)]
        await ledger.hears(*told)
        assert {state for state, _ in await ledger.ends(broadcast_id=2)} == {"delivered", "waiting"}
        failed = await ledger.rows(events, kind="DeliveryReported", state="new")
        assert [(row["tries"], "Telepathy" in row["error"]) for row in failed] == [(1, True)]
        for pause in PAUSES:
            await ledger.database.shift_clock(pause.total_seconds() + 1)
            await ledger.read_and_handle()
        [dead] = await ledger.rows(events, state="dead")
        assert dead["external_id"] == told[0].event_id


class TestOrder:
    """What a person does and what is reported of them is heard in its order."""

    @pytest.mark.parametrize("first", ["report", "text"])
    async def test_an_address_is_as_the_last_of_both_left_it(
        self, ledger: Ledger, first: str
    ) -> None:
        person, send = await on_whatsapp(ledger, SMS)
        told: list[Inbound] = [
            await about(ledger, "failed", send, cause=Unreachable("blocked")),
            await ledger.text(person, WHATSAPP, "я тут"),
        ]
        await ledger.hears(*(told if first == "report" else reversed(told)))
        async with ledger.database.read() as work:
            [known, _] = await work.people.addresses(person)
        assert (known.address.channel, known.reachable) == (WHATSAPP, first == "report")

    async def test_a_report_waits_for_what_was_said_before(self, ledger: Ledger) -> None:
        person, send = await on_whatsapp(ledger)
        _, other = await on_whatsapp(ledger)
        await ledger.hears(
            await ledger.text(person, WHATSAPP, "broken"),
            await about(ledger, "read", send),
            await about(ledger, "read", other),
        )
        assert [state for state, _ in await ledger.ends(broadcast_id=1)] == ["waiting"]
        reads = await ledger.rows(events, kind="DeliveryReported", state="done")
        assert len(reads) == 1
        for pause in PAUSES:
            await ledger.database.shift_clock(pause.total_seconds() + 1)
            await ledger.read_and_handle()
        assert [state for state, _ in await ledger.ends(broadcast_id=1)] == ["read"]

    async def test_nothing_said_waits_behind_a_report_that_is_settled(self, ledger: Ledger) -> None:
        person, send = await on_whatsapp(ledger)
        unknown = await report(ledger, "read", at(WHATSAPP, handle(person, WHATSAPP)))
        told = [await about(ledger, "delivered", send), unknown]
        await ledger.hears(*told, await ledger.text(person, WHATSAPP, "после"))
        assert ledger.taken == ["привет", "после"]


async def test_workers_share_a_burst(postgresql_url: str) -> None:
    """Several hold reports of the same deliveries at once; no report is lost, none twice."""
    database = Database(postgresql_url)
    ledger = Ledger(database)
    told = await all_reports(ledger, await broadcast_to(ledger, 12))
    await ledger.keeps(WHATSAPP, body(*told))
    await ledger.reader.read_due()

    async def one_by_one(_: UnitOfWork, event: Event) -> int | None:
        raise AssertionError(f"{event} could not be settled together with others")

    async def work() -> None:
        handler = Handler(database, one_by_one, ALL_LIMITS, at_once=4)
        while await handler.handle_due() is not None:
            pass

    await asyncio.gather(*[work() for _ in range(4)])
    assert {row["state"] for row in await ledger.rows(deliveries, kind="broadcast")} == {"read"}
    handled = await ledger.rows(events, kind="DeliveryReported")
    assert {(row["state"], row["tries"]) for row in handled} == {("done", 0)}
    assert await ledger.broken() == []
    await database.aclose()
