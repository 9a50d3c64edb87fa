"""The right to probe a half-open lane: one of all workers has it, and loses it again."""

import asyncio
from datetime import timedelta

from storage.lanes import PROBES, LaneStanding
from tests.delivery.ledger import Ledger
from tests.delivery.making import TELEGRAM, route
from tests.delivery.test_lane_pauses import crowd, standing
from vestnik.outcome import ChannelDown


class TestProbes:
    async def test_one_of_many_may_probe(self, ledger: Ledger) -> None:
        lane = ledger.post(TELEGRAM).lane
        await self._half_open(ledger)
        assert (await standing(ledger)).probes == PROBES

        async def ask() -> bool:
            async with ledger.database.begin() as work:
                return await work.lanes.probe(lane)

        assert sorted(await asyncio.gather(*(ask() for _ in range(4)))) == [False] * 3 + [True]
        waits = await standing(ledger)
        assert waits.probes is None
        assert 0 < waits.rest <= 60

    async def test_who_died_with_the_right_keeps_it_a_lease(self, ledger: Ledger) -> None:
        lane = ledger.post(TELEGRAM).lane
        await self._half_open(ledger)
        async with ledger.database.begin() as work:
            assert await work.lanes.probe(lane)
        await ledger.database.shift_clock(61)
        assert (await standing(ledger)).probes == PROBES
        async with ledger.database.begin() as work:
            assert await work.lanes.probe(lane)

    async def test_a_right_that_was_not_used_is_given_back(self, ledger: Ledger) -> None:
        lane = ledger.post(TELEGRAM).lane
        await self._half_open(ledger)
        async with ledger.database.begin() as work:
            assert await work.lanes.probe(lane)
            await work.lanes.probe_dropped(lane)
        assert (await standing(ledger)).probes == PROBES

    async def test_answers_end_the_probe(self, ledger: Ledger) -> None:
        lane = ledger.post(TELEGRAM).lane
        await self._half_open(ledger)
        async with ledger.database.begin() as work:
            assert await work.lanes.probe(lane)
        await ledger.database.shift_clock(61)
        await ledger.settle()
        assert await standing(ledger) == LaneStanding()
        assert await ledger.ends() == [("accepted", None)]

    async def test_nobody_probes_a_lane_that_is_well_or_rests(self, ledger: Ledger) -> None:
        lane = ledger.post(TELEGRAM).lane
        async with ledger.database.begin() as work:
            assert not await work.lanes.probe(lane)
            await work.lanes.pause(lane, 5)
        await ledger.database.shift_clock(6)
        async with ledger.database.begin() as work:
            assert not await work.lanes.probe(lane), "a pause is no illness"
            await work.lanes.stop(lane, 5, "no funds")
        async with ledger.database.begin() as work:
            assert not await work.lanes.probe(lane)
        assert (await standing(ledger)).probes is None

    async def _half_open(self, ledger: Ledger) -> None:
        await crowd(ledger, 1, ChannelDown("no funds"))
        await ledger.broadcast(route(TELEGRAM))
        await ledger.settle()
        await ledger.database.shift_clock(timedelta(minutes=2).total_seconds())
