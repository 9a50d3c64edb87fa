"""What staff decide about a message nobody can account for, and what follows from it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from delivery.ends import recount, run_out, settled
from vestnik.delivery import MOST_ATTEMPTS, SENT_AGAIN, Attempt, Delivery

Decision = Literal["accepted", "failed", "again"]

ARRIVED_AFTER_ALL, LOST_AFTER_ALL = "resolved:accepted", "resolved:failed"


class NotResolvable(Exception):
    """This cannot be decided; the text says of which message, and why."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The delivery as it is now, and those of its attempts that changed."""

    delivery: Delivery
    attempts: tuple[Attempt, ...]


def resolve(
    delivery: Delivery, attempts: Sequence[Attempt], decision: Decision, now: datetime
) -> Resolved:
    """What follows from the decision; `attempts` are all of the delivery's. Raises NotResolvable.

    A failure that staff decide on is the end: no further step of the route follows days later.
    What is sent again is a new message with a handle of its own and passes the gate like any.
    """
    unsure = tuple(it for it in attempts if it.state == "unknown")
    if delivery.state != "unknown" or not unsure:
        raise NotResolvable(f"message {delivery.id} is not unknown but {delivery.state}")
    match decision:
        case "accepted":
            told = replace(unsure[-1], state="accepted", reason=ARRIVED_AFTER_ALL)
            return Resolved(settled(_counted(delivery, attempts, told)), (told,))
        case "failed":
            lost = [replace(it, state="failed", reason=LOST_AFTER_ALL) for it in unsure]
            counted = replace(_counted(delivery, attempts, *lost), reason=LOST_AFTER_ALL)
            return Resolved(run_out(counted, LOST_AFTER_ALL), tuple(lost))
        case "again":
            marked = tuple(replace(it, reason=SENT_AGAIN) for it in unsure)
            return Resolved(_planned_again(delivery, unsure[-1], now), marked)
    assert_never(decision)


def _planned_again(delivery: Delivery, unsure: Attempt, now: datetime) -> Delivery:
    if delivery.expires_at is not None and delivery.expires_at <= now:
        until = delivery.expires_at.isoformat(timespec="minutes")
        raise NotResolvable(f"message {delivery.id} was to be sent until {until} only")
    if delivery.attempts >= MOST_ATTEMPTS:
        raise NotResolvable(f"message {delivery.id} was tried {delivery.attempts} times already")
    there = delivery.step == unsure.step
    return replace(
        delivery,
        state="planned",
        reason=SENT_AGAIN,
        step=unsure.step,
        address=delivery.address if there else None,
        address_id=delivery.address_id if there else None,
        due_at=now,
        tries=0,
        again=None,
    )


def _counted(delivery: Delivery, attempts: Sequence[Attempt], *changed: Attempt) -> Delivery:
    by_number = {it.number: it for it in (*attempts, *changed)}
    return recount(delivery, by_number.values())
