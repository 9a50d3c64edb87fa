"""Stores what came of calls, those of many requests in one transaction."""

from collections.abc import Mapping, Sequence

import structlog

from delivery import hints
from delivery.apply import learn
from delivery.decide import After, after_send
from delivery.flight import Landed
from delivery.packing import spent_handles, with_own_handle
from delivery.preparing import Ready, softened
from delivery.reporting import adopt_reports
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.channel import Limits
from vestnik.delivery import Delivery
from vestnik.outcome import SendResult

log = structlog.get_logger(__name__)

Outcome = tuple[Ready, SendResult, frozenset[str]]
"""What was called for, what came of it, and the handles that its request has spent."""


async def settle(
    work: UnitOfWork, lane: Lane, landed: Sequence[Landed], limits: Mapping[Lane, Limits]
) -> None:
    """Store the outcomes of these requests, and what was learnt from them."""
    outcomes = [outcome for it in landed for outcome in _outcomes(it)]
    mine = limits[lane]
    afters = [(it, _after(it, it[0][0], mine, work)) for it in outcomes]
    stored = await work.ledger.settle(
        [(ready[0], after.delivery, after.attempt) for (ready, _, _), after in afters]
    )
    known = [after for _, after in afters if after.delivery.id in stored]
    if len(known) < len(afters):
        late = [it for it in outcomes if it[0][0].id not in stored]
        known += await _settle_one_by_one(work, late, mine)
    # Of the others nothing is asked by their ids alone.
    asked = [it for it in known if mine.receipts or it.delivery.broadcast_id is None]
    await work.ledger.name([it.attempt for it in asked])
    for it in landed:
        await work.files.uploaded(lane, it.called.uploads)
        await work.files.forget(lane, it.called.stale)
    if mine.receipts:
        await adopt_reports(work, lane, [it.attempt for it in known], limits)
    await learn(work, lane, known)
    # Whose turn comes after an answer waits for it; a broadcast's next batch waits for nothing.
    if any(it.delivery.broadcast_id is None or it.delivery.state == "planned" for it in known):
        work.hints.add(hints.of_lane(lane))


async def _settle_one_by_one(
    work: UnitOfWork, late: Sequence[Outcome], limits: Limits
) -> list[After]:
    """Outcomes of what changed since its call began: a report of an earlier try, or a new claim."""
    held = {it.id: it for it in await work.deliveries.locked([ready[0].id for ready, _, _ in late])}
    afters = []
    for outcome in late:
        begun, now = outcome[0][0], held[outcome[0][0].id]
        if now.fence != begun.fence or now.state != "sending":
            log.warning("late_outcome_refused", delivery=begun.id, fence=begun.fence)
            continue
        afters.append(_after(outcome, now, limits, work))
    await work.ledger.change([it.delivery for it in afters])
    await work.ledger.note([it.attempt for it in afters])
    return afters


def _outcomes(landed: Landed) -> list[Outcome]:
    ready, results = landed.request.ready, landed.called.results
    spent = spent_handles(ready, results)
    return [(it, result, spent) for it, result in zip(ready, results, strict=True)]


def _after(outcome: Outcome, now: Delivery, limits: Limits, work: UnitOfWork) -> After:
    (begun, attempt, send), answer, spent = outcome
    after = after_send(softened(answer, begun, send), now, attempt, limits, work.now)
    return with_own_handle(after, begun, spent)
