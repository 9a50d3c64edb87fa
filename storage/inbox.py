"""Raw bytes as they came, the events read from them, and what could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import alone, among, upsert
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
        """The first waiting event of each address, but for reports; locked, oldest first.

        One that this version cannot read any more is dead.
        """
        return await self._due(_SAID, limit)

    async def reports_due(self, limit: int) -> Sequence[Event]:
        """Waiting reports before which their address said nothing else; locked, oldest first.

        Several of one address come together, and another worker may hold some of them: any order
        of reports ends the same. A report and what its person writes are kept in order, though:
        a message opens an address that a report closed before. (`due` waits for reports, too.)
        """
        return await self._due(_REPORTED, limit)

    async def hold(self, event: Event) -> bool:
        """Lock one event again; false when it took effect meanwhile, or somebody is at it."""
        found = sa.select(events.c.id).where(events.c.id == event.id, _IS_NEW)
        held = await self._connection.execute(found.with_for_update(skip_locked=True))
        return held.first() is not None

    async def done(self, handled: Sequence[Event], person_id: int | None = None) -> None:
        """The events took effect, in this transaction."""
        ids = [event.id for event in handled]
        await self._settle(ids, state="done", person_id=person_id, error=None)

    async def failed(self, event: Event, error: str, *, again_in: timedelta | None) -> None:
        """The event could not take effect: later again, or never (dead)."""
        tried = event.tries + 1
        if again_in is None:
            await self._settle([event.id], state="dead", error=error, tries=tried)
        else:
            due = self._now + again_in
            await self._settle([event.id], error=error, tries=tried, due_at=due)

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

    async def _due(self, found: sa.Select[Any], limit: int) -> Sequence[Event]:
        told = {"now": self._now, "most": limit}
        while rows := (await self._connection.execute(found, told)).all():
            due: list[Event] = []
            for row in rows:
                try:
                    due.append(_event(row))
                except Malformed as error:
                    await self._settle([row.id], state="dead", error=str(error))
            if due:
                return due
        return []

    async def _settle(self, ids: Sequence[int], **values: Any) -> None:
        # Somebody may have had more luck with them since they failed here.
        waiting = sa.update(events).where(among(self._connection, events.c.id, ids), _IS_NEW)
        await self._connection.execute(waiting.values(**values))


# Written out, not given as parameters: only so are they known to be what the indexes hold.
_IS_NEW = events.c.state == sa.literal_column("'new'")
_IS_REPORT = events.c.kind == sa.literal_column("'DeliveryReported'")


def _earliest(*, said: bool) -> sa.ScalarSelect[int]:
    """The first event that waits at the same address; with `said`, the first but for reports.

    As a minimum, not as "no earlier one exists": that becomes a join, for which PostgreSQL
    compares all with all after a burst, since its statistics still tell of an empty queue. And to
    be compared by `>=`: of "equal" it expects so little that it looks at all that waits.
    """
    same = events.alias()
    which = same.c.kind != sa.literal_column("'DeliveryReported'") if said else sa.true()
    return (
        sa.select(sa.func.min(same.c.id))
        .where(
            same.c.state == sa.literal_column("'new'"),
            same.c.channel == events.c.channel,
            same.c.account == events.c.account,
            same.c.handle == events.c.handle,
            which,
        )
        .scalar_subquery()
    )


_DUE = (
    sa.select(
        events.c.id,
        events.c.channel,
        events.c.account,
        events.c.body,
        events.c.received_at,
        events.c.tries,
    )
    .where(_IS_NEW, events.c.due_at <= sa.bindparam("now"))
    .order_by(events.c.id)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
_SAID = _DUE.where(~_IS_REPORT, _earliest(said=False) >= events.c.id)
_REPORTED = _DUE.where(
    _IS_REPORT, sa.func.coalesce(_earliest(said=True), events.c.id) >= events.c.id
)


def _event(row: AnyRow) -> Event:
    return Event(
        row.id,
        Lane(ChannelName(row.channel), row.account),
        decode(Inbound, row.body),
        row.received_at,
        row.tries,
    )
