"""Stores what was decided: deliveries, attempts, and what was learnt of people and lanes."""

from collections.abc import Sequence

from delivery import hints
from delivery.decide import After
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane


async def apply(work: UnitOfWork, lane: Lane, afters: Sequence[After]) -> None:
    """Store the consequences of results that came from one lane; the deliveries are locked."""
    await work.ledger.change([after.delivery for after in afters])
    await work.ledger.note([after.attempt for after in afters])
    await learn(work, lane, afters)


async def learn(work: UnitOfWork, lane: Lane, afters: Sequence[After]) -> None:
    """Store what these results tell of people and of the lane."""
    for after in afters:
        if after.closes or after.closes_window or after.withdraws:
            await _learn(work, after)
    for bulk in (False, True):
        pauses = [it for it in afters if it.lane_pause is not None and it.lane_bulk is bulk]
        if pauses:
            longest = max(it.lane_pause or 0.0 for it in pauses)
            down = next((it.lane_down for it in pauses if it.lane_down), None)
            await work.lanes.pause(lane, longest, down=down, bulk=bulk)
    if any(it.delivery.state == "planned" and it.delivery.address is None for it in afters):
        work.hints.add(hints.ROUTE)


async def _learn(work: UnitOfWork, after: After) -> None:
    address_id = after.attempt.address_id
    if address_id is None:
        return
    if after.closes:
        await work.people.close(address_id, after.closes)
    if after.closes_window:
        await work.people.close_window(address_id)
    person_id = after.delivery.person_id
    if after.withdraws and person_id is not None:
        actor = f"provider:{after.attempt.address.channel}"
        await work.consents.withdraw(person_id, "advertising", actor=actor, evidence=None)
