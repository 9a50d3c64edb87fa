"""Finds what a report is about, and keeps reports that came before we knew their message."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import among
from storage.literals import WAITING
from storage.rows import ATTEMPT, attempt_from
from storage.tables import addresses, attempts, deliveries, message_ids, orphan_receipts
from vestnik.address import Address, Lane
from vestnik.delivery import Attempt
from vestnik.inbound import DeliveryReported
from vestnik.outbound import Message
from vestnik.record import decode, encode

# How many earlier messages one read mark settles; older ones were settled by earlier marks.
EARLIER = 200
LONGEST_REFERENCE = 255
# Reports and answers that miss each other do so within seconds, or a lease.
RECENT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Orphan:
    """A report whose attempt is not known yet; `handle` is the attempt's, if it is being sent."""

    lane: Lane
    report: DeliveryReported
    handle: str | None = None

    @property
    def reference(self) -> str | None:
        """The reference by which its attempt may be found later."""
        reference = self.report.reference
        return reference if len(reference or "") <= LONGEST_REFERENCE else None


class Receipts:
    """Attempts by what the provider knows them by."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def attempts_of(
        self, lane: Lane, reports: Sequence[DeliveryReported]
    ) -> Sequence[Sequence[Attempt]]:
        """For each report the attempts it is about; none where the message is not known (yet).

        One that is still being sent to the address may be meant by a report about all earlier.
        """
        named = await self._named(lane, [it for it in reports if not it.and_earlier])
        ages: dict[tuple[str, str | None], int] = {}
        for age, it in enumerate(named):
            ages["reference", it.reference] = ages["handle", it.handle] = age
        open_ = await self._open_at(lane, {it.address.handle for it in reports if it.and_earlier})
        about: list[Sequence[Attempt]] = []
        for report in reports:
            if report.and_earlier:
                about.append(_up_to(report.reference, open_.get(report.address.handle, ())))
                continue
            keys = ("reference", report.reference or ""), ("handle", report.handle or "")
            newest = max(ages.get(key, -1) for key in keys)
            about.append([named[newest]] if newest >= 0 else [])
        return about

    async def attempts_by_delivery(self, ids: Sequence[int]) -> dict[int, list[Attempt]]:
        """All attempts of these deliveries, the first first."""
        found = ATTEMPT.where(among(self._connection, attempts.c.delivery_id, ids))
        ordered = found.order_by(attempts.c.delivery_id, attempts.c.number)
        grouped: dict[int, list[Attempt]] = {}
        for row in await self._connection.execute(ordered):
            grouped.setdefault(row.delivery_id, []).append(attempt_from(row))
        return grouped

    async def about(self, chat: Address, reference: str) -> int | None:
        """The customer's address that a message of ours in a staff chat tells of."""
        found = (
            sa.select(deliveries.c.about_id)
            .join_from(message_ids, deliveries, message_ids.c.delivery_id == deliveries.c.id)
            .where(
                message_ids.c.channel == chat.channel,
                message_ids.c.account == chat.account,
                message_ids.c.reference == reference,
                deliveries.c.handle == chat.handle,
            )
            .limit(1)
        )
        about: int | None = (await self._connection.execute(found)).scalar_one_or_none()
        return about

    async def lately_said(self, address_id: int, most: int) -> list[tuple[str, Message] | None]:
        """The newest messages to an address, the newest first, each by the provider's id.

        None for one that has no id yet, and for a broadcast, whose content is its own for
        everybody.
        """
        newest = (
            sa.select(attempts.c.reference, deliveries.c.content)
            .join_from(attempts, deliveries, attempts.c.delivery_id == deliveries.c.id)
            .where(attempts.c.address_id == address_id)
            .order_by(attempts.c.id.desc())
            .limit(most)
        )
        rows = (await self._connection.execute(newest)).all()
        return [
            (row.reference, decode(Message, row.content))
            if row.reference is not None and row.content is not None
            else None
            for row in rows
        ]

    async def at(self, address_id: int, reference: str) -> Attempt | None:
        """The attempt behind a message at an address; providers' ids may be unique only there."""
        found = ATTEMPT.where(
            attempts.c.address_id == address_id, attempts.c.reference == reference
        ).order_by(attempts.c.id.desc())
        row = (await self._connection.execute(found.limit(1))).one_or_none()
        return attempt_from(row) if row else None

    async def is_ours(self, address_id: int, reference: str | None, handle: str | None) -> bool:
        """Whether a message at an address is one of ours, perhaps one whose answer is to come."""
        told = ((attempts.c.reference, reference), (attempts.c.handle, handle))
        ours = sa.or_(sa.false(), *(column == name for column, name in told if name))
        found = sa.select(attempts.c.id).where(attempts.c.address_id == address_id, ours)
        return (await self._connection.execute(found.limit(1))).first() is not None

    async def awaited(self, lane: Lane, until: datetime, most: int) -> Sequence[Address]:
        """Addresses of a lane where a wait for a report ends before a moment, the first first."""
        found = (
            sa.select(deliveries.c.handle)
            .where(
                deliveries.c.state == WAITING,
                deliveries.c.due_at <= until,
                deliveries.c.channel == lane.channel,
                deliveries.c.account == lane.account,
            )
            .order_by(deliveries.c.due_at)
            .limit(most)
        )
        handles = dict.fromkeys((await self._connection.execute(found)).scalars())
        return [Address(lane.channel, lane.account, handle) for handle in handles]

    async def reference_of(self, delivery_id: int) -> str | None:
        """The provider's id of a delivery's message, once it was accepted."""
        found = sa.select(attempts.c.reference).where(
            attempts.c.delivery_id == delivery_id, attempts.c.reference.is_not(None)
        )
        last = found.order_by(attempts.c.number.desc()).limit(1)
        reference: str | None = (await self._connection.execute(last)).scalar_one_or_none()
        return reference

    async def keep_orphans(self, orphans: Sequence[Orphan]) -> None:
        """Reports that overtook the answers to their sends.

        One by which no message could be found later either is dropped.
        """
        kept = [
            {
                "channel": it.lane.channel,
                "account": it.lane.account,
                "reference": it.reference,
                "handle": it.handle,
                "report": encode(it.report),
                "at": self._now,
            }
            for it in orphans
            if it.reference or it.handle
        ]
        if kept:
            await self._connection.execute(sa.insert(orphan_receipts), kept)

    async def adopt(self, lane: Lane, known: Sequence[Attempt]) -> Sequence[DeliveryReported]:
        """Reports that waited for these attempts, in the order they came; they wait no more."""
        references = [attempt.reference for attempt in known if attempt.reference]
        handles = [attempt.handle for attempt in known]
        taken = (
            sa.delete(orphan_receipts)
            .where(
                orphan_receipts.c.channel == lane.channel,
                orphan_receipts.c.account == lane.account,
                sa.or_(
                    orphan_receipts.c.reference.in_(references),
                    orphan_receipts.c.handle.in_(handles),
                ),
            )
            .returning(orphan_receipts.c.id, orphan_receipts.c.report)
        )
        rows = (await self._connection.execute(taken)).all()
        return [decode(DeliveryReported, row.report) for row in sorted(rows, key=lambda it: it.id)]

    async def adoptable(self, limit: int) -> Sequence[int]:
        """Deliveries whose report waits although its attempt is known by now.

        On PostgreSQL a report and the answer to its send can be committed at the same moment,
        neither having seen the other.
        """
        recent = orphan_receipts.c.at > self._now - RECENT
        named = sa.and_(
            message_ids.c.channel == orphan_receipts.c.channel,
            message_ids.c.account == orphan_receipts.c.account,
            message_ids.c.reference == orphan_receipts.c.reference,
        )
        echoed = sa.and_(
            attempts.c.channel == orphan_receipts.c.channel,
            attempts.c.account == orphan_receipts.c.account,
            attempts.c.handle == orphan_receipts.c.handle,
            attempts.c.state != "sending",
        )
        found = sa.union(
            sa.select(message_ids.c.delivery_id)
            .join_from(orphan_receipts, message_ids, named)
            .where(recent),
            sa.select(attempts.c.delivery_id)
            .join_from(orphan_receipts, attempts, echoed)
            .where(recent),
        )
        ids = await self._connection.execute(found.order_by(sa.literal_column("1")).limit(limit))
        return list(ids.scalars())

    async def forget_orphans(self, older_than: timedelta) -> None:
        """Drop reports that nothing was ever known about."""
        old = sa.delete(orphan_receipts).where(orphan_receipts.c.at < self._now - older_than)
        await self._connection.execute(old)

    async def _named(self, lane: Lane, reports: Sequence[DeliveryReported]) -> list[Attempt]:
        """The attempts that bear one of the reports' names, the newest last."""
        references = {it.reference for it in reports if it.reference}
        handles = {it.handle for it in reports if it.handle}
        if not (references or handles):
            return []
        # Two questions in one, each of which only its own index can answer: while statistics are
        # old PostgreSQL would sooner look through the whole lane.
        referred = _AGED.join(
            message_ids,
            sa.and_(
                message_ids.c.delivery_id == attempts.c.delivery_id,
                message_ids.c.number == attempts.c.number,
            ),
        ).where(
            message_ids.c.channel == lane.channel,
            message_ids.c.account == lane.account,
            among(self._connection, message_ids.c.reference, references),
        )
        echoed = _AGED.where(among(self._connection, attempts.c.handle, handles))
        found = sa.union(referred, echoed)
        rows = await self._connection.execute(found.order_by(sa.literal_column("id")))
        return [it for it in map(attempt_from, rows) if it.address.lane == lane]

    async def _open_at(self, lane: Lane, handles: Collection[str]) -> dict[str, list[Attempt]]:
        """The newest attempts at these addresses of which more may be heard."""
        if not handles:
            return {}
        age = sa.func.row_number().over(
            partition_by=attempts.c.address_id, order_by=attempts.c.id.desc()
        )
        ranked = (
            ATTEMPT.add_columns(age.label("age"), addresses.c.handle.label("at"))
            .join_from(attempts, addresses, attempts.c.address_id == addresses.c.id)
            .where(
                addresses.c.channel == lane.channel,
                addresses.c.account == lane.account,
                among(self._connection, addresses.c.handle, handles),
                attempts.c.state.in_(("sending", "accepted", "delivered")),
            )
            .subquery()
        )
        grouped: dict[str, list[Attempt]] = {}
        found = sa.select(ranked).where(ranked.c.age <= EARLIER)
        for row in await self._connection.execute(found):
            grouped.setdefault(row.at, []).append(attempt_from(row))
        return grouped


_AGED = ATTEMPT.add_columns(attempts.c.id)


def _up_to(reference: str | None, known: Iterable[Attempt]) -> Sequence[Attempt]:
    """Those that were sent no later than a message; and those of which nobody knows yet."""
    last = _position(reference)
    if last is None:
        return []
    places = [(it, _position(it.reference)) for it in known]
    return [it for it, at in places if it.state == "sending" or (at is not None and at <= last)]


def _position(reference: str | None) -> int | None:
    return int(reference) if reference and reference.isdecimal() else None
