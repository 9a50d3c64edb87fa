"""What providers tell of addresses beside what became of messages, for many at once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import addresses


class Reachability:
    """Addresses change in the order of their ids, so that nobody waits in a ring."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def close(self, reasons: Mapping[int, str]) -> None:
        """Addresses, by id, that cannot be written to until their people write again, and why."""
        await self._change(
            {"closed_reason": sa.bindparam("told"), "reachable": False}, reasons, sa.true()
        )

    async def close_windows(self, ids: Collection[int]) -> None:
        """The provider says that these windows are closed, whatever our clock thinks."""
        told = dict.fromkeys(ids, self._now)
        await self._change({"window_until": sa.bindparam("told")}, told, sa.true())

    async def free_until(self, ends: Mapping[int, datetime]) -> None:
        """Messages to these addresses cost nothing until then, or until a later end told before."""
        told = sa.bindparam("told", type_=addresses.c.free_until.type)
        later = sa.or_(addresses.c.free_until.is_(None), addresses.c.free_until < told)
        await self._change({"free_until": told}, ends, later)

    async def _change(
        self, values: dict[str, Any], told: Mapping[int, Any], where: sa.ColumnElement[bool]
    ) -> None:
        if told:
            changed = sa.update(addresses).where(addresses.c.id == sa.bindparam("of_id"), where)
            rows = [{"of_id": number, "told": told[number]} for number in sorted(told)]
            await self._connection.execute(changed.values(**values), rows)
