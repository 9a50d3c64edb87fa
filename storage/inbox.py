"""Raw bytes as they came, the events read from them, and what could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import alone, upsert
from storage.tables import cursors, events, inbox, quarantine
from storage.types import AnyRow
from vestnik.address import ChannelName, Lane
from vestnik.channel import Kept, Unreadable
from vestnik.inbound import Inbound
from vestnik.record import Malformed, decode, encode

ITEM_CHARACTERS = 2_000
BYTES_AT_ONCE = 4 * 2**20
"""So much of what came in is read at once, unless told otherwise."""
# Any constant of its own: two readers at once could bring a person's events out of order.
READING = 0x7265_6164


@dataclass(frozen=True, slots=True)
class Unread:
    """A body that waits to be read."""

    id: int
    lane: Lane
    kept: Kept


@dataclass(frozen=True, slots=True)
class Reading:
    """What a body told, and which of its items could not be read."""

    unread: Unread
    happened: Sequence[Inbound] = ()
    failed: Sequence[Unreadable] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """An event that waits to take effect; `lane` is where it came in."""

    id: int
    lane: Lane
    inbound: Inbound
    received_at: datetime
    tries: int


class Inbox:
    """From bytes to events."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def keep(self, lane: Lane, bodies: Sequence[bytes]) -> None:
        """Store bodies as they came."""
        rows = [
            {
                "channel": lane.channel,
                "account": lane.account,
                "body": body,
                "received_at": self._now,
            }
            for body in bodies
        ]
        if rows:
            await self._connection.execute(sa.insert(inbox), rows)

    async def cursor(self, lane: Lane) -> str | None:
        """Where the next poll goes on."""
        found = sa.select(cursors.c.cursor).where(
            cursors.c.channel == lane.channel, cursors.c.account == lane.account
        )
        cursor: str | None = (await self._connection.execute(found)).scalar_one_or_none()
        return cursor

    async def move_cursor(self, lane: Lane, cursor: str | None) -> None:
        """Where the poll after this one goes on."""
        insert = upsert(self._connection, cursors).values(
            channel=lane.channel, account=lane.account, cursor=cursor
        )
        await self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=["channel", "account"], set_={"cursor": cursor}
            )
        )

    async def unread(self, limit: int, most_bytes: int = BYTES_AT_ONCE) -> Sequence[Unread]:
        """Bodies that nobody has read, oldest first; there is one reader at a time.

        A body that alone is larger than `most_bytes` comes alone.
        """
        await alone(self._connection, READING)
        sizes = (
            sa.select(inbox.c.id, sa.func.length(inbox.c.body).label("size"))
            .where(inbox.c.read_at.is_(None))
            .order_by(inbox.c.id)
            .limit(limit)
        )
        waiting = (await self._connection.execute(sizes)).all()
        so_far = accumulate(row.size for row in waiting)
        fitting = [row.id for row, sum_ in zip(waiting, so_far, strict=True) if sum_ <= most_bytes]
        found = (
            sa.select(
                inbox.c.id, inbox.c.channel, inbox.c.account, inbox.c.body, inbox.c.received_at
            )
            .where(inbox.c.id.in_(fitting or [row.id for row in waiting[:1]]))
            .order_by(inbox.c.id)
        )
        return [
            Unread(
                row.id,
                Lane(ChannelName(row.channel), row.account),
                Kept(row.account, row.body, row.received_at),
            )
            for row in await self._connection.execute(found)
        ]

    async def were_read(self, readings: Sequence[Reading]) -> None:
        """Store what bodies told, in their order; an event known already is not stored twice."""
        told = [self._event(it.unread, event) for it in readings for event in it.happened]
        if told:
            insert = upsert(self._connection, events).on_conflict_do_nothing(
                index_elements=["channel", "account", "external_id"]
            )
            await self._connection.execute(insert, told)
        odd = [self._quarantined(it.unread, item) for it in readings for item in it.failed]
        if odd:
            await self._connection.execute(sa.insert(quarantine), odd)
        ids = [it.unread.id for it in readings]
        done = sa.update(inbox).where(inbox.c.id.in_(ids)).values(read_at=self._now)
        await self._connection.execute(done)

    async def due(self, limit: int) -> Sequence[Event]:
        """The first waiting event of each address, locked, oldest first.

        One that this version cannot read any more is dead.
        """
        same = events.alias()
        # As a minimum, not as "no earlier one exists": that becomes a join, for which PostgreSQL
        # compares all with all after a burst, since its statistics still tell of an empty queue.
        first = (
            sa.select(sa.func.min(same.c.id))
            .where(
                same.c.state == "new",
                same.c.channel == events.c.channel,
                same.c.account == events.c.account,
                same.c.handle == events.c.handle,
            )
            .scalar_subquery()
        )
        found = (
            sa.select(
                events.c.id,
                events.c.channel,
                events.c.account,
                events.c.body,
                events.c.received_at,
                events.c.tries,
            )
            .where(events.c.state == "new", events.c.due_at <= self._now, events.c.id == first)
            .order_by(events.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        due: list[Event] = []
        for row in (await self._connection.execute(found)).all():
            try:
                due.append(_event(row))
            except Malformed as error:
                await self._settle(row.id, state="dead", error=str(error))
        return due

    async def done(self, event: Event, person_id: int | None) -> None:
        """The event took effect, in this transaction."""
        await self._settle(event.id, state="done", person_id=person_id, error=None)

    async def failed(self, event: Event, error: str, *, again_in: timedelta | None) -> None:
        """The event could not take effect: later again, or never (dead)."""
        tried = event.tries + 1
        if again_in is None:
            await self._settle(event.id, state="dead", error=error, tries=tried)
        else:
            due = self._now + again_in
            await self._settle(event.id, error=error, tries=tried, due_at=due)

    async def waiting(self) -> int:
        """How many bodies and events have not taken effect yet."""
        bodies = sa.select(sa.func.count()).where(inbox.c.read_at.is_(None)).scalar_subquery()
        left = sa.select(sa.func.count()).where(events.c.state == "new").scalar_subquery()
        total: int = (await self._connection.execute(sa.select(bodies + left))).scalar_one()
        return total

    def _event(self, unread: Unread, inbound: Inbound) -> dict[str, Any]:
        return {
            "channel": unread.lane.channel,
            "account": unread.lane.account,
            "external_id": inbound.event_id,
            "handle": inbound.address.handle,
            "kind": type(inbound).__name__,
            "body": encode(inbound),
            "at": inbound.at,
            "received_at": unread.kept.received_at,
            "inbox_id": unread.id,
            "due_at": self._now,
        }

    def _quarantined(self, unread: Unread, item: Unreadable) -> dict[str, Any]:
        return {
            "inbox_id": unread.id,
            "channel": unread.lane.channel,
            "account": unread.lane.account,
            "why": item.why,
            "item": item.item[:ITEM_CHARACTERS],
            "at": self._now,
        }

    async def _settle(self, event_id: int, **values: Any) -> None:
        # Somebody may have had more luck with it since it failed here.
        waiting = sa.update(events).where(events.c.id == event_id, events.c.state == "new")
        await self._connection.execute(waiting.values(**values))


def _event(row: AnyRow) -> Event:
    return Event(
        row.id,
        Lane(ChannelName(row.channel), row.account),
        decode(Inbound, row.body),
        row.received_at,
        row.tries,
    )
