"""Takes in a provider's report of what became of a message."""

from collections.abc import Mapping, Sequence

from delivery.apply import apply
from delivery.reported import after_report
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.channel import NOTHING, Limits
from vestnik.delivery import Attempt
from vestnik.inbound import DeliveryReported, Happened


async def take_report(
    work: UnitOfWork, lane: Lane, report: DeliveryReported, limits: Mapping[Lane, Limits]
) -> None:
    """Settle the attempts a report is about; a report that overtook its message's answer waits."""
    attempts = await work.receipts.attempts_of(lane, report)
    if not attempts and not report.and_earlier:
        await work.receipts.keep_orphan(lane, report)
    if report.free_until is not None:
        for address_id in {it.address_id for it in attempts if it.address_id is not None}:
            await work.people.free_until(address_id, report.free_until)
    # In the order in which everybody locks deliveries.
    for attempt in sorted(attempts, key=lambda it: (it.delivery_id, it.number)):
        await _settle(work, attempt, report, limits)


async def take_proof(
    work: UnitOfWork,
    seen: Happened,
    reference: str,
    address_id: int,
    limits: Mapping[Lane, Limits],
) -> None:
    """What somebody pressed, answered or reacted to was read: some channels do not say so."""
    attempt = await work.receipts.at(address_id, reference)
    if attempt is None or attempt.state not in ("accepted", "delivered"):
        return
    report = DeliveryReported(
        event_id=seen.event_id,
        address=seen.address,
        author=seen.author,
        at=seen.at,
        reference=reference,
        state="read",
    )
    await _settle(work, attempt, report, limits)


async def adopt_reports(
    work: UnitOfWork, lane: Lane, known: Sequence[Attempt], limits: Mapping[Lane, Limits]
) -> None:
    """Take in the reports that overtook the answers to these sends."""
    for report in await work.receipts.adopt(lane, known):
        await take_report(work, lane, report, limits)


async def adopt_missed(work: UnitOfWork, most: int, limits: Mapping[Lane, Limits]) -> None:
    """Take in reports that were committed at the same moment as the answers to their sends."""
    missed = await work.receipts.adoptable(most)
    if not missed:
        return
    for delivery in await work.deliveries.locked(missed):
        for attempt in await work.deliveries.attempts(delivery.id):
            await adopt_reports(work, attempt.address.lane, [attempt], limits)


async def _settle(
    work: UnitOfWork, attempt: Attempt, report: DeliveryReported, limits: Mapping[Lane, Limits]
) -> None:
    lane = attempt.address.lane
    [delivery] = await work.deliveries.locked([attempt.delivery_id])
    attempts = await work.deliveries.attempts(attempt.delivery_id)
    if any(it.number == attempt.number and it.state == "sending" for it in attempts):
        await work.receipts.keep_orphan(lane, report, handle=attempt.handle)
        return
    after = after_report(
        report,
        delivery=delivery,
        attempts=attempts,
        number=attempt.number,
        limits=limits.get(lane, NOTHING),
        now=work.now,
    )
    if after is not None:
        await apply(work, lane, [after])
