"""Fills a database with made-up subscribers, set by set: for benchmarks and rehearsals alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import addresses, consents, people, standings
from vestnik.address import SMS, Lane
from vestnik.consent import MESSENGERS

ACTOR = "rehearsal"


@dataclass(frozen=True, slots=True)
class Homes:
    """Where people live on a lane: person 7 at `prefix` and then `first` + 7, as digits."""

    lane: Lane
    first: int
    prefix: str = ""

    def handle(self, person: int) -> str:
        """Where a person lives."""
        return f"{self.prefix}{self.first + person}"


class Crowd:
    """People by the hundred thousand; in a database that had nobody they are numbered from 1."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def settle(self, count: int, homes: Sequence[Homes]) -> None:
        """So many people who agreed to advertising, each at one address: the homes by turns."""
        known = sa.select(sa.func.coalesce(sa.func.max(people.c.id), 0))
        newcomers = people.c.id > (await self._connection.execute(known)).scalar_one()
        await self._people(count)
        for turn, home in enumerate(homes):
            await self._addresses(home, newcomers, people.c.id % len(homes) == turn)
        await self._consents(newcomers)
        # As in a database that has had its people for longer than a second.
        await self._connection.execute(sa.text("ANALYZE"))

    async def _people(self, count: int) -> None:
        numbers = sa.select(sa.literal(1).label("n")).cte(recursive=True)
        numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < count))
        name = sa.literal("Person ").concat(sa.cast(numbers.c.n, sa.String))
        await fill(self._connection, people, {"name": name, "created_at": self._at()}, numbers)

    async def _addresses(self, home: Homes, *which: sa.ColumnElement[bool]) -> None:
        digits = sa.cast(people.c.id + home.first, sa.String)
        values = {
            "person_id": people.c.id,
            "channel": sa.literal(home.lane.channel),
            "account": sa.literal(home.lane.account),
            "handle": sa.literal(home.prefix).concat(digits),
            "reachable": sa.true(),
            "created_at": self._at(),
        }
        await fill(self._connection, addresses, values, people, *which)

    async def _consents(self, newcomers: sa.ColumnElement[bool]) -> None:
        agreed = {
            "purpose": sa.literal("advertising"),
            "channels": sa.literal([MESSENGERS, SMS], consents.c.channels.type),
        }
        entered = {
            "person_id": people.c.id,
            "action": sa.literal("grant"),
            "text_version": sa.literal(""),
            "text_hash": sa.literal(""),
            "actor": sa.literal(ACTOR),
            "at": self._at(),
        }
        await fill(self._connection, consents, agreed | entered, people, newcomers)
        stands = {
            "person_id": people.c.id,
            "granted": sa.true(),
            "entry_id": consents.c.id,
        }
        entries = people.join(consents, consents.c.person_id == people.c.id)
        await fill(self._connection, standings, agreed | stands, entries, newcomers)

    def _at(self) -> sa.ColumnElement[datetime]:
        return sa.literal(self._now, people.c.created_at.type)


async def fill(
    connection: AsyncConnection,
    table: sa.Table,
    values: Mapping[str, sa.ColumnElement[Any]],
    source: sa.FromClause,
    *which: sa.ColumnElement[bool],
    by: sa.ColumnElement[Any] | None = None,
) -> None:
    """Fill a table with one row for each of these, in one statement, in this order if any."""
    rows = sa.select(*values.values()).select_from(source).where(*which).order_by(by)
    await connection.execute(sa.insert(table).from_select(list(values), rows))
