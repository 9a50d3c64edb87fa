"""Campaigns: what is said to whom by which route, and where they stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.literals import PLANNED, SENDING, WAITING
from storage.tables import broadcasts, deliveries
from storage.types import AnyRow
from vestnik.outbound import Template, Text
from vestnik.record import decode, encode
from vestnik.route import Route
from vestnik.sample import Sample
from vestnik.segment import Segment

BroadcastState = Literal["draft", "running", "paused", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A campaign; `finished` is computed: it was started and no delivery of it is open."""

    id: int
    state: BroadcastState
    segment: Segment
    content: Text
    templates: Mapping[str, Template]
    route: Route
    content_hash: str
    created_by: str
    created_at: datetime
    topic: str | None = None
    audience: int | None = None
    reason: str | None = None
    confirmed_by: str | None = None
    started_at: datetime | None = None
    expires_at: datetime | None = None
    progress_id: int | None = None
    progress_text: str | None = None
    reported_at: datetime | None = None
    finished: bool = False


class Broadcasts:
    """One row a campaign; states change only from a known state."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def draft(
        self,
        *,
        segment: Segment,
        content: Text,
        templates: Mapping[str, Template],
        route: Route,
        content_hash: str,
        created_by: str,
        topic: str | None = None,
    ) -> int:
        """A new campaign that sends nothing yet; gives its id."""
        added = sa.insert(broadcasts).values(
            state="draft",
            segment=encode(segment),
            content=encode(content),
            templates={name: encode(template) for name, template in templates.items()},
            route=encode(route),
            topic=topic,
            content_hash=content_hash,
            created_by=created_by,
            created_at=self._now,
        )
        result = await self._connection.execute(added.returning(broadcasts.c.id))
        broadcast_id: int = result.scalar_one()
        return broadcast_id

    async def get(self, broadcast_id: int) -> Broadcast | None:
        """A campaign by id."""
        found = _BROADCAST.where(broadcasts.c.id == broadcast_id)
        row = (await self._connection.execute(found)).one_or_none()
        return _broadcast(row) if row else None

    async def latest(self, limit: int, before: int | None = None) -> Sequence[Broadcast]:
        """The newest campaigns first."""
        found = _BROADCAST.order_by(broadcasts.c.id.desc()).limit(limit)
        if before is not None:
            found = found.where(broadcasts.c.id < before)
        return [_broadcast(row) for row in await self._connection.execute(found)]

    async def started(self, limit: int) -> Sequence[Broadcast]:
        """The campaigns that were begun, the newest first; abandoned drafts are not among them."""
        begun = _BROADCAST.where(broadcasts.c.started_at.is_not(None))
        found = begun.order_by(broadcasts.c.id.desc()).limit(limit)
        return [_broadcast(row) for row in await self._connection.execute(found)]

    async def unreported(self) -> Sequence[Broadcast]:
        """Campaigns that were started and whose end nobody was told of yet."""
        found = _BROADCAST.where(
            broadcasts.c.started_at.is_not(None), broadcasts.c.reported_at.is_(None)
        )
        return [_broadcast(row) for row in await self._connection.execute(found)]

    async def under_way(self) -> Sequence[Broadcast]:
        """Campaigns that are sending now."""
        found = _BROADCAST.where(broadcasts.c.state == "running").order_by(broadcasts.c.id)
        return [
            it for it in map(_broadcast, await self._connection.execute(found)) if not it.finished
        ]

    async def running(self, ids: Collection[int]) -> set[int]:
        """Those of these campaigns that are running."""
        found = sa.select(broadcasts.c.id).where(
            broadcasts.c.id.in_(ids), broadcasts.c.state == "running"
        )
        return set((await self._connection.execute(found)).scalars()) if ids else set()

    async def move(
        self,
        broadcast_id: int,
        *,
        to: BroadcastState,
        only_from: Sequence[BroadcastState],
        **also: Any,
    ) -> bool:
        """Change the state; false when it was in none of those states any more."""
        known = broadcasts.c.state.in_(only_from)
        return await self._swap(broadcast_id, known, state=to, **also)

    async def note(self, broadcast_id: int, **values: Any) -> None:
        """Store facts that are no state: the audience's size, the progress message."""
        noted = sa.update(broadcasts).where(broadcasts.c.id == broadcast_id)
        await self._connection.execute(noted.values(**values))

    async def retell(self, broadcast_id: int, text: str, *, was: str | None) -> bool:
        """Note what the progress message says from now on; false when somebody was quicker."""
        told = broadcasts.c.progress_text.is_not_distinct_from(was)
        return await self._swap(broadcast_id, told, progress_text=text)

    async def close_report(self, broadcast_id: int) -> bool:
        """The end is being told, by whoever gets true; everybody after that gets false."""
        open_still = broadcasts.c.reported_at.is_(None)
        return await self._swap(broadcast_id, open_still, reported_at=self._now)

    async def samples(self, ids: Collection[int], *, to_change: bool = False) -> dict[int, Sample]:
        """The newest answers to these campaigns; `to_change`: locked, and only those that nobody
        else is changing now.
        """
        if not ids:
            return {}
        found = sa.select(broadcasts.c.id, broadcasts.c.answers, broadcasts.c.refusals)
        found = found.where(broadcasts.c.id.in_(ids)).order_by(broadcasts.c.id)
        if to_change:
            found = found.with_for_update(skip_locked=True)
        rows = await self._connection.execute(found)
        return {row.id: Sample(row.answers, row.refusals) for row in rows}

    async def keep_sample(self, broadcast_id: int, sample: Sample) -> None:
        """Store the newest answers to a campaign."""
        await self.note(broadcast_id, answers=sample.answers, refusals=sample.failures)

    async def refused(self, refusals: int) -> Sequence[int]:
        """Campaigns that are sending although so many of their newest messages were refused."""
        found = sa.select(broadcasts.c.id).where(
            broadcasts.c.state == "running", broadcasts.c.refusals >= refusals
        )
        return (await self._connection.execute(found.order_by(broadcasts.c.id))).scalars().all()

    async def _swap(self, broadcast_id: int, still: sa.ColumnElement[bool], **values: Any) -> bool:
        swapped = (
            sa.update(broadcasts)
            .where(broadcasts.c.id == broadcast_id, still)
            .values(**values)
            .returning(broadcasts.c.id)
        )
        return (await self._connection.execute(swapped)).one_or_none() is not None


def _some(state: sa.ColumnElement[bool]) -> sa.Exists:
    mine = deliveries.c.broadcast_id == broadcasts.c.id
    return sa.exists().where(mine, state).correlate(broadcasts)


# In two parts: each has its index.
_OPEN_LEFT = sa.or_(
    _some(deliveries.c.state == PLANNED), _some(deliveries.c.state.in_((SENDING, WAITING)))
)
_BROADCAST = sa.select(
    *broadcasts.c,
    sa.and_(broadcasts.c.started_at.is_not(None), ~_OPEN_LEFT).label("finished"),
)


def _broadcast(row: AnyRow) -> Broadcast:
    return Broadcast(
        id=row.id,
        state=cast("BroadcastState", row.state),
        segment=decode(Segment, row.segment),
        content=decode(Text, row.content),
        templates={name: decode(Template, it) for name, it in row.templates.items()},
        route=decode(Route, row.route),
        content_hash=row.content_hash,
        created_by=row.created_by,
        created_at=row.created_at,
        topic=row.topic,
        audience=row.audience,
        reason=row.reason,
        confirmed_by=row.confirmed_by,
        started_at=row.started_at,
        expires_at=row.expires_at,
        progress_id=row.progress_id,
        progress_text=row.progress_text,
        reported_at=row.reported_at,
        finished=bool(row.finished),
    )
