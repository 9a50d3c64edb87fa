"""Tells which unknown message somebody pressed or answered, where message numbers only grow.

A provider's answer was lost, so nobody knows the message's id. Later the person presses a button
of a message, or answers one, whose id none of our attempts has. Telegram numbers the messages of a
chat in their order: if exactly one unknown attempt fits between the ids of its neighbours, it is
that message, and it arrived.
"""

from collections.abc import Sequence
from datetime import datetime

from storage.proofs import Tried
from storage.unit_of_work import UnitOfWork
from vestnik.delivery import Attempt


async def unaccounted(
    work: UnitOfWork, address_id: int, reference: str, at: datetime
) -> Attempt | None:
    """The unknown attempt at an address whose message `reference` must be, named at that time.

    None where none is known by a number, where the message is the person's own, or where more
    than one may be meant.
    """
    if not reference.isdecimal():
        return None
    tried = await work.proofs.tried_at(address_id)
    found = proven(int(reference), at, tried)
    if found is None or await work.proofs.is_theirs(address_id, reference):
        return None
    return found


def proven(number: int, at: datetime, tried: Sequence[Tried]) -> Attempt | None:
    """Of what was tried at one address, the one unknown attempt that message `number` can be.

    Nothing is proved while something is being sent there: the person may have been quicker than
    the provider's answer. Nor is it for the first message we know of, since another program may
    have written before us.
    """
    if any(it.finished_at is None for it in tried):
        return None
    if any(_number(it) == number for it in tried):
        return None
    fitting = [it for it in tried if _is_unsure(it) and it.started_at < at]
    fitting = [it for it in fitting if _fits(number, it, tried)]
    return fitting[0].attempt if len(fitting) == 1 else None


def _fits(number: int, unsure: Tried, tried: Sequence[Tried]) -> bool:
    """Whether the number lies above all that was begun before, and below all that came after."""
    known = [(it, place) for it in tried if (place := _number(it)) is not None]
    before = [place for it, place in known if it.started_at < unsure.started_at]
    ended = unsure.finished_at or unsure.started_at
    after = [place for it, place in known if it.started_at >= ended]
    return bool(before) and max(before) < number and all(number < place for place in after)


def _is_unsure(it: Tried) -> bool:
    return it.attempt.state == "unknown" and it.attempt.reference is None


def _number(it: Tried) -> int | None:
    reference = it.attempt.reference
    return int(reference) if reference and reference.isdecimal() else None
