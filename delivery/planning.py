"""Gives planned deliveries their addresses, and ends the waits that are over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from delivery import hints
from delivery.apply import apply
from delivery.decide import WORKER_LOST, After, after_send, after_wait
from delivery.preparing import place_of
from delivery.reporting import adopt_missed
from delivery.routing import Candidate, find_place
from storage.database import Database
from storage.placing import Unplaced
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.channel import NOTHING, Limits
from vestnik.delivery import Delivery

AT_ONCE = 500
PLACED_AT_ONCE = 2_000
"""Deliveries that are placed in one statement; of the others AT_ONCE are looked at one by one."""

ORPHANS_LIVE = timedelta(days=8)
THEIR_FILES_LIVE = timedelta(days=7)


class Planner:
    """The chores that move deliveries without sending."""

    def __init__(self, database: Database, limits: Mapping[Lane, Limits]) -> None:
        self._database = database
        self._limits = limits

    async def route_due(self) -> float | None:
        """Find addresses for what has none; seconds until there may be more, or None."""
        async with self._database.begin() as work:
            waiting = await work.placing.unplaced(PLACED_AT_ONCE)
            if not waiting:
                return None
            lanes = await self._place_most(work, waiting)
            rest = [it.id for it in waiting if it.id not in lanes]
            placed = await self._place(work, await work.deliveries.these(rest[:AT_ONCE]))
            await work.ledger.change(placed)
            here = {it.address.lane for it in placed if it.state == "planned" and it.address}
            work.hints.update(hints.of_lane(lane) for lane in {*lanes.values(), *here})
        return 0.0

    async def end_waits(self) -> float | None:
        """Move on what waited long enough for a report."""
        async with self._database.begin() as work:
            overdue = await work.deliveries.overdue(AT_ONCE)
            moved = [after_wait(it, self._limits_of(it), work.now) for it in overdue]
            await work.ledger.change(moved)
            if overdue:
                work.hints.add(hints.ROUTE)
        return 0.0 if overdue else None

    async def sweep(self) -> None:
        """Settle what lost its worker, and wake every lane that has something due."""
        async with self._database.begin() as work:
            await self._settle_abandoned(work)
            await adopt_missed(work, AT_ONCE, self._limits)
            await work.deliveries.cancel_planned()
            work.hints.update(_chores(await work.waking.lanes(self._limits)))

    async def tidy(self) -> None:
        """Drop what nobody will ask for any more: reports of nothing, files, who was forgotten.

        What is planned on a lane that is switched off looks for its route again.
        """
        async with self._database.begin() as work:
            for lane in await work.waking.strange(self._limits):
                await work.deliveries.unplace(lane)
                work.hints.add(hints.ROUTE)
            await work.receipts.forget_orphans(ORPHANS_LIVE)
            await work.files.purge(THEIR_FILES_LIVE)
            await work.erasing.finish(AT_ONCE)

    async def due(self) -> set[str]:
        """The chores that have something to do now."""
        async with self._database.read() as work:
            return _chores(await work.waking.lanes(self._limits))

    async def _settle_abandoned(self, work: UnitOfWork) -> None:
        abandoned = {it.id: it for it in await work.claims.abandoned(AT_ONCE)}
        lost: dict[Lane, list[After]] = defaultdict(list)
        for attempt in await work.deliveries.last_attempts(list(abandoned)):
            delivery = abandoned[attempt.delivery_id]
            limits = self._limits_of(delivery)
            after = after_send(WORKER_LOST, delivery, attempt, limits, work.now)
            lost[attempt.address.lane].append(after)
        for lane, afters in lost.items():
            await apply(work, lane, afters)

    async def _place_most(self, work: UnitOfWork, waiting: Sequence[Unplaced]) -> dict[int, Lane]:
        """Place those of broadcasts whose first address will do, set by set."""
        steps: dict[tuple[int, int], list[int]] = defaultdict(list)
        for it in waiting:
            if it.broadcast_id is not None:
                steps[it.broadcast_id, it.step].append(it.id)
        placed: dict[int, Lane] = {}
        for (broadcast_id, step), ids in steps.items():
            broadcast = await work.broadcasts.get(broadcast_id)
            if broadcast is not None and step < len(broadcast.route):
                channel = broadcast.route[step].channel
                lanes = {
                    lane: limits.window_hours is None or lane.channel in broadcast.templates
                    for lane, limits in self._limits.items()
                }
                placed |= await work.placing.place(ids, channel, lanes)
        return placed

    async def _place(self, work: UnitOfWork, waiting: Sequence[Delivery]) -> list[Delivery]:
        people = sorted({it.person_id for it in waiting if it.person_id is not None})
        candidates = await candidates_of(work, people)
        return [
            find_place(it, candidates.get(it.person_id or 0, []), self._limits, work.now)
            for it in waiting
        ]

    def _limits_of(self, delivery: Delivery) -> Limits:
        if delivery.address is None:
            raise AssertionError("a delivery that was sent has an address")
        return self._limits.get(delivery.address.lane, NOTHING)


def _chores(lanes: Sequence[Lane]) -> set[str]:
    return {hints.of_lane(lane) for lane in lanes} | {hints.READ, hints.HANDLE, hints.ROUTE}


async def candidates_of(work: UnitOfWork, people: Sequence[int]) -> dict[int, list[Candidate]]:
    """The addresses of these people as the gate sees them now."""
    standing = await work.standings.of_people(people)
    addresses = await work.standings.addresses_of(people)
    return {
        person: [
            Candidate(known.address, known.id, place_of(standing[person], known), known.free_until)
            for known in addresses[person]
        ]
        for person in people
    }
