"""Which lanes have something due: asked by every worker every few seconds, so it must stay cheap.

Each question is for one row, the earliest of its kind, and has the index that a claim has: with a
million planned rows it costs as much as with a hundred.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.literals import PLANNED
from storage.tables import broadcasts, deliveries
from vestnik.address import ChannelName, Lane


class Waking:
    """Finds what there is to wake for."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def lanes(self, known: Collection[Lane]) -> Sequence[Lane]:
        """Those of these lanes that have something due."""
        if not known:
            return []
        asked = [
            sa.select(sa.literal(lane.channel), sa.literal(lane.account)).where(
                sa.or_(self._talk(lane), self._bulk(lane))
            )
            for lane in known
        ]
        return await self._lanes(sa.union_all(*asked))

    async def lanes_of(self, broadcast_id: int) -> Sequence[Lane]:
        """The lanes on which a broadcast has something planned."""
        mine = deliveries.c.broadcast_id == broadcast_id
        return await self._lanes(_used().where(mine))

    async def strange(self, known: Collection[Lane]) -> Sequence[Lane]:
        """Lanes with planned messages that no channel of ours serves; reads all that is planned."""
        return [lane for lane in await self._lanes(_used()) if lane not in known]

    async def _lanes(self, found: sa.Executable) -> Sequence[Lane]:
        rows = await self._connection.execute(found)
        return [Lane(ChannelName(channel), account) for channel, account in rows]

    def _talk(self, lane: Lane) -> sa.ColumnElement[bool]:
        urgent = deliveries.c.priority, deliveries.c.id
        due = self._due(lane), deliveries.c.broadcast_id.is_(None)
        return some(sa.select(deliveries.c.id).where(*due).order_by(*urgent))

    def _bulk(self, lane: Lane) -> sa.ColumnElement[bool]:
        mine = deliveries.c.broadcast_id == broadcasts.c.id
        due = sa.select(deliveries.c.id).where(mine, self._due(lane)).correlate(broadcasts)
        running = sa.select(broadcasts.c.id).where(
            broadcasts.c.state == "running", some(due.order_by(deliveries.c.due_at))
        )
        return some(running)

    def _due(self, lane: Lane) -> sa.ColumnElement[bool]:
        return sa.and_(
            deliveries.c.state == PLANNED,
            deliveries.c.channel == lane.channel,
            deliveries.c.account == lane.account,
            deliveries.c.due_at <= self._now,
        )


def some(found: sa.Select[Any]) -> sa.ColumnElement[bool]:
    """Whether there is such a row.

    As the first of them, not as EXISTS: that PostgreSQL may turn into a join of all with all, where
    its statistics still tell of an empty table.
    """
    return found.limit(1).scalar_subquery().is_not(None)


def _used() -> sa.Select[tuple[str, str]]:
    used = sa.select(deliveries.c.channel, deliveries.c.account).distinct()
    return used.where(deliveries.c.state == PLANNED, deliveries.c.channel.is_not(None))
