"""Segments in SQL: the twin of vestnik.segment, for counting and for freezing an audience."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import look_over
from storage.tables import addresses, answers, deliveries, people, standings
from vestnik.segment import (
    EVERYONE,
    All,
    Answered,
    Any,
    Consented,
    Not,
    On,
    SeenWithin,
    Segment,
)
from vestnik.states import PRIORITY

MANY = 1_000
"""So many new rows at once change how a table is best read."""

_ASKED = [deliveries.c[it] for it in ("broadcast_id", "state", "channel", "account", "due_at")]


class Audiences:
    """Who belongs to a segment. People without any address left are nobody's audience."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def count(self, segment: Segment) -> int:
        """How many people the segment matches."""
        counted = sa.select(sa.func.count()).select_from(people).where(self._where(segment))
        total: int = (await self._connection.execute(counted)).scalar_one()
        return total

    async def count_by_channel(self, segment: Segment) -> Mapping[str, int]:
        """Of them, how many can be reached on each channel; a person counts on several."""
        counted = (
            sa.select(addresses.c.channel, sa.func.count(addresses.c.person_id.distinct()))
            .join_from(addresses, people, addresses.c.person_id == people.c.id)
            .where(addresses.c.reachable, self._where(segment))
            .group_by(addresses.c.channel)
            .order_by(addresses.c.channel)
        )
        return {row[0]: row[1] for row in await self._connection.execute(counted)}

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
        count = (await self._connection.execute(frozen)).rowcount
        if count >= MANY:
            await look_over(self._connection, _ASKED)
        return count

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
        has_address = _some(addresses.c.person_id == people.c.id)
        return sa.and_(has_address, self._holds(segment))

    def _holds(self, segment: Segment) -> sa.ColumnElement[bool]:
        match segment:
            case Answered(question, values):
                given = (answers.c.person_id == people.c.id, answers.c.question == question)
                return _some(*given, answers.c.value.in_(values)) if values else _some(*given)
            case Consented(purpose):
                return _some(
                    standings.c.person_id == people.c.id,
                    standings.c.purpose == purpose,
                    standings.c.granted,
                )
            case On(channel):
                return _some(
                    addresses.c.person_id == people.c.id,
                    addresses.c.channel == channel,
                    addresses.c.reachable,
                )
            case SeenWithin(days):
                seen = people.c.seen_at >= self._now - timedelta(days=days)
                return sa.and_(people.c.seen_at.is_not(None), seen)
            case All(parts):
                return sa.and_(sa.true(), *(self._holds(part) for part in parts))
            case Any(parts):
                return sa.or_(sa.false(), *(self._holds(part) for part in parts))
            case Not(part):
                return sa.not_(self._holds(part))


def _some(*where: sa.ColumnElement[bool]) -> sa.Exists:
    # Only the person is the outer query's: it may look at addresses of its own.
    return sa.exists().where(*where).correlate(people)
