"""Audiences: whom a segment means now, counted, sampled and frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import look_over
from storage.folding import Folding
from storage.matching import Matching, there
from storage.tables import addresses, answers, deliveries
from vestnik.segment import EVERYONE, Segment
from vestnik.states import PRIORITY

MANY = 1_000
"""So many new rows at once change how a table is best read."""

_ASKED = [deliveries.c[it] for it in ("broadcast_id", "state", "channel", "account", "due_at")]
# One person in so many is taken into the sample of an audience that is large enough.
_THIN = 31
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
        return (await self.reach(segment)).total

    async def reach(self, segment: Segment, *, sample: int = 0) -> Reach:
        """The numbers, and the ids of so many people from all over, as far as there are so many."""
        channels = await self._channels()
        if not channels:
            return Reach(0, {})
        folding = Folding(self._matching, channels, segment)
        person = folding.people.subquery("person")
        thinned = sa.case((person.c.person_id % _THIN == 0, sa.cast(person.c.person_id, sa.String)))
        on = (sa.case((folding.reached(person.c.flags, it), 1), else_=0) for it in channels)
        told = sa.select(
            sa.func.count(), sa.func.aggregate_strings(thinned, ","), *map(sa.func.sum, on)
        )
        total, some, *counts = (await self._execute(told)).one()
        ids = sorted(map(int, some.split(","))) if some else []
        if len(ids) < min(sample, total):
            order = person.c.person_id * _SPREAD % _RANGE
            found = sa.select(person.c.person_id).order_by(order, person.c.person_id).limit(sample)
            ids = sorted((await self._execute(found)).scalars())
        return Reach(
            total=total,
            channels={name: count for name, count in zip(channels, counts, strict=True) if count},
            sample=_spread(ids, sample),
        )

    async def page(self, segment: Segment, *, after: int, limit: int) -> list[int]:
        """The people a segment matches, by id, from after one on."""
        found = self._people(segment).where(addresses.c.person_id > after)
        ordered = found.order_by(addresses.c.person_id).limit(limit)
        return list((await self._execute(ordered)).scalars())

    async def freeze(self, broadcast_id: int, segment: Segment, expires_at: datetime | None) -> int:
        """One planned delivery for each person of the segment, in one statement."""
        person = self._people(segment).subquery("person")
        chosen = sa.select(
            sa.literal("broadcast"),
            person.c.person_id,
            sa.literal(broadcast_id, sa.BigInteger),
            sa.literal("planned"),
            sa.literal(PRIORITY["broadcast"]),
            sa.literal(self._now, deliveries.c.due_at.type),
            sa.literal(expires_at, deliveries.c.expires_at.type),
            sa.literal(self._now, deliveries.c.created_at.type),
            sa.literal(self._now, deliveries.c.updated_at.type),
        ).order_by(person.c.person_id)  # an index is filled in its order far more cheaply
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
        count = (await self._execute(frozen)).rowcount
        if count >= MANY:
            await look_over(self._connection, _ASKED)
        return count

    async def answer_values(
        self, question: str, limit: int, among: Segment = EVERYONE
    ) -> list[tuple[str, int]]:
        """The answers given to a question, and by how many of a segment; the frequent first."""
        place = addresses.alias()
        counted = (
            sa.select(answers.c.value, sa.func.count())
            .where(
                answers.c.question == question,
                there(place.c.person_id, answers.c.person_id),
                self._matching.holds(among, answers.c.person_id),
            )
            .group_by(answers.c.value)
            .order_by(sa.func.count().desc(), answers.c.value)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in await self._execute(counted)]

    def _people(self, segment: Segment) -> sa.Select[Any]:
        """Everybody who belongs, a row each: whoever has no address left has none here either."""
        who = addresses.c.person_id
        return sa.select(who).where(self._matching.holds(segment, who)).group_by(who)

    async def _channels(self) -> list[str]:
        """The channels on which anybody has an address; found in an index, one after another."""
        first = sa.select(sa.func.min(addresses.c.channel).label("name")).cte(
            "channel", recursive=True
        )
        following = (
            sa.select(sa.func.min(addresses.c.channel))
            .where(addresses.c.channel > first.c.name)
            .scalar_subquery()
        )
        every = first.union_all(sa.select(following).where(first.c.name.is_not(None)))
        named = sa.select(every.c.name).where(every.c.name.is_not(None)).order_by(every.c.name)
        return list((await self._connection.execute(named)).scalars())

    async def _execute(self, statement: sa.Executable) -> sa.CursorResult[*tuple[Any, ...]]:
        """On PostgreSQL with room for ids of millions, in the one way that is fast for them."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(_ROOM)
        return await self._connection.execute(statement)


def _spread(ids: Sequence[int], most: int) -> tuple[int, ...]:
    """So many of them at most, evenly from their beginning to their end."""
    taken = min(most, len(ids))
    return tuple(ids[place * len(ids) // taken] for place in range(taken))


# Sorted by person, rows need one pass and no table of people in memory, which takes three times as
# long to fill; and what workers have sorted would have to be merged once more. Where ids do not
# fit, only what is needed is taken.
_ROOM = sa.select(
    *(
        sa.func.set_config(name, value, True)
        for name, value in {
            "work_mem": "64MB",
            "jit": "off",
            "enable_hashagg": "off",
            "max_parallel_workers_per_gather": "0",
        }.items()
    )
)
