"""Takes in providers' reports of what became of messages, many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from delivery.apply import learn, store
from delivery.proofs import unaccounted
from delivery.reported import after_reports
from storage.receipts import Orphan
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.channel import Limits
from vestnik.delivery import Attempt
from vestnik.inbound import DeliveryReported, Happened

Told = tuple[Lane, DeliveryReported]
"""A report, and the lane it came in on."""


async def take_reports(
    work: UnitOfWork, told: Sequence[Told], limits: Mapping[Lane, Limits]
) -> None:
    """Settle the attempts that reports are about, in the order they were told.

    A report that overtook its message's answer waits. The statements are as many for hundreds of
    reports as for one.
    """
    meant = await _meant(work, told)
    unknown = [
        Orphan(lane, report)
        for (lane, report), attempts in zip(told, meant, strict=True)
        if not attempts and not report.and_earlier
    ]
    await work.receipts.keep_orphans(unknown)
    about = [
        (report, attempt)
        for (_, report), attempts in zip(told, meant, strict=True)
        for attempt in attempts
    ]
    await _settle(work, about, limits)
    free: dict[int, datetime] = {}
    for report, attempt in about:
        if report.free_until is not None and attempt.address_id is not None:
            known = free.get(attempt.address_id, report.free_until)
            free[attempt.address_id] = max(known, report.free_until)
    await work.reachability.free_until(free)


async def take_proof(
    work: UnitOfWork,
    seen: Happened,
    reference: str,
    address_id: int,
    limits: Mapping[Lane, Limits],
) -> None:
    """What somebody pressed, answered or reacted to was read: some channels do not say so."""
    attempt = await work.receipts.at(address_id, reference)
    if attempt is None:
        attempt = await unaccounted(work, address_id, reference, seen.at)
    if attempt is None or attempt.state not in ("accepted", "delivered", "unknown"):
        return
    report = DeliveryReported(
        event_id=seen.event_id,
        address=seen.address,
        author=seen.author,
        at=seen.at,
        reference=reference,
        state="read",
    )
    await _settle(work, [(report, attempt)], limits)


async def adopt_reports(
    work: UnitOfWork, lane: Lane, known: Sequence[Attempt], limits: Mapping[Lane, Limits]
) -> None:
    """Take in the reports that overtook the answers to these sends."""
    reports = await work.receipts.adopt(lane, known)
    await take_reports(work, [(lane, report) for report in reports], limits)


async def adopt_missed(work: UnitOfWork, most: int, limits: Mapping[Lane, Limits]) -> None:
    """Take in reports that were committed at the same moment as the answers to their sends."""
    missed = await work.receipts.adoptable(most)
    if not missed:
        return
    held = [it.id for it in await work.deliveries.locked(missed)]
    known: dict[Lane, list[Attempt]] = defaultdict(list)
    for attempts in (await work.receipts.attempts_by_delivery(held)).values():
        for attempt in attempts:
            known[attempt.address.lane].append(attempt)
    for lane, attempts in known.items():
        await adopt_reports(work, lane, attempts, limits)


async def _meant(work: UnitOfWork, told: Sequence[Told]) -> Sequence[Sequence[Attempt]]:
    """For each report the attempts it is about."""
    places: dict[Lane, list[int]] = defaultdict(list)
    for place, (lane, _) in enumerate(told):
        places[lane].append(place)
    meant: dict[int, Sequence[Attempt]] = {}
    for lane, mine in places.items():
        found = await work.receipts.attempts_of(lane, [told[place][1] for place in mine])
        meant.update(zip(mine, found, strict=True))
    return [meant[place] for place in range(len(told))]


async def _settle(
    work: UnitOfWork,
    about: Sequence[tuple[DeliveryReported, Attempt]],
    limits: Mapping[Lane, Limits],
) -> None:
    """Store what follows from reports about attempts, which are read again under the lock."""
    if not about:
        return
    ids = sorted({attempt.delivery_id for _, attempt in about})
    deliveries = {it.id: it for it in await work.deliveries.locked(ids)}
    attempts = await work.receipts.attempts_by_delivery(ids)
    current = {(it.delivery_id, it.number): it for of in attempts.values() for it in of}
    fresh = [(report, current[it.delivery_id, it.number]) for report, it in about]
    await work.receipts.keep_orphans(
        [Orphan(it.address.lane, told, it.handle) for told, it in fresh if it.state == "sending"]
    )
    afters = after_reports(
        [(told, it) for told, it in fresh if it.state != "sending"],
        deliveries=deliveries,
        attempts=attempts,
        limits=limits,
        now=work.now,
    )
    await store(work, afters)
    for lane in sorted({it.attempt.address.lane for it in afters}, key=str):
        await learn(work, lane, [it for it in afters if it.attempt.address.lane == lane])
