"""Whom we wrote to first within the last 24 hours: providers bound how many people that may be."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import alone, upsert
from storage.tables import deliveries, initiations
from vestnik.address import Lane

MOVING_DAY = timedelta(hours=24)
DAILY_LIMIT = "daily_limit"
"""The reason of a delivery that waits for its place."""
# Any constant of its own: two senders at once could spend the same allowance.
SPENDING = 0x6461_7973


class Initiations:
    """One row an address: when we wrote first to it last."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def count(self, lane: Lane) -> int:
        """How many people it were within the moving day; locked until the transaction ends."""
        await alone(self._connection, SPENDING)
        counted = sa.select(sa.func.count()).where(*self._within(lane))
        total: int = (await self._connection.execute(counted)).scalar_one()
        return total

    async def among(self, lane: Lane, address_ids: Collection[int]) -> set[int]:
        """Those of these addresses that count already: writing to them once more costs nothing."""
        found = sa.select(initiations.c.address_id).where(
            *self._within(lane), initiations.c.address_id.in_(address_ids)
        )
        return set((await self._connection.execute(found)).scalars())

    async def leaving(self, lane: Lane, skip: int, most: int) -> list[datetime]:
        """When those who count now leave the moving day, from the `skip`-th on, the first first."""
        found = sa.select(initiations.c.at).where(*self._within(lane))
        rows = found.order_by(initiations.c.at).offset(skip).limit(most)
        return [at + MOVING_DAY for at in (await self._connection.execute(rows)).scalars()]

    async def waiting(self, lane: Lane, *, bulk: bool) -> int:
        """How many messages (of broadcasts: `bulk`) wait for their place in a later day."""
        counted = sa.select(sa.func.count()).where(
            deliveries.c.state == "planned",
            deliveries.c.reason == DAILY_LIMIT,
            deliveries.c.channel == lane.channel,
            deliveries.c.account == lane.account,
            deliveries.c.due_at > self._now,
            deliveries.c.broadcast_id.is_not(None) if bulk else deliveries.c.broadcast_id.is_(None),
        )
        total: int = (await self._connection.execute(counted)).scalar_one()
        return total

    async def note(self, lane: Lane, address_ids: Collection[int]) -> None:
        """We write first to these now."""
        rows = [
            {
                "address_id": address_id,
                "channel": lane.channel,
                "account": lane.account,
                "at": self._now,
            }
            for address_id in sorted(address_ids)
        ]
        if rows:
            insert = upsert(self._connection, initiations)
            again = insert.on_conflict_do_update(
                index_elements=["address_id"], set_={"at": insert.excluded.at}
            )
            await self._connection.execute(again, rows)

    def _within(self, lane: Lane) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            initiations.c.channel == lane.channel,
            initiations.c.account == lane.account,
            initiations.c.at > self._now - MOVING_DAY,
        )
