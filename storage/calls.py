"""Questions to other programs, from the event that brings them until they are answered."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import calls

LEASE_MARGIN = timedelta(seconds=30)
"""Kept clear beyond a call's own time, for the transaction that stores its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCall:
    """A question to another program; `within` is in seconds."""

    id: str
    address_id: int
    url: str
    sends: Mapping[str, Any]
    within: float
    tries: int


class Calls:
    """One row a call, until it is answered."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def plan(
        self,
        address_id: int,
        url: str,
        sends: Mapping[str, str],
        *,
        within: timedelta,
    ) -> str:
        """Keep a call; gives its id. An earlier one of the address is not waited for any more."""
        await self.cancel(address_id)
        call_id = secrets.token_hex(16)
        kept = sa.insert(calls).values(
            id=call_id,
            address_id=address_id,
            url=url,
            sends=dict(sends),
            within=within.total_seconds(),
            due_at=self._now,
        )
        await self._connection.execute(kept)
        return call_id

    async def claim(self, limit: int) -> Sequence[PendingCall]:
        """Calls to be made now; nobody else makes them for their own time and a margin."""
        free = (
            sa.select(calls.c.id, calls.c.within)
            .where(calls.c.due_at <= self._now)
            .order_by(calls.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claimed: list[PendingCall] = []
        for row in (await self._connection.execute(free)).all():
            until = self._now + timedelta(seconds=row.within) + LEASE_MARGIN
            taken = sa.update(calls).where(calls.c.id == row.id)
            values = taken.values(due_at=until, tries=calls.c.tries + 1).returning(*_COLUMNS)
            [told] = (await self._connection.execute(values)).mappings()
            claimed.append(PendingCall(**told))
        return claimed

    async def done(self, call_id: str) -> None:
        """The call is answered, or will never be."""
        await self._connection.execute(sa.delete(calls).where(calls.c.id == call_id))

    async def cancel(self, address_id: int) -> None:
        """Nobody waits for the answers any more."""
        await self._connection.execute(sa.delete(calls).where(calls.c.address_id == address_id))


_COLUMNS = (
    calls.c.id,
    calls.c.address_id,
    calls.c.url,
    calls.c.sends,
    calls.c.within,
    calls.c.tries,
)
