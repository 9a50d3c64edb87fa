"""Taking deliveries on: a claim has a lease that ends and a fence that only its holder passes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import DELIVERY, deliveries_from
from storage.tables import broadcasts, deliveries
from vestnik.address import ChannelName, Lane
from vestnik.delivery import Delivery


class Claims:
    """Claims of workers on planned deliveries."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def claim(
        self, lane: Lane, limit: int, *, worker: str, lease: timedelta, broadcasts_too: bool = True
    ) -> Sequence[Delivery]:
        """Up to `limit` due deliveries of a lane, now ours until the lease ends.

        Replies come before broadcasts. To one address only one message that is not a broadcast
        is open at a time, so that they arrive in the order they were written.
        """
        any_kind = sa.true() if broadcasts_too else deliveries.c.broadcast_id.is_(None)
        due = (
            sa.select(deliveries.c.id)
            .where(
                deliveries.c.state == "planned",
                deliveries.c.channel == lane.channel,
                deliveries.c.account == lane.account,
                deliveries.c.due_at <= self._now,
                self._free(),
                self._running(),
                self._in_turn(),
                any_kind,
            )
            .order_by(deliveries.c.priority, deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        claimed = (
            sa.update(deliveries)
            .where(deliveries.c.id == due.c.id)
            .values(
                lease_until=self._now + lease,
                fence=deliveries.c.fence + 1,
            )
            .returning(deliveries.c.id)
        )
        ids = (await self._connection.execute(claimed)).scalars().all()
        if not ids:
            return []
        found = DELIVERY.where(deliveries.c.id.in_(ids))
        rows = await self._connection.execute(
            found.order_by(deliveries.c.priority, deliveries.c.id)
        )
        return await deliveries_from(self._connection, rows.all())

    async def let_go(self, ids: Sequence[int]) -> None:
        """Give claims back unused."""
        freed = sa.update(deliveries).where(deliveries.c.id.in_(ids)).values(lease_until=None)
        await self._connection.execute(freed)

    async def abandoned(self, limit: int) -> Sequence[Delivery]:
        """Deliveries whose worker began to send and did not come back in time, locked."""
        found = (
            sa.select(deliveries.c.id)
            .where(deliveries.c.state == "sending", deliveries.c.lease_until < self._now)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = (await self._connection.execute(found)).scalars().all()
        if not ids:
            return []
        rows = await self._connection.execute(DELIVERY.where(deliveries.c.id.in_(ids)))
        return await deliveries_from(self._connection, rows.all())

    async def lanes_with_work(self) -> Sequence[Lane]:
        """Lanes that have something due; for the sweep."""
        found = (
            sa.select(deliveries.c.channel, deliveries.c.account)
            .where(
                deliveries.c.state == "planned",
                deliveries.c.channel.is_not(None),
                deliveries.c.due_at <= self._now,
            )
            .distinct()
        )
        rows = await self._connection.execute(found)
        return [Lane(ChannelName(row.channel), row.account) for row in rows]

    def _free(self) -> sa.ColumnElement[bool]:
        return sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until < self._now)

    def _running(self) -> sa.ColumnElement[bool]:
        running = sa.select(broadcasts.c.id).where(broadcasts.c.state == "running")
        return sa.or_(deliveries.c.broadcast_id.is_(None), deliveries.c.broadcast_id.in_(running))

    def _in_turn(self) -> sa.ColumnElement[bool]:
        earlier = deliveries.alias()
        waits = sa.exists().where(
            earlier.c.channel == deliveries.c.channel,
            earlier.c.account == deliveries.c.account,
            earlier.c.handle == deliveries.c.handle,
            earlier.c.state.in_(("planned", "sending")),
            earlier.c.broadcast_id.is_(None),
            earlier.c.id < deliveries.c.id,
        )
        return sa.or_(deliveries.c.broadcast_id.is_not(None), ~waits)
