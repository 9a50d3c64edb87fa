"""Taking deliveries on: a claim has a lease that ends and a fence that only its holder passes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.literals import PLANNED, SENDING
from storage.rows import DELIVERY, deliveries_from
from storage.standing import OF_ADDRESS, AddressStanding, address_from, with_conversation
from storage.tables import addresses, broadcasts, deliveries
from storage.types import AnyRow
from storage.waking import some
from vestnik.address import Lane
from vestnik.delivery import Delivery

Place = tuple[datetime, int]
"""A delivery's place among the others of its broadcast: when it is due, and its id."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until the transaction ends, and its address as it stands."""

    delivery: Delivery
    address: AddressStanding | None


class Claims:
    """Claims of workers on planned deliveries."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def talk(self, lane: Lane, most: int) -> Sequence[Claimed]:
        """Up to `most` due messages of a lane that are no broadcast's, the urgent first; locked.

        To one address only one of them is open at a time, so that they arrive in the order they
        were written.
        """
        return await self._claim(_TALK, {**self._due(lane), "most": most})

    async def bulk(
        self, lane: Lane, broadcast_id: int, most: int, after: Place | None = None
    ) -> Sequence[Claimed]:
        """Up to `most` due messages of one running broadcast on a lane, the oldest first; locked.

        `after` a place in that order there may be more: what stood before it is not looked for,
        and neither is what is left there of rows that have changed since.
        """
        asked = {**self._due(lane), "broadcast": broadcast_id, "most": most}
        if after is None:
            return await self._claim(_BULK, asked)
        return await self._claim(_BULK_AFTER, {**asked, "after": after[0], "after_id": after[1]})

    async def broadcasts_due(self, lane: Lane) -> Sequence[int]:
        """The running broadcasts that have something due on a lane."""
        found = await self._connection.execute(_BROADCASTS_DUE, self._due(lane))
        return list(found.scalars())

    async def lease(self, claimed: Sequence[Delivery], lease: timedelta) -> dict[int, int]:
        """Keep claims beyond the transaction, until the lease ends; gives their fences."""
        if not claimed:
            return {}
        kept = (
            sa.update(deliveries)
            .where(deliveries.c.id.in_([it.id for it in claimed]))
            .values(lease_until=self._now + lease, fence=deliveries.c.fence + 1)
            .returning(deliveries.c.id, deliveries.c.fence)
        )
        return {row.id: row.fence for row in await self._connection.execute(kept)}

    async def leased(self, fences: Mapping[int, int]) -> Sequence[Claimed]:
        """Those of these that are still ours and planned; locked again."""
        mine = DELIVERY.where(deliveries.c.id.in_(fences), deliveries.c.state == PLANNED)
        held = await self._claim(_claiming(mine.order_by(deliveries.c.id), wait=True))
        return [it for it in held if it.delivery.fence == fences[it.delivery.id]]

    async def let_go(self, ids: Collection[int]) -> None:
        """Give leases back unused."""
        freed = sa.update(deliveries).where(deliveries.c.id.in_(ids)).values(lease_until=None)
        await self._connection.execute(freed)

    async def abandoned(self, limit: int) -> Sequence[Delivery]:
        """Deliveries whose worker began to send and did not come back in time, locked."""
        found = (
            sa.select(deliveries.c.id)
            .where(deliveries.c.state == SENDING, deliveries.c.lease_until < self._now)
            .order_by(deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = (await self._connection.execute(found)).scalars().all()
        if not ids:
            return []
        rows = await self._connection.execute(DELIVERY.where(deliveries.c.id.in_(ids)))
        return await deliveries_from(self._connection, rows.all())

    def _due(self, lane: Lane) -> dict[str, Any]:
        return {"lane": lane.channel, "by": lane.account, "now": self._now}

    async def _claim(
        self, claiming: sa.Select[AnyRow], asked: Mapping[str, Any] | None = None
    ) -> Sequence[Claimed]:
        rows = (await self._connection.execute(claiming, asked)).all()
        claimed = await deliveries_from(self._connection, rows)
        return [
            Claimed(delivery, None if row.address_of is None else address_from(row))
            for delivery, row in zip(claimed, rows, strict=True)
        ]


def _claiming(found: sa.Select[AnyRow], *, wait: bool = False) -> sa.Select[AnyRow]:
    # The locked rows come from where they are locked: read beside it, they could be older.
    due = found.with_for_update(skip_locked=not wait).cte("due")
    joined = due.join(with_conversation(), addresses.c.id == due.c.address_id, isouter=True)
    return sa.select(*due.c, *OF_ADDRESS).select_from(joined).order_by(due.c.id)


def _in_turn() -> sa.ColumnElement[bool]:
    earlier = deliveries.alias()
    waits = sa.exists().where(
        earlier.c.channel == deliveries.c.channel,
        earlier.c.account == deliveries.c.account,
        earlier.c.handle == deliveries.c.handle,
        earlier.c.state.in_((PLANNED, SENDING)),
        earlier.c.broadcast_id.is_(None),
        earlier.c.id < deliveries.c.id,
    )
    return ~waits


# Written once: to write a statement as wide as these costs more than to run it.
_NOW = sa.bindparam("now", type_=deliveries.c.due_at.type)
_BROADCAST: sa.BindParameter[int] = sa.bindparam("broadcast")
_LEASE = deliveries.c.lease_until
_DUE = sa.and_(
    deliveries.c.state == PLANNED,
    deliveries.c.channel == sa.bindparam("lane"),
    deliveries.c.account == sa.bindparam("by"),
    deliveries.c.due_at <= _NOW,
    sa.or_(_LEASE.is_(None), _LEASE < _NOW),
)
_MOST: sa.BindParameter[int] = sa.bindparam("most")
_TALK = _claiming(
    DELIVERY.where(deliveries.c.broadcast_id.is_(None), _DUE, _in_turn())
    .order_by(deliveries.c.priority, deliveries.c.id)
    .limit(_MOST)
)
_OLDEST = deliveries.c.due_at, deliveries.c.id
# Whether it runs is asked once a statement, not once a row.
_STATE = sa.select(broadcasts.c.state).where(broadcasts.c.id == _BROADCAST).scalar_subquery()
_OF_BROADCAST = (
    DELIVERY.where(deliveries.c.broadcast_id == _BROADCAST, _DUE, _STATE == "running")
    .order_by(*_OLDEST)
    .limit(_MOST)
)
_BULK = _claiming(_OF_BROADCAST)
_BULK_AFTER = _claiming(
    _OF_BROADCAST.where(
        sa.tuple_(*_OLDEST)
        > sa.tuple_(
            sa.bindparam("after", type_=deliveries.c.due_at.type),
            sa.bindparam("after_id", type_=deliveries.c.id.type),
        )
    )
)
_BROADCASTS_DUE = (
    sa.select(broadcasts.c.id)
    .where(
        broadcasts.c.state == "running",
        some(
            sa.select(deliveries.c.id)
            .where(deliveries.c.broadcast_id == broadcasts.c.id, _DUE)
            .correlate(broadcasts)
            .order_by(deliveries.c.due_at)
        ),
    )
    .order_by(broadcasts.c.id)
)
