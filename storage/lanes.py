"""Pauses of lanes and what their accounts are allowed: both hold for every worker."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upsert
from storage.tables import lanes
from vestnik.abilities import Tier
from vestnik.address import ChannelName, Lane

UNBOUND = Tier()


@dataclass(frozen=True, slots=True)
class LaneStanding:
    """How a lane stands: seconds until it may send (broadcasts) again, and its allowances."""

    rest: float = 0.0
    bulk_rest: float = 0.0
    tier: Tier = UNBOUND


class Lanes:
    """What is known of lanes beyond their settings."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def pause(
        self, lane: Lane, seconds: float, *, down: str | None = None, bulk: bool = False
    ) -> None:
        """Let a lane rest (its broadcasts alone, with `bulk`); `down`: why it cannot send at all.

        A longer rest that was asked for before stays as long.
        """
        until = self._now + timedelta(seconds=seconds)
        column = lanes.c.bulk_paused_until if bulk else lanes.c.paused_until
        insert = upsert(self._connection, lanes).values(
            channel=lane.channel, account=lane.account, down=down, **{column.name: until}
        )
        longest = sa.case((column > until, column), else_=until)
        why = sa.case(
            (self._resting(), sa.func.coalesce(insert.excluded.down, lanes.c.down)), else_=down
        )
        await self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=["channel", "account"], set_={column.name: longest, "down": why}
            )
        )

    async def standing(self, lane: Lane) -> LaneStanding:
        """How a lane stands now."""
        found = sa.select(*lanes.c).where(
            lanes.c.channel == lane.channel, lanes.c.account == lane.account
        )
        row = (await self._connection.execute(found)).one_or_none()
        if row is None:
            return LaneStanding()
        return LaneStanding(
            self._left(row.paused_until),
            self._left(row.bulk_paused_until),
            Tier(row.people_a_day, row.rate, row.note or ""),
        )

    async def allow(self, lane: Lane, tier: Tier) -> None:
        """What the provider allows the account now."""
        values = {"people_a_day": tier.people_a_day, "rate": tier.rate, "note": tier.note}
        insert = upsert(self._connection, lanes).values(
            channel=lane.channel, account=lane.account, **values
        )
        await self._connection.execute(
            insert.on_conflict_do_update(index_elements=["channel", "account"], set_=values)
        )

    async def down(self) -> dict[Lane, str]:
        """Lanes whose account cannot send, or not broadcasts, and why."""
        found = sa.select(lanes.c.channel, lanes.c.account, lanes.c.down).where(
            lanes.c.down.is_not(None), self._resting()
        )
        rows = await self._connection.execute(found)
        return {Lane(ChannelName(row.channel), row.account): row.down for row in rows}

    def _resting(self) -> sa.ColumnElement[bool]:
        now = self._now
        return sa.or_(lanes.c.paused_until > now, lanes.c.bulk_paused_until > now)

    def _left(self, until: datetime | None) -> float:
        return max(0.0, (until - self._now).total_seconds()) if until else 0.0
