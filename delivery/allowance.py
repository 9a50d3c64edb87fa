"""Keeps within the number of people whom a provider lets us write to first in a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from delivery.ends import next_step
from delivery.preparing import Ready
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.delivery import Delivery

RESERVE = 0.05
"""The part of a day's allowance that broadcasts leave to messages people wait for."""


async def within_allowance(
    work: UnitOfWork, lane: Lane, prepared: Sequence[Ready | Delivery], people_a_day: int
) -> list[Ready | Delivery]:
    """What is prepared; messages that open a conversation beyond the allowance wait or go on.

    Somebody we wrote first to within the day counts once. A message that may not wait until there
    is room again takes its next step.
    """
    opening = [
        attempt.address_id
        for _, attempt, _ in (it for it in prepared if not isinstance(it, Delivery))
        if attempt.form == "template" and attempt.address_id is not None
    ]
    if not opening:
        return list(prepared)
    counted = await work.initiations.count(lane)
    known = await work.initiations.among(lane, opening)
    kept: list[Ready | Delivery] = []
    fresh: set[int] = set()
    waiting = 0
    for it in prepared:
        address_id = None if isinstance(it, Delivery) else it[1].address_id
        if isinstance(it, Delivery) or address_id not in opening or address_id in known | fresh:
            kept.append(it)
        elif counted + len(fresh) < _allowed(it[0], people_a_day):
            fresh.add(address_id or 0)
            kept.append(it)
        else:
            waiting += 1
            room_at = await work.initiations.free_at(lane, waiting)
            kept.append(_later(it, room_at, work.now))
    await work.initiations.note(lane, fresh | (known & set(opening)))
    return kept


def _allowed(delivery: Delivery, people_a_day: int) -> int:
    """Broadcasts leave a reserve."""
    if delivery.kind != "broadcast":
        return people_a_day
    return people_a_day - int(people_a_day * RESERVE)


def _later(ready: Ready, room_at: datetime, now: datetime) -> Delivery:
    """The delivery as it was before its attempt: due when there is room, or at its next step."""
    begun = ready[0]
    delivery = replace(begun, state="planned", attempts=begun.attempts - 1)
    if delivery.expires_at is not None and room_at >= delivery.expires_at:
        return next_step(delivery, "daily_limit", now)
    return replace(delivery, due_at=room_at, reason="daily_limit")
