"""Finds what a report is about, and keeps reports that came before we knew their message."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import ATTEMPT, attempt_from
from storage.tables import addresses, attempts, deliveries, orphan_receipts
from vestnik.address import Address, Lane
from vestnik.delivery import Attempt
from vestnik.inbound import DeliveryReported
from vestnik.record import decode, encode

# How many earlier messages one read mark settles; older ones were settled by earlier marks.
EARLIER = 200


class Receipts:
    """Attempts by what the provider knows them by."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def attempts_of(self, lane: Lane, report: DeliveryReported) -> Sequence[Attempt]:
        """The attempts a report is about; none when we do not know the message (yet)."""
        if report.and_earlier:
            return await self._up_to(lane, report)
        ours = sa.and_(attempts.c.channel == lane.channel, attempts.c.account == lane.account)
        keys: list[sa.ColumnElement[bool]] = []
        if report.reference:
            keys.append(attempts.c.reference == report.reference)
        if report.handle:
            keys.append(attempts.c.handle == report.handle)
        if not keys:
            return []
        found = ATTEMPT.where(ours, sa.or_(*keys)).order_by(attempts.c.id.desc()).limit(1)
        return [attempt_from(row) for row in await self._connection.execute(found)]

    async def by_reference(self, lane: Lane, handle: str, reference: str) -> Attempt | None:
        """The attempt behind a message of ours that somebody pressed or answered."""
        found = (
            ATTEMPT.join_from(attempts, addresses, attempts.c.address_id == addresses.c.id)
            .where(
                attempts.c.channel == lane.channel,
                attempts.c.account == lane.account,
                attempts.c.reference == reference,
                addresses.c.handle == handle,
            )
            .limit(1)
        )
        row = (await self._connection.execute(found)).one_or_none()
        return attempt_from(row) if row else None

    async def about(self, chat: Address, reference: str) -> int | None:
        """The customer's address that a message of ours in a staff chat tells of."""
        found = (
            sa.select(deliveries.c.about_id)
            .join_from(attempts, deliveries, attempts.c.delivery_id == deliveries.c.id)
            .where(
                attempts.c.channel == chat.channel,
                attempts.c.account == chat.account,
                attempts.c.reference == reference,
                deliveries.c.handle == chat.handle,
            )
            .limit(1)
        )
        about: int | None = (await self._connection.execute(found)).scalar_one_or_none()
        return about

    async def reference_of(self, delivery_id: int) -> str | None:
        """The provider's id of a delivery's message, once it was accepted."""
        found = sa.select(attempts.c.reference).where(
            attempts.c.delivery_id == delivery_id, attempts.c.reference.is_not(None)
        )
        last = found.order_by(attempts.c.number.desc()).limit(1)
        reference: str | None = (await self._connection.execute(last)).scalar_one_or_none()
        return reference

    async def keep_orphan(self, lane: Lane, report: DeliveryReported) -> None:
        """A report about a message we do not know: it may have overtaken the send's answer."""
        kept = sa.insert(orphan_receipts).values(
            channel=lane.channel,
            account=lane.account,
            reference=report.reference or "",
            report=encode(report),
            at=self._now,
        )
        await self._connection.execute(kept)

    async def adopt(self, lane: Lane, references: Sequence[str]) -> Sequence[DeliveryReported]:
        """Reports that waited for these messages, in the order they came; they wait no more."""
        taken = (
            sa.delete(orphan_receipts)
            .where(
                orphan_receipts.c.channel == lane.channel,
                orphan_receipts.c.account == lane.account,
                orphan_receipts.c.reference.in_(references),
            )
            .returning(orphan_receipts.c.id, orphan_receipts.c.report)
        )
        rows = (await self._connection.execute(taken)).all()
        return [decode(DeliveryReported, row.report) for row in sorted(rows, key=lambda it: it.id)]

    async def forget_orphans(self, older_than: timedelta) -> None:
        """Drop reports that nothing was ever known about."""
        old = sa.delete(orphan_receipts).where(orphan_receipts.c.at < self._now - older_than)
        await self._connection.execute(old)

    async def _up_to(self, lane: Lane, report: DeliveryReported) -> Sequence[Attempt]:
        if not (report.reference or "").isdigit():
            return []
        number = sa.cast(attempts.c.reference, sa.BigInteger)
        mine = (
            sa.select(addresses.c.id)
            .where(
                addresses.c.channel == lane.channel,
                addresses.c.account == lane.account,
                addresses.c.handle == report.address.handle,
            )
            .scalar_subquery()
        )
        recent = (
            ATTEMPT.where(
                attempts.c.address_id == mine,
                attempts.c.state.in_(("accepted", "delivered")),
            )
            .order_by(attempts.c.id.desc())
            .limit(EARLIER)
            .with_only_columns(*ATTEMPT.selected_columns, number.label("position"))
        )
        rows = await self._connection.execute(recent)
        last = int(report.reference or 0)
        return [attempt_from(row) for row in rows if row.position <= last]
