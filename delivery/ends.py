"""Where a delivery goes when a step is over: to the next one, or to its end."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from vestnik.address import ChannelName
from vestnik.delivery import MOST_ATTEMPTS, Attempt, Delivery
from vestnik.states import REACHED, AttemptState

ARRIVED: frozenset[AttemptState] = frozenset(("delivered", "read"))
"""The person has the message: nothing more is sent."""

Settled = Literal["failed", "unknown", "accepted", "delivered", "read"]

_RANK: dict[Settled, int] = {"failed": 0, "unknown": 1, "accepted": 2, "delivered": 3, "read": 4}


def credit(delivery: Delivery, state: Settled, channel: ChannelName) -> Delivery:
    """The delivery with what an attempt came to, unless one before it came to more."""
    best, reached = credited(delivery, state, channel)
    return replace(delivery, best=best, reached=reached)


def credited(
    delivery: Delivery, state: Settled, channel: ChannelName
) -> tuple[Settled, ChannelName | None]:
    """The best that came of a delivery once an attempt came to this, and on which channel."""
    if delivery.best in _RANK and _RANK[delivery.best] > _RANK[state]:
        return delivery.best, delivery.reached
    return state, channel if state in REACHED else None


def recount(delivery: Delivery, attempts: Iterable[Attempt]) -> Delivery:
    """The delivery with the best of its attempts, whatever was thought before."""
    fresh = replace(delivery, best=None, reached=None)
    for attempt in sorted(attempts, key=lambda it: it.number):
        if attempt.state != "sending":
            fresh = credit(fresh, attempt.state, attempt.address.channel)
    return fresh


def next_step(delivery: Delivery, reason: str, now: datetime) -> Delivery:
    """On to the route's next step; without one, the best that came so far is the end."""
    if delivery.step + 1 < len(delivery.route) and delivery.attempts < MOST_ATTEMPTS:
        return replace(
            delivery,
            state="planned",
            step=delivery.step + 1,
            address=None,
            address_id=None,
            reason=reason,
            due_at=now,
            tries=0,
            again=None,
        )
    return run_out(delivery, reason)


def wait(delivery: Delivery, until: datetime, reason: str) -> Delivery:
    """Not before; `reason` tells why, unless a step that failed has left its own."""
    return replace(delivery, due_at=until, reason=delivery.reason if delivery.best else reason)


def stop(delivery: Delivery, reason: str) -> Delivery:
    """The end for this reason, whatever steps are left; whom a step reached stays reached."""
    return run_out(replace(delivery, reason=reason), reason)


def run_out(delivery: Delivery, reason: str) -> Delivery:
    """No step is left: reached, unknown or failed; skipped if nothing was ever tried."""
    match delivery.best:
        case "accepted" | "delivered" | "read":
            return settled(delivery)
        case "unknown" | "failed":
            return replace(delivery, state=delivery.best, reason=delivery.reason or reason)
        case _:
            return replace(delivery, state="skipped", reason=reason)


def settled(delivery: Delivery) -> Delivery:
    """The delivery at the end that its best attempt came to."""
    if delivery.best is None or delivery.best not in REACHED:
        raise ValueError(f"delivery {delivery.id} reached nobody yet: {delivery.best}")
    return replace(delivery, state=delivery.best, reason=None)
