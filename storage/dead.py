"""What came in and took no effect: events that failed for good, items that nobody could read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import events, inbox, quarantine
from vestnik.address import ChannelName, Lane

Kind = Literal["event", "item"]


@dataclass(frozen=True, slots=True)
class Dead:
    """One of them; `number` counts within its kind, `what` is the event's kind or the item."""

    kind: Kind
    number: int
    lane: Lane
    at: datetime
    why: str
    what: str

    @property
    def id(self) -> str:
        """What it is called on the command line: "event-12", "item-3"."""
        return f"{self.kind}-{self.number}"


class Letters:
    """Dead letters, and their second chance."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def newest(self, limit: int) -> Sequence[Dead]:
        """The newest first, of both kinds together."""
        found = [*await self._events(limit), *await self._items(limit)]
        return sorted(found, key=lambda it: it.at, reverse=True)[:limit]

    async def revive_events(self, numbers: Collection[int] | None) -> int:
        """Let dead events try again from the beginning (all, with None); gives how many."""
        again = sa.update(events).where(events.c.state == "dead")
        if numbers is not None:
            again = again.where(events.c.id.in_(numbers))
        fresh = again.values(state="new", tries=0, due_at=self._now, error=None)
        return (await self._connection.execute(fresh)).rowcount

    async def reread_items(self, numbers: Collection[int] | None) -> int:
        """Let the bodies of items (of all, with None) be read once more; gives how many items.

        What was read of them already is known by its id and takes no second effect.
        """
        chosen = sa.select(quarantine.c.inbox_id)
        if numbers is not None:
            chosen = chosen.where(quarantine.c.id.in_(numbers))
        bodies = set((await self._connection.execute(chosen)).scalars())
        if not bodies:
            return 0
        unread = sa.update(inbox).where(inbox.c.id.in_(bodies)).values(read_at=None)
        await self._connection.execute(unread)
        # Those of the same bodies come back with them, if they must.
        gone = sa.delete(quarantine).where(quarantine.c.inbox_id.in_(bodies))
        return (await self._connection.execute(gone)).rowcount

    async def _events(self, limit: int) -> list[Dead]:
        found = (
            sa.select(
                events.c.id,
                events.c.channel,
                events.c.account,
                events.c.received_at,
                events.c.error,
                events.c.kind,
            )
            .where(events.c.state == "dead")
            .order_by(events.c.id.desc())
            .limit(limit)
        )
        return [
            Dead(
                "event",
                row.id,
                Lane(ChannelName(row.channel), row.account),
                row.received_at,
                row.error or "",
                row.kind,
            )
            for row in await self._connection.execute(found)
        ]

    async def _items(self, limit: int) -> list[Dead]:
        found = sa.select(*quarantine.c).order_by(quarantine.c.id.desc()).limit(limit)
        return [
            Dead(
                "item",
                row.id,
                Lane(ChannelName(row.channel), row.account),
                row.at,
                row.why,
                row.item,
            )
            for row in await self._connection.execute(found)
        ]
