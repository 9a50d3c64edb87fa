"""What people chose holds at the send: quiet hours, caps, pauses, topics, whatever is queued."""

import asyncio
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from delivery.outbox import transact
from storage.database import Database
from storage.tables import attempts
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import TELEGRAM, VK, route
from tests.delivery.test_at_the_send import claimed_before
from tests.delivery.test_races import work_off
from vestnik.address import SMS
from vestnik.outbound import Text
from vestnik.outcome import Declined, Unreachable
from vestnik.preferences import Cap, Preferences, QuietHours
from vestnik.richtext import RichText
from vestnik.route import LAST

HOUR = 3600
DAY = 24 * HOUR


async def now(ledger: Ledger) -> datetime:
    async with ledger.database.read() as work:
        return work.now


async def quiet_for(ledger: Ledger, hours: int) -> QuietHours:
    """Quiet hours, in UTC, that began an hour ago and last for so many more, to the minute."""
    minute = (await now(ledger)).hour * 60
    return QuietHours((minute - 60) % (24 * 60), (minute + 60 + hours * 60) % (24 * 60))


class TestQuietHours:
    async def test_a_broadcast_waits_for_their_end(self, ledger: Ledger) -> None:
        sleeps, _ = await ledger.customer(TELEGRAM), await ledger.customer(TELEGRAM)
        await ledger.chooses(sleeps, zone="UTC", quiet=await quiet_for(ledger, 3))
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        waits = ("planned", "quiet_hours")
        assert await ledger.ends() == [waits, ("accepted", None)]
        await ledger.pass_time(2 * HOUR)
        assert await ledger.ends() == [waits, ("accepted", None)]
        await ledger.pass_time(2 * HOUR)
        assert await ledger.ends() == [("accepted", None)] * 2
        assert await ledger.broken() == []

    async def test_they_begin_while_it_is_queued(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM, SMS)
        await ledger.broadcast(route(TELEGRAM, SMS), text=await ledger.shown())
        quiet = await quiet_for(ledger, 3)
        change = ledger.chooses(person, zone="UTC", quiet=quiet)
        await claimed_before(ledger, TELEGRAM, lambda: change)
        assert await ledger.ends() == [("planned", "quiet_hours")]
        assert ledger.post(TELEGRAM).taken == ledger.post(SMS).taken == []

    async def test_what_is_over_before_they_end_expires(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        minute = (await now(ledger)).hour * 60
        quiet = QuietHours((minute + 60) % (24 * 60), minute)
        await ledger.chooses(person, zone="UTC", quiet=quiet)
        await ledger.broadcast(route(TELEGRAM))
        await ledger.database.shift_clock(2 * HOUR)
        async with ledger.database.begin() as work:
            await transact(
                work,
                person,
                Text(RichText("Заказ готов")),
                route(TELEGRAM),
                ground={"by": "test"},
                valid=timedelta(hours=2),
            )
        await ledger.settle()
        assert set(await ledger.ends(kind="transactional")) == {("planned", "quiet_hours")}
        await ledger.pass_time(2 * HOUR)
        assert await ledger.ends(kind="transactional") == [("expired", "expired")]

    async def test_a_code_and_an_answer_come_at_any_hour(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.chooses(person, zone="UTC", quiet=await quiet_for(ledger, 3))
        async with ledger.database.begin() as work:
            for text, urgent in (("код", True), ("заказ", False)):
                await transact(
                    work,
                    person,
                    Text(RichText(text)),
                    route(TELEGRAM),
                    ground={"by": "test"},
                    urgent=urgent,
                )
        await ledger.writes(person, TELEGRAM, "say ответ")
        await ledger.settle()
        assert sorted(ledger.post(TELEGRAM).said()) == ["код", "ответ"]

    async def test_the_houses_hold_for_who_chose_none(self, ledger: Ledger) -> None:
        ledger.database.house = Preferences(zone="UTC", quiet=await quiet_for(ledger, 3))
        _, awake = await ledger.customer(TELEGRAM), await ledger.customer(TELEGRAM)
        await ledger.chooses(awake, quiet=QuietHours(0, 0))
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        assert await ledger.ends() == [("planned", "quiet_hours"), ("accepted", None)]


class TestCaps:
    async def test_no_more_broadcasts_than_somebody_wants(self, ledger: Ledger) -> None:
        person, _ = await ledger.customer(TELEGRAM), await ledger.customer(TELEGRAM)
        await ledger.chooses(person, cap=Cap(2, 7))
        for _ in range(3):
            await ledger.broadcast(route(TELEGRAM))
            await ledger.pass_time(HOUR)
        assert await ledger.ends(person_id=person) == [
            ("accepted", None),
            ("accepted", None),
            ("skipped", "frequency_cap"),
        ]
        assert len(ledger.post(TELEGRAM).taken) == 5
        await ledger.pass_time(7 * DAY - 2 * HOUR)
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        assert (await ledger.ends(person_id=person))[-1] == ("accepted", None)
        assert await ledger.broken() == []

    async def test_answers_and_what_failed_do_not_count(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.chooses(person, cap=Cap(1, 7))
        await ledger.writes(person, TELEGRAM, "say раз", "say два")
        await ledger.settle()
        ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), Declined("not now"))
        for _ in range(2):
            await ledger.broadcast(route(TELEGRAM))
            await ledger.settle()
        ends = await ledger.ends(kind="broadcast")
        assert [state for state, _ in ends] == ["failed", "accepted"]

    async def test_a_later_step_of_the_same_broadcast_may_follow(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM, SMS)
        await ledger.chooses(person, cap=Cap(1, 1))
        ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), Unreachable("blocked"))
        await ledger.broadcast(route(TELEGRAM, SMS))
        await ledger.settle()
        assert [it["channel"] for it in await ledger.rows(attempts)] == ["telegram", "sms"]

    async def test_of_two_broadcasts_at_once_one_comes(self, postgresql_url: str) -> None:
        ledger = Ledger(Database(postgresql_url))
        person = await ledger.customer(TELEGRAM)
        await ledger.chooses(person, cap=Cap(1, 7))
        for _ in range(2):
            await ledger.broadcast(route(TELEGRAM))
        await ledger.planner.route_due()
        async with ledger.database.begin() as blocking:
            # Both senders have looked at what came before, and wait to write their attempts.
            await blocking.connection.execute(sa.text("LOCK TABLE attempts IN EXCLUSIVE MODE"))
            working = asyncio.create_task(work_off(ledger, 2))
            await asyncio.sleep(0.2)
        await working
        assert sorted(await ledger.ends()) == [("accepted", None), ("skipped", "frequency_cap")]
        assert await ledger.broken() == []
        await ledger.database.aclose()


async def test_the_messenger_that_was_chosen_comes_first(ledger: Ledger) -> None:
    person = await ledger.customer(VK, TELEGRAM)
    await ledger.writes(person, VK, "привет")
    await ledger.broadcast(route(LAST))
    await ledger.settle()
    await ledger.chooses(person, channel=TELEGRAM)
    for named in (LAST, VK):
        await ledger.broadcast(route(named))
        await ledger.settle()
    await ledger.writes(person, VK, "привет")
    ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), Unreachable("blocked"))
    await ledger.broadcast(route(LAST, LAST))
    await ledger.settle()
    assert [it["channel"] for it in await ledger.rows(attempts)] == [
        "vk",
        "telegram",
        "vk",
        "telegram",
        "vk",
    ]


@pytest.mark.parametrize("topic", ["menu", None])
async def test_a_topic_that_is_off_is_not_written_about(ledger: Ledger, topic: str | None) -> None:
    person = await ledger.customer(TELEGRAM)
    await ledger.chooses(person, topics_off=frozenset(("menu", "events")))
    await ledger.broadcast(route(TELEGRAM), topic=topic)
    await ledger.settle()
    skipped = ("skipped", "topic_off")
    assert await ledger.ends() == [skipped if topic else ("accepted", None)]
    assert await ledger.broken() == []


async def test_a_pause_ends_by_itself(ledger: Ledger) -> None:
    person = await ledger.customer(TELEGRAM)
    await ledger.chooses(person, paused_until=await now(ledger) + timedelta(days=30))
    await ledger.broadcast(route(TELEGRAM))
    await ledger.settle()
    await ledger.pass_time(31 * DAY)
    await ledger.broadcast(route(TELEGRAM))
    await ledger.settle()
    assert await ledger.ends() == [("skipped", "paused"), ("accepted", None)]
