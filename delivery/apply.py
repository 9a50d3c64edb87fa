"""Stores what was decided: deliveries, attempts, and what was learnt of people and lanes."""

from collections.abc import Sequence

from delivery import hints
from delivery.decide import After
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane


async def apply(work: UnitOfWork, lane: Lane, afters: Sequence[After]) -> None:
    """Store the consequences of results that came from one lane; the deliveries are locked."""
    await store(work, afters)
    await learn(work, lane, afters)


async def store(work: UnitOfWork, afters: Sequence[After]) -> None:
    """Store deliveries and attempts, as the last of their consequences left them."""
    deliveries = {it.delivery.id: it.delivery for it in afters}
    attempts = {(it.attempt.delivery_id, it.attempt.number): it.attempt for it in afters}
    await work.deliveries.change(list(deliveries.values()))
    await work.deliveries.note(list(attempts.values()))
    if any(it.state == "planned" and it.address is None for it in deliveries.values()):
        work.hints.add(hints.ROUTE)


async def learn(work: UnitOfWork, lane: Lane, afters: Sequence[After]) -> None:
    """Store what results from one lane tell of its people and of itself."""
    known = [(it, it.attempt.address_id) for it in afters if it.attempt.address_id is not None]
    await work.reachability.close({where: it.closes for it, where in known if it.closes})
    await work.reachability.close_windows({where for it, where in known if it.closes_window})
    left = {it.delivery.person_id for it in afters if it.withdraws}
    for person_id in sorted(it for it in left if it is not None):
        actor = f"provider:{lane.channel}"
        await work.consents.withdraw(person_id, "advertising", actor=actor, evidence=None)
    for bulk in (False, True):
        pauses = [it for it in afters if it.lane_pause is not None and it.lane_bulk is bulk]
        if pauses:
            longest = max(it.lane_pause or 0.0 for it in pauses)
            down = next((it.lane_down for it in pauses if it.lane_down), None)
            await work.lanes.pause(lane, longest, down=down, bulk=bulk)
