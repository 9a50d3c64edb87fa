"""From bytes to effects: each event once, in its order, and nothing odd holds up the others."""

import asyncio

import pytest

from delivery.handling import PAUSES
from storage.database import Database
from storage.inbox import Reading
from storage.tables import deliveries, events, inbox, quarantine
from tests.delivery.ledger import Ledger
from tests.delivery.making import TELEGRAM, VK
from tests.delivery.post import body
from vestnik.record import encode


class TestOnce:
    async def test_a_webhook_that_is_repeated(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        told = await ledger.text(person, TELEGRAM, "say привет")
        for _ in range(5):
            await ledger.keeps(TELEGRAM, body(told, told))
        await ledger.read_and_handle()
        await ledger.keeps(TELEGRAM, body(told))
        await ledger.read_and_handle()
        await ledger.settle()
        assert ledger.post(TELEGRAM).said() == ["привет"]
        assert len(await ledger.rows(inbox)) == 6
        [event] = await ledger.rows(events)
        assert (event["state"], event["person_id"]) == ("done", person)
        assert await ledger.broken() == []

    async def test_the_same_id_on_another_channel_is_another_event(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM, VK)
        one = await ledger.text(person, TELEGRAM, "раз")
        two = await ledger.text(person, VK, "два")
        await ledger.hears(one)
        await ledger.keeps(VK, body({**encode(two), "event_id": one.event_id}))
        await ledger.read_and_handle()
        assert ledger.taken == ["раз", "два"]

    async def test_an_effect_and_its_mark_are_one(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.writes(person, TELEGRAM, "broken")
        [event] = await ledger.rows(events)
        assert (event["state"], event["tries"]) == ("new", 1)
        assert "Broken" in event["error"]
        async with ledger.database.read() as work:
            [known] = await work.people.addresses(person)
        assert known.last_inbound_at is None  # what the handler had done before is undone


class TestOrder:
    async def test_in_the_order_they_came(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        words = [f"слово {number}" for number in range(5)]
        texts = [await ledger.text(person, TELEGRAM, word) for word in words]
        await ledger.keeps(TELEGRAM, body(*texts[:2]))
        await ledger.keeps(TELEGRAM, body(*texts[2:]))
        await ledger.read_and_handle()
        assert ledger.taken == words

    async def test_a_broken_one_holds_up_its_address_alone(self, ledger: Ledger) -> None:
        one, other = await ledger.customer(TELEGRAM), await ledger.customer(TELEGRAM)
        await ledger.writes(one, TELEGRAM, "broken", "после")
        await ledger.writes(other, TELEGRAM, "рядом")
        assert ledger.taken == ["рядом"]

    async def test_in_the_end_it_is_dead_and_the_next_one_is_heard(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.writes(person, TELEGRAM, "broken", "после")
        for pause in PAUSES:
            assert ledger.taken == []
            await ledger.database.shift_clock(pause.total_seconds() + 1)
            await ledger.read_and_handle()
        assert ledger.taken == ["после"]
        states = [(row["state"], row["tries"]) for row in await ledger.rows(events)]
        assert states == [("dead", len(PAUSES) + 1), ("done", 0)]

    async def test_an_event_of_another_version_is_dead_at_once(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.keeps(TELEGRAM, body(await ledger.text(person, TELEGRAM, "раз")))
        await ledger.reader.read_due()
        async with ledger.database.begin() as work:
            odd = {"is": "Telepathy", "event_id": "1"}
            await work.connection.execute(events.update().values(body=odd))
        await ledger.writes(person, TELEGRAM, "два")
        await ledger.read_and_handle()
        assert ledger.taken == ["два"]
        assert [row["state"] for row in await ledger.rows(events)] == ["dead", "done"]

    async def test_what_succeeded_elsewhere_is_not_marked_as_failed(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.keeps(TELEGRAM, body(await ledger.text(person, TELEGRAM, "раз")))
        await ledger.reader.read_due()
        async with ledger.database.begin() as work:
            [event] = await work.inbox.due(1)
        await ledger.read_and_handle()
        async with ledger.database.begin() as work:
            await work.inbox.failed(event, "late", again_in=None)
        [row] = await ledger.rows(events)
        assert (row["state"], row["error"]) == ("done", None)


class TestQuarantine:
    async def test_one_odd_item_loses_no_other(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        one, two = [await ledger.text(person, TELEGRAM, word) for word in ("раз", "два")]
        await ledger.keeps(TELEGRAM, body(one, {"is": "Telepathy"}, two))
        await ledger.read_and_handle()
        assert ledger.taken == ["раз", "два"]
        [kept] = await ledger.rows(quarantine)
        assert "Telepathy" in kept["why"]

    async def test_a_mistake_of_the_channel(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.keeps(TELEGRAM, b"mistake")
        await ledger.writes(person, TELEGRAM, "раз")
        assert ledger.taken == ["раз"]
        [kept] = await ledger.rows(quarantine)
        assert "a mistake of the channel" in kept["why"]
        assert all(row["read_at"] for row in await ledger.rows(inbox))

    async def test_a_channel_that_is_off(self, ledger: Ledger) -> None:
        off = Ledger(ledger.database, off=(VK,))
        await off.keeps(VK, b"[]")
        await off.read_and_handle()
        [kept] = await off.rows(quarantine)
        assert kept["why"] == "vk:main is switched off"

    @pytest.mark.parametrize("name", ["event_id", "handle"])
    async def test_an_id_that_is_too_long(self, ledger: Ledger, name: str) -> None:
        person = await ledger.customer(TELEGRAM)
        told = encode(await ledger.text(person, TELEGRAM, "раз"))
        (told if name == "event_id" else told["address"])[name] = "х" * 256
        await ledger.keeps(TELEGRAM, body(told))
        await ledger.read_and_handle()
        assert await ledger.rows(events) == []
        [kept] = await ledger.rows(quarantine)
        assert "too long" in kept["why"]

    async def test_what_no_database_can_hold_is_left_out(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        raw = body(await ledger.text(person, TELEGRAM, "HALF р\u0000аз"))
        await ledger.keeps(TELEGRAM, raw.replace(b"HALF", rb"\ud83d"))
        await ledger.keeps(TELEGRAM, rb'[{"is": "Telepathy", "thought": "\ud83d\u0000"}]')
        await ledger.read_and_handle()
        assert ledger.taken == ["? раз"]
        assert len(await ledger.rows(quarantine)) == 1


class TestPostgreSQL:
    """What only several workers at once can get wrong."""

    async def test_events_of_one_person_are_never_handled_at_once(
        self, postgresql_url: str
    ) -> None:
        database = Database(postgresql_url)
        ledger = Ledger(database)
        people = [await ledger.customer(TELEGRAM) for _ in range(4)]
        for number in range(6):
            for person in people:
                text = await ledger.text(person, TELEGRAM, f"say {person}:{number}")
                await ledger.keeps(TELEGRAM, body(text))
        workers = [Ledger(database, f"worker {number}") for number in range(4)]
        await asyncio.gather(*[it.read_and_handle() for it in workers])
        await ledger.read_and_handle()
        rows = await ledger.rows(deliveries)
        assert len(rows) == 24
        for person in people:
            mine = [row["content"]["body"]["text"] for row in rows if row["person_id"] == person]
            assert mine == [f"{person}:{number}" for number in range(6)]
        await database.aclose()

    async def test_readers_wait_for_each_other(self, postgresql_url: str) -> None:
        database = Database(postgresql_url)
        ledger = Ledger(database)
        person = await ledger.customer(TELEGRAM)
        first, second = [await ledger.text(person, TELEGRAM, word) for word in ("раз", "два")]
        await ledger.keeps(TELEGRAM, body(first))
        async with database.begin() as slow:
            [unread] = await slow.inbox.unread(1)
            await ledger.keeps(TELEGRAM, body(second))
            quick = asyncio.create_task(ledger.reader.read_due())
            await asyncio.sleep(0.1)
            assert not quick.done()
            await slow.inbox.were_read([Reading(unread, [first])])
        await quick
        await ledger.read_and_handle()
        assert ledger.taken == ["раз", "два"]
        await database.aclose()

    async def test_the_heavy_are_read_one_at_a_time(self, ledger: Ledger) -> None:
        """Their size, not their number alone, bounds what is held in memory."""
        for size in (10, 10, 30, 5, 5):
            await ledger.keeps(TELEGRAM, b"x" * size)
        async with ledger.database.begin() as work:
            together = await work.inbox.unread(10, most_bytes=25)
            assert [len(it.kept.body) for it in together] == [10, 10]
            await work.inbox.were_read([Reading(it) for it in together])
            [alone] = await work.inbox.unread(10, most_bytes=25)
            assert len(alone.kept.body) == 30
            await work.inbox.were_read([Reading(alone)])
            assert len(await work.inbox.unread(10, most_bytes=25)) == 2
