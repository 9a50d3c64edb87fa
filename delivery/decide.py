"""What follows from a result: the one pure function between what a provider says and the ledger."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isnan
from typing import assert_never

from delivery.ends import ARRIVED, credit, credited, next_step, run_out, settled, stop
from delivery.told import money, reason_of, reference_of
from vestnik.changing import changed
from vestnik.channel import Limits
from vestnik.delivery import MOST_ATTEMPTS, Attempt, Delivery
from vestnik.outcome import (
    Ambiguous,
    Cause,
    ChannelDown,
    Declined,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)
from vestnik.route import awaited

BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 60, 180, 600))
"""Pauses between tries of a step that is refused for a reason that passes; then the next step."""

SHORTEST_PAUSE, SOME_PAUSE, LONGEST_PAUSE = 0.5, 30.0, 3600.0
"""Seconds that a provider's "too fast" holds us up, whatever it says. Messages are valid for a day:
one garbled number must not cost them all, and a provider that means more than an hour repeats it.
"""

AGAIN_AFTER = timedelta(seconds=5)
AGAIN_TRIES = 5
"""How often an unknown message is sent again where the provider drops copies by its handle."""

AGAIN_WITHIN = timedelta(minutes=55)
"""For how long a copy is surely dropped: VK remembers a request for an hour (guarantees.md)."""

DOWN_FOR = timedelta(minutes=1)
"""How long a message waits whose account cannot send; its lane's breaker may rest longer."""

BULK_DOWN_FOR = timedelta(minutes=15)
"""How long a lane's broadcasts rest that its provider restricts, before one is tried again."""

WORKER_LOST = Ambiguous("worker_lost")
"""What came of a send whose worker died: nobody knows, and the provider is not to blame."""

NOT_CALLED = Throttled(1.0, "address")
"""What came of a send that was begun and then had to wait too long for its call: try it soon."""

ECHO_WAIT = timedelta(seconds=60)
"""How long a provider's echo may take to say that an unknown message did arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What is to be stored after a result: the delivery and the attempt as they now are.

    `closes` is why the address is closed, `address_pause` for how many seconds it rests,
    `withdraws` that the person opted out. `lane_pause` is for how many seconds the lane rests,
    `lane_down` why its account cannot send (`lane_bulk`: broadcasts alone), `lane_failed` whether
    the call failed as calls on an ill lane do (None: it says nothing of that). `refused`: the
    message itself is wrong, and would be for everybody.
    """

    delivery: Delivery
    attempt: Attempt
    closes: str | None = None
    closes_window: bool = False
    withdraws: bool = False
    address_pause: float | None = None
    lane_pause: float | None = None
    lane_down: str | None = None
    lane_bulk: bool = False
    lane_failed: bool | None = None
    refused: bool = False


def after_send(
    result: SendResult, delivery: Delivery, attempt: Attempt, limits: Limits, now: datetime
) -> After:
    """What follows from the answer to a send."""
    failed = _lane_failed(result)
    match result:
        case Sent(reference, segments, cost):
            taken = changed(
                attempt,
                state="accepted",
                reference=reference_of(reference),
                segments=segments,
                cost=money(cost),
            )
            went = _accepted(delivery, attempt, limits, now)
            return After(delivery=went, attempt=taken, lane_failed=failed)
        case Ambiguous():
            unsure = changed(attempt, state="unknown", reason=reason_of(result))
            waits = _unless_reached(_unsure(delivery, unsure, limits, now))
            return After(delivery=waits, attempt=unsure, lane_failed=failed)
        case _:
            lost = changed(attempt, state="failed", reason=reason_of(result))
            after = after_refusal(result, delivery, lost, now)
            goes_on = _unless_reached(after.delivery)
            return replace(after, delivery=goes_on, lane_failed=failed)


def after_refusal(result: Cause, delivery: Delivery, lost: Attempt, now: datetime) -> After:
    """What follows from a refusal, at once or reported later; the attempt has failed."""
    failed = credit(delivery, "failed", lost.address.channel)
    match result:
        case Throttled(retry_after, scope):
            rest = _bearable(retry_after)
            waits = _unchanged(delivery, lost, now + timedelta(seconds=rest))
            if scope == "address":
                return After(delivery=waits, attempt=lost, address_pause=rest)
            return After(delivery=waits, attempt=lost, lane_pause=rest)
        case Temporary():
            return After(delivery=back_off(failed, lost.reason or "temporary", now), attempt=lost)
        case ChannelDown(why, bulk):
            down_for = BULK_DOWN_FOR if bulk else DOWN_FOR
            waits = _unchanged(delivery, lost, now + down_for)
            return After(delivery=waits, attempt=lost, lane_down=why, lane_bulk=bulk)
        case Unreachable(why):
            if why == "opted_out":
                return After(delivery=stop(failed, why), attempt=lost, withdraws=True)
            return After(delivery=next_step(failed, why, now), attempt=lost, closes=why)
        case Declined():
            on = next_step(failed, reason_of(result), now)
            return After(delivery=on, attempt=lost)
        case WindowClosed():
            on = _without_window(failed, lost, now)
            return After(delivery=on, attempt=lost, closes_window=True)
        case Rejected():
            return After(delivery=stop(failed, reason_of(result)), attempt=lost, refused=True)
    assert_never(result)


def back_off(failed: Delivery, reason: str, now: datetime) -> Delivery:
    """The delivery due a little later; after the last try of a step, at the next one."""
    tries = failed.tries + 1
    if tries > len(BACKOFF) or failed.attempts >= MOST_ATTEMPTS:
        return next_step(failed, reason, now)
    due = now + BACKOFF[tries - 1]
    return replace(failed, state="planned", due_at=due, tries=tries, reason=reason)


def after_wait(delivery: Delivery, limits: Limits, now: datetime) -> Delivery:
    """What follows when the time of a step is over and nothing more was heard."""
    if delivery.best == "unknown" and policy(delivery, limits) != "next":
        return replace(delivery, state="unknown")
    return next_step(delivery, "timeout", now)


def parked(delivery: Delivery, unsure_since: datetime | None, now: datetime) -> Delivery | None:
    """The delivery as unknown, when it is too late to send an unknown message once more."""
    if delivery.again is None or unsure_since is None or now - unsure_since < AGAIN_WITHIN:
        return None
    return run_out(replace(delivery, again=None), "unknown")


def policy(delivery: Delivery, limits: Limits) -> str:
    """What to do about a message nobody can account for: the step's word, else the channel's."""
    return delivery.current.on_unknown or limits.on_unknown


def _lane_failed(result: SendResult) -> bool | None:
    """Whether the call failed as on an ill lane; a lane's pauses and stops have their own rules."""
    if result in (WORKER_LOST, NOT_CALLED):
        return None
    match result:
        case Throttled(scope=scope):
            return None if scope == "lane" else False
        case ChannelDown():
            return None
        case Temporary() | Ambiguous():
            return True
        case Sent() | Unreachable() | Declined() | WindowClosed() | Rejected():
            return False
    assert_never(result)


def _accepted(delivery: Delivery, attempt: Attempt, limits: Limits, now: datetime) -> Delivery:
    best, reached = credited(delivery, "accepted", attempt.address.channel)
    waits = awaited(delivery.current, limits.receipts) != "accepted" and best not in ARRIVED
    wait = timedelta(seconds=delivery.current.seconds)
    return changed(
        delivery,
        state="waiting" if waits else best,
        due_at=now + wait if waits else delivery.due_at,
        again=None,
        reason=None,
        best=best,
        reached=reached,
    )


def _unsure(delivery: Delivery, attempt: Attempt, limits: Limits, now: datetime) -> Delivery:
    tries = delivery.tries + 1
    unsure = replace(
        credit(delivery, "unknown", attempt.address.channel), tries=tries, reason=attempt.reason
    )
    chosen = policy(delivery, limits)
    if chosen == "again" and tries <= AGAIN_TRIES:
        due = now + AGAIN_AFTER * tries
        return replace(unsure, state="planned", due_at=due, again=attempt.handle)
    if chosen == "park" and tries == 1 and delivery.broadcast_id is None:
        # A dialog waits for its answer: a copy is better than silence, once.
        return replace(unsure, state="planned", due_at=now + AGAIN_AFTER, again=None)
    wait = timedelta(seconds=delivery.current.seconds)
    longest = max(wait, ECHO_WAIT) if chosen == "next" else wait
    return replace(unsure, state="waiting", due_at=now + longest)


def _without_window(failed: Delivery, lost: Attempt, now: datetime) -> Delivery:
    if failed.template and lost.form == "free":
        return replace(failed, state="planned", due_at=now, reason="window_closed", again=None)
    return next_step(failed, "window_closed", now)


def _unchanged(delivery: Delivery, lost: Attempt, due: datetime) -> Delivery:
    """Planned as before, under the handle that was given to nobody."""
    return replace(delivery, state="planned", due_at=due, again=lost.handle)


def _unless_reached(delivery: Delivery) -> Delivery:
    """No further try for somebody whom an earlier step has reached meanwhile."""
    goes_on = delivery.state in ("planned", "waiting")
    return settled(delivery) if goes_on and delivery.best in ARRIVED else delivery


def _bearable(seconds: float) -> float:
    return SOME_PAUSE if isnan(seconds) else min(max(seconds, SHORTEST_PAUSE), LONGEST_PAUSE)
