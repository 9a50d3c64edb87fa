"""Audiences: whom a segment means now, counted, sampled and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.matching import Matching
from storage.tables import addresses, answers, deliveries, people
from vestnik.segment import EVERYONE, Segment
from vestnik.states import PRIORITY

# Multiplied by it, ids lie in no order that people were added in (Knuth's multiplicative hash).
_SPREAD, _RANGE = 2_654_435_761, 2**32


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people a segment matches, how many of them each channel reaches, and some of them.

    A person counts on each channel that reaches them.
    """

    total: int
    channels: Mapping[str, int]
    sample: tuple[int, ...] = ()


class Audiences:
    """Who belongs to a segment. People without any address left are nobody's audience.

    Days begin in `zone`.
    """

    def __init__(self, connection: AsyncConnection, now: datetime, zone: tzinfo) -> None:
        self._connection = connection
        self._now = now
        self._matching = Matching(now.astimezone(zone))

    async def count(self, segment: Segment) -> int:
        """How many people the segment matches."""
        counted = sa.select(sa.func.count()).select_from(people).where(self._where(segment))
        total: int = (await self._connection.execute(counted)).scalar_one()
        return total

    async def reach(self, segment: Segment, *, sample: int = 0) -> Reach:
        """The numbers, and the ids of so many people, taken from all over; in one statement."""
        chosen = sa.select(people.c.id).where(self._where(segment)).cte("chosen")
        total = sa.select(
            sa.literal("total").label("what"),
            sa.null().label("channel"),
            sa.func.count().label("n"),
        ).select_from(chosen)
        by_channel = (
            sa.select(
                sa.literal("channel"),
                addresses.c.channel,
                sa.func.count(addresses.c.person_id.distinct()),
            )
            .join_from(addresses, chosen, addresses.c.person_id == chosen.c.id)
            .where(addresses.c.reachable)
            .group_by(addresses.c.channel)
        )
        some = (
            sa.select(chosen.c.id)
            .order_by(chosen.c.id * _SPREAD % _RANGE, chosen.c.id)
            .limit(sample)
            .subquery()
        )
        sampled = sa.select(sa.literal("sample"), sa.null(), some.c.id)
        rows = (await self._connection.execute(sa.union_all(total, by_channel, sampled))).all()
        return Reach(
            total=next(row.n for row in rows if row.what == "total"),
            channels=dict(sorted((row.channel, row.n) for row in rows if row.what == "channel")),
            sample=tuple(sorted(row.n for row in rows if row.what == "sample")),
        )

    async def page(self, segment: Segment, *, after: int, limit: int) -> list[int]:
        """The people a segment matches, by id, from after one on."""
        found = sa.select(people.c.id).where(people.c.id > after, self._where(segment))
        ordered = found.order_by(people.c.id).limit(limit)
        return list((await self._connection.execute(ordered)).scalars())

    async def freeze(self, broadcast_id: int, segment: Segment, expires_at: datetime | None) -> int:
        """One planned delivery for each person of the segment, in one statement."""
        chosen = sa.select(
            sa.literal("broadcast"),
            people.c.id,
            sa.literal(broadcast_id, sa.BigInteger),
            sa.literal("planned"),
            sa.literal(PRIORITY["broadcast"]),
            sa.literal(self._now, deliveries.c.due_at.type),
            sa.literal(expires_at, deliveries.c.expires_at.type),
            sa.literal(self._now, deliveries.c.created_at.type),
            sa.literal(self._now, deliveries.c.updated_at.type),
        ).where(self._where(segment))
        columns = [
            "kind",
            "person_id",
            "broadcast_id",
            "state",
            "priority",
            "due_at",
            "expires_at",
            "created_at",
            "updated_at",
        ]
        frozen = sa.insert(deliveries).from_select(columns, chosen)
        return (await self._connection.execute(frozen)).rowcount

    async def answer_values(
        self, question: str, limit: int, among: Segment = EVERYONE
    ) -> list[tuple[str, int]]:
        """The answers given to a question, and by how many of a segment; the frequent first."""
        counted = (
            sa.select(answers.c.value, sa.func.count())
            .join_from(answers, people, answers.c.person_id == people.c.id)
            .where(answers.c.question == question, self._where(among))
            .group_by(answers.c.value)
            .order_by(sa.func.count().desc(), answers.c.value)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in await self._connection.execute(counted)]

    def _where(self, segment: Segment) -> sa.ColumnElement[bool]:
        has_address = sa.exists().where(addresses.c.person_id == people.c.id).correlate(people)
        return sa.and_(has_address, self._matching.holds(segment))
