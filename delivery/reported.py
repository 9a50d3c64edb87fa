"""What follows from a provider's later report; any order of the same reports ends the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from delivery.decide import After, after_refusal
from delivery.ends import ARRIVED, next_step, recount, run_out, settled
from delivery.told import money, reason_of, reference_of
from vestnik.address import Lane
from vestnik.channel import NOTHING, Limits
from vestnik.delivery import Attempt, Delivery
from vestnik.inbound import DeliveryReported
from vestnik.outcome import Cause, ChannelDown, Rejected, Temporary, Throttled
from vestnik.route import awaited
from vestnik.states import REACHED, later


def after_report(
    report: DeliveryReported,
    *,
    delivery: Delivery,
    attempts: Sequence[Attempt],
    number: int,
    limits: Limits,
    now: datetime,
) -> After | None:
    """What follows from a report about attempt `number` of all the delivery's attempts.

    None when it says nothing new. `limits` are those of the attempt's channel.
    """
    cause = report.cause
    known = next(attempt for attempt in attempts if attempt.number == number)
    reached = later(known.state, report.state)
    if reached == known.state:
        return None
    told = replace(
        known,
        state=reached,
        reason=None,
        reference=known.reference or reference_of(report.reference),
        cost=known.cost or money(report.cost),
    )
    others = [attempt for attempt in attempts if attempt.number != number]
    counted = recount(delivery, [*others, told])
    if reached == "failed":
        if cause is None:
            # It says nothing of the text: somebody's telephone may have been off.
            lost = _lost(Rejected("failed"), counted, replace(told, reason="failed"), now)
            return replace(lost, refused=False)
        return _lost(cause, counted, replace(told, reason=reason_of(cause)), now)
    return After(delivery=_arrived(counted, told, limits), attempt=told)


def after_reports(
    told: Iterable[tuple[DeliveryReported, Attempt]],
    *,
    deliveries: Mapping[int, Delivery],
    attempts: Mapping[int, Sequence[Attempt]],
    limits: Mapping[Lane, Limits],
    now: datetime,
) -> list[After]:
    """What follows from reports about attempts, each after those before it.

    `deliveries` and all their `attempts` are given by delivery, as they are before.
    """
    latest = dict(deliveries)
    known = {number: {it.number: it for it in of} for number, of in attempts.items()}
    afters: list[After] = []
    for report, about in told:
        tries = known[about.delivery_id]
        after = after_report(
            report,
            delivery=latest[about.delivery_id],
            attempts=list(tries.values()),
            number=about.number,
            limits=limits.get(about.address.lane, NOTHING),
            now=now,
        )
        if after is not None:
            latest[after.delivery.id] = after.delivery
            tries[after.attempt.number] = after.attempt
            afters.append(after)
    return afters


def _lost(cause: Cause, delivery: Delivery, told: Attempt, now: datetime) -> After:
    after = after_refusal(cause, delivery, told, now)
    if not _is_current(delivery, told):
        # The delivery has gone on since; what is learnt of the address still holds.
        return replace(after, delivery=_resettled(delivery, reason_of(cause)))
    if isinstance(cause, Throttled | Temporary | ChannelDown):
        # It was accepted once: another copy could arrive twice, the next step cannot.
        return replace(after, delivery=next_step(delivery, reason_of(cause), now))
    return after


def _arrived(delivery: Delivery, told: Attempt, limits: Limits) -> Delivery:
    match delivery.state:
        case "sending" | "skipped" | "cancelled":
            return delivery
        case "planned":
            # It did arrive after all: the step that was to follow is not sent any more.
            return settled(delivery) if told.state in ARRIVED else delivery
        case "waiting":
            current = _is_current(delivery, told)
            enough = awaited(delivery.current, limits.receipts) if current else "delivered"
            return settled(delivery) if later(told.state, enough) == told.state else delivery
        case _:
            return settled(delivery)


def _resettled(delivery: Delivery, reason: str) -> Delivery:
    """The end that the attempts as they are now come to, where it was theirs to decide."""
    decided = delivery.state in REACHED or delivery.state == "unknown"
    return run_out(delivery, reason) if decided else delivery


def _is_current(delivery: Delivery, attempt: Attempt) -> bool:
    last = attempt.number == delivery.attempts
    return last and delivery.state in ("waiting", "accepted", "unknown")
