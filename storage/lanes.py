"""Pauses of lanes: a provider's "too fast" holds for every worker."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upsert
from storage.tables import lanes
from vestnik.address import ChannelName, Lane


class Lanes:
    """What is known of lanes beyond their settings."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def pause(self, lane: Lane, seconds: float, *, down: str | None = None) -> None:
        """Let a lane rest; `down` says why when its account cannot send at all.

        A longer rest that was asked for before stays as long.
        """
        until = self._now + timedelta(seconds=seconds)
        insert = upsert(self._connection, lanes).values(
            channel=lane.channel, account=lane.account, paused_until=until, down=down
        )
        resting = lanes.c.paused_until > self._now
        longest = sa.case((lanes.c.paused_until > until, lanes.c.paused_until), else_=until)
        why = sa.case((resting, sa.func.coalesce(insert.excluded.down, lanes.c.down)), else_=down)
        await self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=["channel", "account"], set_={"paused_until": longest, "down": why}
            )
        )

    async def rest(self, lane: Lane) -> float:
        """Seconds until the lane may send again; 0 when it may."""
        found = sa.select(lanes.c.paused_until).where(
            lanes.c.channel == lane.channel, lanes.c.account == lane.account
        )
        until = (await self._connection.execute(found)).scalar_one_or_none()
        return max(0.0, (until - self._now).total_seconds()) if until else 0.0

    async def down(self) -> dict[Lane, str]:
        """Lanes whose account cannot send, and why."""
        found = sa.select(lanes.c.channel, lanes.c.account, lanes.c.down).where(
            lanes.c.down.is_not(None), lanes.c.paused_until > self._now
        )
        rows = await self._connection.execute(found)
        return {Lane(ChannelName(row.channel), row.account): row.down for row in rows}
