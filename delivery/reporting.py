"""Takes in a provider's report of what became of a message."""

from collections.abc import Mapping

from delivery.apply import apply
from delivery.reported import after_report
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.channel import Limits
from vestnik.delivery import Attempt
from vestnik.inbound import DeliveryReported


async def take_report(
    work: UnitOfWork, lane: Lane, report: DeliveryReported, limits: Mapping[Lane, Limits]
) -> None:
    """Settle the attempts a report is about; a report about nothing known waits for its message."""
    attempts = await work.receipts.attempts_of(lane, report)
    if not attempts and not report.and_earlier:
        await work.receipts.keep_orphan(lane, report)
    for attempt in attempts:
        await _settle(work, attempt, report, limits)


async def adopt_reports(
    work: UnitOfWork, lane: Lane, references: list[str], limits: Mapping[Lane, Limits]
) -> None:
    """Take in the reports that overtook the answers to these sends."""
    for report in await work.receipts.adopt(lane, references):
        await take_report(work, lane, report, limits)


async def _settle(
    work: UnitOfWork, attempt: Attempt, report: DeliveryReported, limits: Mapping[Lane, Limits]
) -> None:
    [delivery] = await work.deliveries.locked([attempt.delivery_id])
    attempts = await work.deliveries.attempts(attempt.delivery_id)
    after = after_report(
        report,
        delivery=delivery,
        attempts=attempts,
        number=attempt.number,
        limits=limits[attempt.address.lane],
        now=work.now,
    )
    if after is not None:
        await apply(work, attempt.address.lane, [after])
