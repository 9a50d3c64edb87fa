"""Pauses and breakers through the ledger: nobody fails, and nothing goes while a lane rests."""

from dataclasses import replace

import pytest

from broadcast import campaign
from delivery.breaker import LONGEST_REST
from delivery.flight import AT_ONCE
from delivery.hints import WATCH
from storage.lanes import PROBES, Breaker, LaneStanding, Trouble
from storage.unit_of_work import UnitOfWork
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import TELEGRAM, VK, route
from tests.delivery.test_crashes import die
from vestnik.address import SMS
from vestnik.outcome import Ambiguous, ChannelDown, SendResult, Temporary, Throttled

LONG = 2 * LONGEST_REST


async def crowd(ledger: Ledger, size: int, *results: SendResult) -> list[int]:
    """People on Telegram, to each of whom the same is answered first."""
    people = [await ledger.customer(TELEGRAM) for _ in range(size)]
    for person in people:
        ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), *results)
    return people


async def standing(ledger: Ledger) -> LaneStanding:
    async with ledger.database.read() as work:
        return await work.lanes.standing(ledger.post(TELEGRAM).lane)


async def troubles(ledger: Ledger) -> list[Trouble]:
    async with ledger.database.read() as work:
        return list(await work.lanes.troubles())


class TestTooFast:
    async def test_a_throttled_lane_rests_and_nobody_fails(self, ledger: Ledger) -> None:
        people = await crowd(ledger, 3, Throttled(30))
        post = ledger.post(TELEGRAM)
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        assert await ledger.ends() == [("planned", None)] * 3
        await ledger.writes(people[0], TELEGRAM, "say привет")
        await ledger.pass_time(29)
        assert len(post.taken) == 3
        await ledger.pass_time(2)
        assert post.said()[3] == "привет"
        assert await ledger.ends() == [("accepted", None)] * 4
        assert await ledger.broken() == []

    async def test_what_was_begun_and_not_called_is_not_called_any_more(
        self, ledger: Ledger
    ) -> None:
        await crowd(ledger, AT_ONCE + 20, Throttled(30))
        post = ledger.post(TELEGRAM)
        post.limits = replace(post.limits, rate=100_000)
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        assert len(post.taken) == AT_ONCE
        assert await ledger.ends() == [("planned", None)] * (AT_ONCE + 20)
        assert await ledger.broken() == []

    async def test_a_shorter_pause_shortens_no_longer_one(self, ledger: Ledger) -> None:
        people = await crowd(ledger, 2)
        post = ledger.post(TELEGRAM)
        post.answer(handle(people[0], TELEGRAM), Throttled(60))
        post.answer(handle(people[1], TELEGRAM), Throttled(1))
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        async with ledger.database.begin() as work:
            await work.lanes.pause(post.lane, 1)
        await ledger.pass_time(50)
        assert len(post.taken) == 2
        await ledger.pass_time(11)
        assert len(post.taken) == 4

    @pytest.mark.parametrize("garbage", [float("nan"), float("inf"), 1e300, -1.0, 0.0])
    async def test_garbage_is_no_pause_for_ever(self, ledger: Ledger, garbage: float) -> None:
        await crowd(ledger, 1, Throttled(garbage))
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        assert (await standing(ledger)).rest <= 3600
        await ledger.pass_time(3601)
        assert await ledger.ends() == [("accepted", None)]
        assert await ledger.broken() == []

    async def test_being_throttled_opens_no_breaker(self, ledger: Ledger) -> None:
        await crowd(ledger, 30, *[Throttled(3)] * 10)
        await ledger.broadcast(route(TELEGRAM))
        for _ in range(10):
            await ledger.pass_time(4)
        assert await ledger.ends() == [("planned", None)] * 30
        await ledger.pass_time(4)
        assert await ledger.ends() == [("accepted", None)] * 30
        assert await troubles(ledger) == []


class TestOneAddressTooFast:
    async def test_it_holds_up_nobody_else(self, ledger: Ledger) -> None:
        slow, other = await crowd(ledger, 2)
        ledger.post(TELEGRAM).answer(handle(slow, TELEGRAM), Throttled(30, "address"))
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        assert await ledger.ends(person_id=other) == [("accepted", None)]
        assert await ledger.ends(person_id=slow) == [("planned", None)]
        await ledger.pass_time(31)
        assert await ledger.ends(person_id=slow) == [("accepted", None)]

    async def test_whatever_waits_for_it_waits_too(self, ledger: Ledger) -> None:
        [slow] = await crowd(ledger, 1)
        post = ledger.post(TELEGRAM)
        post.answer(handle(slow, TELEGRAM), Throttled(30, "address"))
        news = await ledger.broadcast(route(TELEGRAM))
        await ledger.planner.route_due()
        async with ledger.database.begin() as work:
            assert await campaign.pause(work, news, "telegram:1")
        await ledger.writes(slow, TELEGRAM, "say раз")
        await ledger.settle()
        async with ledger.database.begin() as work:
            assert await campaign.resume(work, news, "telegram:1")
        await ledger.pass_time(29)
        assert post.said() == ["раз"]
        await ledger.pass_time(2)
        assert post.said() == ["раз", "раз", "Новости"]
        assert await ledger.ends() == [("accepted", None)] * 2
        assert await ledger.broken() == []

    async def test_the_person_is_reached_elsewhere(self, ledger: Ledger) -> None:
        person = await ledger.customer(TELEGRAM, VK)
        ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), Throttled(30, "address"))
        await ledger.writes(person, TELEGRAM, "say раз")
        await ledger.writes(person, VK, "say два")
        await ledger.settle()
        assert ledger.post(VK).said() == ["два"]


class TestDown:
    async def test_it_fails_nobody_and_is_tried_ever_more_rarely(self, ledger: Ledger) -> None:
        await crowd(ledger, 1, *[ChannelDown("token revoked")] * 5)
        post = ledger.post(TELEGRAM)
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        rests = []
        for tries in range(1, 6):
            assert len(post.taken) == tries
            assert [state for state, _ in await ledger.ends()] == ["planned"]
            [trouble] = await troubles(ledger)
            assert (trouble.lane, trouble.why) == (post.lane, "token revoked")
            rests.append(trouble.rest)
            await ledger.pass_time(trouble.rest - 10)
            assert len(post.taken) == tries, "nothing goes while it rests"
            await ledger.pass_time(11)
        # Their jitter may turn the third and the longest round.
        assert 60 < rests[0] < rests[1] < min(rests[2:4])
        assert rests[4] > LONGEST_REST - 1
        assert await ledger.ends() == [("accepted", None)]
        assert len({send.handle for send in post.taken}) == 1
        assert await troubles(ledger) == []
        assert await ledger.broken() == []

    async def test_a_longer_word_of_the_provider_holds(self, ledger: Ledger) -> None:
        await crowd(ledger, 1, ChannelDown("no funds"))
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        lane = ledger.post(TELEGRAM).lane
        async with ledger.database.begin() as work:
            await work.lanes.stop(lane, 3600, "restricted until noon")
        await ledger.pass_time(3590)
        assert len(ledger.post(TELEGRAM).taken) == 1
        [trouble] = await troubles(ledger)
        assert trouble.why == "restricted until noon"
        await ledger.pass_time(11)
        assert await ledger.ends() == [("accepted", None)]

    async def test_the_other_lanes_go_on(self, ledger: Ledger) -> None:
        await crowd(ledger, 1, ChannelDown("no funds"))
        other = await ledger.customer(VK)
        await ledger.broadcast(route(TELEGRAM))
        await ledger.writes(other, VK, "say привет")
        await ledger.settle()
        assert ledger.post(VK).said() == ["привет"]


class TestBreaker:
    async def test_an_outage_costs_no_tries(self, ledger: Ledger) -> None:
        """Each message is tried once or twice in an hour's outage, and nobody falls to SMS."""
        people = await crowd(ledger, 60)
        for person in people:
            post = ledger.post(TELEGRAM)
            post.answer(handle(person, TELEGRAM), *[Temporary("503")] * 2)
        await ledger.broadcast(route(TELEGRAM, SMS))
        await ledger.settle()
        assert len(post.taken) == 60
        [trouble] = await troubles(ledger)
        assert (trouble.openings, trouble.why) == (1, "temporary:503")
        assert 1 < trouble.rest < 3
        await ledger.pass_time(1)
        assert len(post.taken) == 60
        # Each of them is refused once more, a few probes at a time.
        for _ in range(60 // PROBES + 1):
            await ledger.pass_time(LONG)
        assert await ledger.ends() == [("accepted", None)] * 60
        assert await troubles(ledger) == []
        assert await ledger.broken() == []

    async def test_unclear_answers_stop_it_too(self, ledger: Ledger) -> None:
        await crowd(ledger, 30, Ambiguous("timeout"))
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        [trouble] = await troubles(ledger)
        assert trouble.why == "unknown:timeout"
        await crowd(ledger, 1)
        await ledger.writes((await crowd(ledger, 1))[0], TELEGRAM, "say привет")
        assert "привет" not in ledger.post(TELEGRAM).said()
        await ledger.pass_time(LONG)
        assert "привет" in ledger.post(TELEGRAM).said()

    async def test_it_is_no_fault_of_the_provider_when_a_worker_dies(self, ledger: Ledger) -> None:
        await crowd(ledger, 30)
        await ledger.broadcast(route(TELEGRAM))
        await ledger.planner.route_due()

        ledger.post(TELEGRAM).while_sending = die
        await ledger.send(TELEGRAM)
        ledger.post(TELEGRAM).while_sending = None
        await ledger.pass_time(130)
        assert await ledger.tries() == [("telegram", "unknown")] * 30
        assert await troubles(ledger) == []

    async def test_a_lane_in_health_is_not_written(self, ledger: Ledger) -> None:
        await crowd(ledger, 30)
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        async with ledger.database.read() as work:
            assert await work.lanes.breaker(ledger.post(TELEGRAM).lane) == Breaker()

    async def test_the_watch_is_woken(self, ledger: Ledger) -> None:
        hinted: set[str] = set()

        async def note(work: UnitOfWork) -> None:
            hinted.update(work.hints)

        ledger.database.on_commit = note
        await crowd(ledger, 1, ChannelDown("no funds"))
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        assert WATCH in hinted
