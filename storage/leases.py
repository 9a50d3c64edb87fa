"""Leases: what only one process may do at a time, by the database's clock."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upsert
from storage.tables import leases


class Leases:
    """Who holds which lease."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def take(self, name: str, holder: str, length: timedelta) -> bool:
        """Hold the lease from now on for so long, if it is free or already ours; False otherwise.

        One statement decides: of two who ask at once, the second sees what the first wrote.
        """
        insert = upsert(self._connection, leases).values(
            name=name, holder=holder, until=self._now + length
        )
        free = sa.or_(leases.c.until <= self._now, leases.c.holder == holder)
        taken = insert.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": insert.excluded.holder, "until": insert.excluded.until},
            where=free,
        ).returning(leases.c.holder)
        return (await self._connection.execute(taken)).one_or_none() is not None

    async def give_up(self, name: str, holder: str) -> None:
        """End the lease if it is ours, so that the next one need not wait for its end."""
        ours = sa.and_(leases.c.name == name, leases.c.holder == holder)
        await self._connection.execute(sa.delete(leases).where(ours))

    async def holder(self, name: str) -> str | None:
        """Who holds it now."""
        held = sa.select(leases.c.holder).where(leases.c.name == name, leases.c.until > self._now)
        return (await self._connection.execute(held)).scalar_one_or_none()
