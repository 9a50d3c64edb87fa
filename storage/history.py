"""One person's messages, what came in and what went out, in the order of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import attempts, broadcasts, deliveries, events
from storage.types import AnyRow, Json
from vestnik.inbound import Personal
from vestnik.outbound import Message
from vestnik.record import decode
from vestnik.states import DeliveryState, Kind

Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message of a person, or to one.

    `at` is our time: when a message came to us, when one of ours was planned. `reference` is the
    provider's id of it on the channel, or of the event it came in. `state` and `kind` are those
    of a delivery.
    """

    direction: Direction
    id: int
    at: datetime
    channel: str | None
    content: Personal | Message
    reference: str | None
    state: DeliveryState | None
    kind: Kind | None


class History:
    """Inbound events and deliveries, as one list."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def of(
        self, person_id: int, *, before: tuple[datetime, Direction, int] | None, limit: int
    ) -> Sequence[Said]:
        """The newest first, from before a place on: its time, direction and id."""
        both = sa.union_all(_came_in(person_id), _went_out(person_id)).subquery()
        place = (both.c.at, both.c.direction, both.c.id)
        found = sa.select(both).order_by(*(column.desc() for column in place)).limit(limit)
        if before is not None:
            found = found.where(sa.tuple_(*place) < before)
        rows = (await self._connection.execute(found)).all()
        references = await self._references([row.id for row in rows if row.direction == "out"])
        return [_said(row, references) for row in rows]

    async def _references(self, ids: Sequence[int]) -> dict[tuple[int, str], str]:
        """The providers' ids of these deliveries, by channel; of several the last."""
        found = (
            sa.select(attempts.c.delivery_id, attempts.c.channel, attempts.c.reference)
            .where(attempts.c.delivery_id.in_(ids), attempts.c.reference.is_not(None))
            .order_by(attempts.c.delivery_id, attempts.c.number)
        )
        return {(row[0], row[1]): row[2] for row in await self._connection.execute(found)}


_PERSONAL = tuple(kind.__name__ for kind in get_args(Personal))


def _came_in(person_id: int) -> sa.Select[Any]:
    return sa.select(
        sa.literal("in").label("direction"),
        events.c.id,
        events.c.received_at.label("at"),
        events.c.channel,
        events.c.body.label("content"),
        events.c.external_id.label("reference"),
        sa.null().label("state"),
        sa.null().label("kind"),
    ).where(events.c.person_id == person_id, events.c.kind.in_(_PERSONAL))


def _went_out(person_id: int) -> sa.Select[Any]:
    # A broadcast's content stands in its own row.
    content = sa.func.coalesce(deliveries.c.content, broadcasts.c.content, type_=Json)
    return (
        sa.select(
            sa.literal("out"),
            deliveries.c.id,
            deliveries.c.created_at,
            sa.func.coalesce(deliveries.c.reached, deliveries.c.channel),
            content,
            sa.null(),
            deliveries.c.state,
            deliveries.c.kind,
        )
        .join_from(
            deliveries, broadcasts, deliveries.c.broadcast_id == broadcasts.c.id, isouter=True
        )
        .where(deliveries.c.person_id == person_id)
    )


def _said(row: AnyRow, references: Mapping[tuple[int, str], str]) -> Said:
    came_in = row.direction == "in"
    return Said(
        direction=row.direction,
        id=row.id,
        at=row.at,
        channel=row.channel,
        content=decode(Personal if came_in else Message, row.content),
        reference=row.reference if came_in else references.get((row.id, row.channel)),
        state=row.state,
        kind=row.kind,
    )
