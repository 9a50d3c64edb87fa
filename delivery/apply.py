"""Stores what was decided: deliveries, attempts, and what was learnt of people and lanes."""

import random
from collections.abc import Sequence

import structlog

from delivery import hints
from delivery.breaker import SILENCE, Tally, after_answers, tally
from delivery.decide import BULK_DOWN_FOR, After
from delivery.refusals import count_refusals
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane

log = structlog.get_logger(__name__)


async def apply(work: UnitOfWork, lane: Lane, afters: Sequence[After]) -> None:
    """Store the consequences of results that came from one lane; the deliveries are locked."""
    await store(work, afters)
    await learn(work, lane, afters)


async def store(work: UnitOfWork, afters: Sequence[After]) -> None:
    """Store deliveries and attempts, as the last of their consequences left them."""
    deliveries = {it.delivery.id: it.delivery for it in afters}
    attempts = {(it.attempt.delivery_id, it.attempt.number): it.attempt for it in afters}
    await work.ledger.change(list(deliveries.values()))
    await work.ledger.note(list(attempts.values()))


async def learn(work: UnitOfWork, lane: Lane, afters: Sequence[After]) -> None:
    """Store what results from one lane tell of its people and of itself.

    The lane's row comes last: it is the one that all flushes share, and is held the shortest so.
    """
    telling = [it for it in afters if it.closes or it.closes_window or it.withdraws]
    if telling:
        await _learn_of_people(work, lane, telling)
    for it in afters:
        if it.address_pause is not None:
            await work.lanes.hold(it.attempt.address, it.delivery.person_id, it.address_pause)
    if any(it.delivery.state == "planned" and it.delivery.address is None for it in afters):
        work.hints.add(hints.ROUTE)
    await count_refusals(work, afters)
    await _learn_of_lane(work, lane, afters)


async def _learn_of_people(work: UnitOfWork, lane: Lane, afters: Sequence[After]) -> None:
    known = [(it, it.attempt.address_id) for it in afters if it.attempt.address_id is not None]
    await work.reachability.close({where: it.closes for it, where in known if it.closes})
    await work.reachability.close_windows({where for it, where in known if it.closes_window})
    left = {it.delivery.person_id for it in afters if it.withdraws}
    for person_id in sorted(it for it in left if it is not None):
        actor = f"provider:{lane.channel}"
        await work.consents.withdraw(person_id, "advertising", actor=actor, evidence=None)


async def _learn_of_lane(work: UnitOfWork, lane: Lane, afters: Sequence[After]) -> None:
    pause = max((it.lane_pause for it in afters if it.lane_pause is not None), default=None)
    if pause is not None:
        await work.lanes.pause(lane, pause)
    held_back = next((it.lane_down for it in afters if it.lane_down and it.lane_bulk), None)
    if held_back is not None:
        await work.lanes.stop(lane, BULK_DOWN_FOR.total_seconds(), held_back, bulk=True)
        work.hints.add(hints.WATCH)
    told = tally(afters)
    if told != SILENCE or pause is not None:
        await _count(work, lane, told)


async def _count(work: UnitOfWork, lane: Lane, told: Tally) -> None:
    """Take the answers into the lane's breaker; a lane in health costs one read and no write."""
    luck = random.random()  # noqa: S311 (no secret: it spreads rests)
    known = await work.lanes.breaker(lane)
    if after_answers(known, told, work.now, luck) == known:
        return
    known = await work.lanes.breaker(lane, until_commit=True)
    changed = after_answers(known, told, work.now, luck)
    await work.lanes.keep(lane, changed)
    if changed.openings != known.openings:
        what = "lane_opened" if changed.openings else "lane_closed"
        log.warning(what, lane=str(lane), in_a_row=changed.openings, why=changed.why)
        work.hints.update((hints.WATCH, hints.of_lane(lane)))
