"""Keeps within the number of people whom a provider lets us write to first in a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from delivery.ends import next_step
from delivery.preparing import Ready, unbegun
from storage.initiations import DAILY_LIMIT, MOVING_DAY
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
    opened = [_opened(it) for it in prepared]
    opening = {address_id for address_id in opened if address_id is not None}
    if not opening:
        return list(prepared)
    counted = await work.initiations.count(lane)
    inside = await work.initiations.among(lane, opening)
    late: dict[bool, dict[int, Delivery]] = {False: {}, True: {}}
    for place, (it, address_id) in enumerate(zip(prepared, opened, strict=True)):
        if isinstance(it, Delivery) or address_id is None or address_id in inside:
            continue
        bulk = it[0].kind == "broadcast"
        if counted < _allowed(people_a_day, bulk=bulk):
            inside.add(address_id)
            counted += 1
        else:
            late[bulk][place] = it[0]
    await work.initiations.note(lane, inside)
    kept = list(prepared)
    for bulk, waiting in late.items():
        allowed = _allowed(people_a_day, bulk=bulk)
        ahead = await work.initiations.waiting(lane, bulk=bulk) if waiting else 0
        rooms = await _rooms(
            work, lane, len(waiting), ahead=ahead, allowed=allowed, over=counted - allowed
        )
        for (place, begun), room_at in zip(waiting.items(), rooms, strict=True):
            kept[place] = _later(begun, room_at, work.now)
    return kept


def _opened(it: Ready | Delivery) -> int | None:
    """The address that is written to first, if it is."""
    if isinstance(it, Delivery) or it[1].form != "template":
        return None
    return it[1].address_id


def _allowed(people_a_day: int, *, bulk: bool) -> int:
    """Broadcasts leave a reserve."""
    return people_a_day - int(people_a_day * RESERVE) if bulk else people_a_day


async def _rooms(
    work: UnitOfWork, lane: Lane, many: int, *, ahead: int, allowed: int, over: int
) -> list[datetime]:
    """When so many places become free, behind those `ahead`, who each have a place of their own.

    All `allowed` places are taken, and `over` people more count. Whoever leaves the moving day
    leaves a place; who takes it keeps it for a day again.
    """
    rooms: list[datetime] = []
    days, taken = divmod(ahead, allowed)
    while len(rooms) < many:
        most = min(many - len(rooms), allowed - taken)
        leaving = await work.initiations.leaving(lane, over + taken, most)
        rooms += [at + MOVING_DAY * days for at in leaving]
        days, taken = days + 1, 0
    return rooms


def _later(begun: Delivery, room_at: datetime, now: datetime) -> Delivery:
    """The delivery as it was before its attempt: due when there is room, or at its next step."""
    delivery = unbegun(begun)
    if delivery.expires_at is not None and room_at >= delivery.expires_at:
        return next_step(delivery, DAILY_LIMIT, now)
    return replace(delivery, due_at=room_at, reason=DAILY_LIMIT)
