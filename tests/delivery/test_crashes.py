"""Workers that die, stop or come too late: nothing is lost, nothing is doubled in silence."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from delivery.sending import LEASE
from storage.database import Database, DatabaseUnavailable
from storage.tables import attempts, deliveries
from storage.unit_of_work import UnitOfWork
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import TELEGRAM, VK, WHATSAPP, route
from tests.delivery.post import Post, reference
from tests.delivery.test_receipts import about
from vestnik.address import SMS, ChannelName
from vestnik.outbound import Send
from vestnik.outcome import Ambiguous, Unreachable
from vestnik.route import Step

TWO_LEASES = 2 * LEASE.total_seconds() + 1


class Died(asyncio.CancelledError):
    """What becomes of a worker between the call and its answer."""


async def die(_: Sequence[Send]) -> None:
    raise Died


async def dies_sending(ledger: Ledger, channel: ChannelName) -> Post:
    """The worker dies after its next call; the one after it lives."""
    post = ledger.post(channel)
    post.while_sending = die
    await ledger.settle()
    post.while_sending = None
    return post


class TestDeath:
    async def test_between_claim_and_call(self, ledger: Ledger) -> None:
        await ledger.customer(TELEGRAM)
        broadcast = await ledger.broadcast(route(TELEGRAM))
        await ledger.planner.route_due()
        lane = ledger.post(TELEGRAM).lane
        async with ledger.database.begin() as work:
            [claimed] = await work.claims.bulk(lane, broadcast, 10)
            assert await work.claims.lease([claimed.delivery], LEASE)
        await ledger.pass_time(LEASE.total_seconds() - 10)
        assert ledger.post(TELEGRAM).taken == []
        await ledger.pass_time(11)
        assert ledger.post(TELEGRAM).said() == ["Новости"]
        assert await ledger.tries() == [("telegram", "accepted")]
        assert await ledger.broken() == []

    async def test_in_a_broadcast_telegram_parks(self, ledger: Ledger) -> None:
        await ledger.customer(TELEGRAM, SMS)
        await ledger.broadcast(route(TELEGRAM, SMS))
        post = await dies_sending(ledger, TELEGRAM)
        assert await ledger.ends() == [("sending", None)]
        await ledger.pass_time(TWO_LEASES)
        assert await ledger.ends() == [("waiting", "unknown:worker_lost")]
        await ledger.pass_time(61)
        assert await ledger.ends() == [("unknown", "unknown:worker_lost")]
        assert len(post.taken) == 1
        assert ledger.post(SMS).taken == []
        assert await ledger.broken() == []

    async def test_in_a_broadcast_telegram_goes_on_where_the_route_says_so(
        self, ledger: Ledger
    ) -> None:
        await ledger.customer(TELEGRAM, SMS)
        await ledger.broadcast(route(Step(TELEGRAM, "delivered", 60, "next"), SMS))
        post = await dies_sending(ledger, TELEGRAM)
        await ledger.pass_time(TWO_LEASES)
        await ledger.pass_time(61)
        assert (len(post.taken), len(ledger.post(SMS).taken)) == (1, 1)
        assert await ledger.broken() == []

    async def test_a_reply_goes_once_more_at_most(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM)
        await ledger.writes(person, TELEGRAM, "say привет")
        post = await dies_sending(ledger, TELEGRAM)
        post.answer(handle(person, TELEGRAM), Ambiguous("timeout"))
        await ledger.pass_time(TWO_LEASES)
        await ledger.pass_time(6)
        await ledger.pass_time(600)
        assert post.said() == ["привет", "привет"]
        assert len({send.handle for send in post.taken}) == 2
        assert await ledger.ends() == [("unknown", "unknown:timeout")]
        assert await ledger.broken() == []

    async def test_vk_drops_the_copy_of_the_same_handle(self, ledger: Ledger) -> None:
        await ledger.customer(VK)
        await ledger.broadcast(route(VK))
        post = await dies_sending(ledger, VK)
        await ledger.pass_time(TWO_LEASES)
        await ledger.pass_time(6)
        assert len(post.taken) == 2
        assert len({send.handle for send in post.taken}) == 1
        assert await ledger.ends() == [("accepted", None)]
        assert await ledger.tries() == [("vk", "unknown"), ("vk", "accepted")]
        assert await ledger.broken() == []

    async def test_vk_is_given_no_copy_after_an_hour(self, ledger: Ledger) -> None:
        await ledger.customer(VK)
        await ledger.broadcast(route(VK))
        post = await dies_sending(ledger, VK)
        await ledger.database.shift_clock(TWO_LEASES)
        await ledger.planner.sweep()
        async with ledger.database.begin() as work:
            await work.lanes.stop(post.lane, 3600, "no funds")
        await ledger.pass_time(3601)
        assert len(post.taken) == 1
        assert await ledger.ends() == [("unknown", "unknown:worker_lost")]

    async def test_whatsapp_waits_for_its_echo(self, ledger: Ledger) -> None:
        person = await ledger.customer(WHATSAPP, SMS)
        await ledger.writes(person, WHATSAPP, "привет")
        await ledger.broadcast(route(Step(WHATSAPP, "delivered", 3), SMS))
        post = await dies_sending(ledger, WHATSAPP)
        await ledger.pass_time(LEASE.total_seconds() + 1)
        await ledger.pass_time(50)
        assert ledger.post(SMS).taken == []
        await ledger.pass_time(11)
        assert (len(post.taken), len(ledger.post(SMS).taken)) == (1, 1)
        assert await ledger.broken() == []

    async def test_although_an_earlier_step_was_reported_meanwhile(self, ledger: Ledger) -> None:
        person = await ledger.customer(WHATSAPP, SMS)
        await ledger.writes(person, WHATSAPP, "привет")
        await ledger.broadcast(route(WHATSAPP, SMS))
        await ledger.settle()
        [earlier] = ledger.post(WHATSAPP).taken

        async def dies_after_a_report(_: Sequence[Send]) -> None:
            await ledger.hears(await about(ledger, "failed", earlier, cause=Unreachable("blocked")))
            raise Died

        ledger.post(SMS).while_sending = dies_after_a_report
        await ledger.pass_time(61)
        ledger.post(SMS).while_sending = None
        await ledger.pass_time(TWO_LEASES)
        assert await ledger.ends() == [("waiting", "unknown:worker_lost")]


class TestFencing:
    async def test_a_late_outcome_is_refused(self, ledger: Ledger) -> None:
        await ledger.customer(TELEGRAM)
        await ledger.broadcast(route(TELEGRAM))
        later = Ledger(ledger.database, "two")

        async def sleep(_: Sequence[Send]) -> None:
            await later.pass_time(TWO_LEASES)

        ledger.post(TELEGRAM).while_sending = sleep
        await ledger.settle()
        assert await ledger.ends() == [("waiting", "unknown:worker_lost")]
        [attempt] = await ledger.rows(attempts)
        assert (attempt["state"], attempt["reference"]) == ("unknown", None)
        assert await ledger.broken() == []

    async def test_not_even_while_the_next_worker_sends(self, ledger: Ledger) -> None:
        person = await ledger.customer(VK)
        await ledger.writes(person, VK, "say привет")
        later = Ledger(ledger.database, "two")

        async def sleep(_: Sequence[Send]) -> None:
            ledger.post(VK).while_sending = None
            await later.pass_time(TWO_LEASES)
            await later.pass_time(6)

        ledger.post(VK).while_sending = sleep
        await ledger.settle()
        assert (len(ledger.post(VK).taken), len(later.post(VK).taken)) == (1, 1)
        assert await ledger.tries() == [("vk", "unknown"), ("vk", "accepted")]
        [delivery] = await ledger.rows(deliveries)
        assert (delivery["state"], delivery["fence"]) == ("accepted", 2)

    async def test_who_was_too_slow_to_begin_does_not_begin(self, ledger: Ledger) -> None:
        await ledger.customer(TELEGRAM)
        await ledger.broadcast(route(TELEGRAM), text=await ledger.shown())
        await ledger.planner.route_due()
        later = Ledger(ledger.database, "two")
        lane = ledger.post(TELEGRAM).lane

        async def claimed(_: UnitOfWork) -> None:
            ledger.database.on_commit = None
            await ledger.database.shift_clock(TWO_LEASES)
            await later.send(TELEGRAM)

        ledger.database.on_commit = claimed
        await ledger.sender.send_due(lane)
        assert (len(ledger.post(TELEGRAM).taken), len(later.post(TELEGRAM).taken)) == (0, 1)
        assert await ledger.broken() == []


class Flaky(Database):
    """A database that is away for the next units of work."""

    away_for = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        if self.away_for:
            self.away_for -= 1
            raise DatabaseUnavailable("The database went away.")
        async with super().begin() as work:
            yield work


class TestOutage:
    async def test_outcomes_are_kept_until_the_database_is_back(self, database_url: str) -> None:
        database = Flaky(database_url)
        ledger = Ledger(database)
        await ledger.customer(TELEGRAM)
        await ledger.broadcast(route(TELEGRAM))

        async def goes_away(_: Sequence[Send]) -> None:
            database.away_for = 1

        ledger.post(TELEGRAM).while_sending = goes_away
        await ledger.settle()
        assert database.away_for == 0
        [attempt] = await ledger.rows(attempts)
        assert attempt["reference"] == reference(ledger.post(TELEGRAM).taken[0])
        assert await ledger.ends() == [("accepted", None)]
        await database.aclose()

    async def test_nothing_is_sent_while_it_is_away(self, database_url: str) -> None:
        database = Flaky(database_url)
        ledger = Ledger(database)
        await ledger.customer(TELEGRAM)
        await ledger.broadcast(route(TELEGRAM), text=await ledger.shown())
        await ledger.planner.route_due()
        lane = ledger.post(TELEGRAM).lane

        async def claimed(_: UnitOfWork) -> None:
            database.on_commit, database.away_for = None, 1

        database.on_commit = claimed
        with pytest.raises(DatabaseUnavailable):
            await ledger.sender.send_due(lane)
        assert ledger.post(TELEGRAM).taken == []
        await ledger.pass_time(TWO_LEASES)
        assert ledger.post(TELEGRAM).said() == ["Новости"]
        await database.aclose()
