"""Fills a database with made-up subscribers, set by set: for benchmarks and rehearsals alone."""

from collections.abc import Sequence
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


class Crowd:
    """People by the hundred thousand; in a database that had nobody they are numbered from 1."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def settle(self, count: int, homes: Sequence[Homes]) -> None:
        """So many people who agreed to advertising, each at one address: the homes by turns."""
        numbers = sa.select(sa.literal(1).label("n")).cte(recursive=True)
        numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < count))
        named = sa.literal("Person ").concat(sa.cast(numbers.c.n, sa.String))
        await self._fill(people, sa.select(named, self._at()), "name", "created_at")
        for turn, home in enumerate(homes):
            await self._address(turn, len(homes), home)
        purpose, channels = sa.literal("advertising"), self._channels()
        await self._fill(
            consents,
            sa.select(
                people.c.id,
                purpose,
                sa.literal("grant"),
                channels,
                sa.literal(""),
                sa.literal(""),
                sa.literal(ACTOR),
                self._at(),
            ),
            "person_id",
            "purpose",
            "action",
            "channels",
            "text_version",
            "text_hash",
            "actor",
            "at",
        )
        await self._fill(
            standings,
            sa.select(consents.c.person_id, consents.c.purpose, sa.true(), channels, consents.c.id),
            "person_id",
            "purpose",
            "granted",
            "channels",
            "entry_id",
        )
        # As in a database that has had its people for longer than a second.
        await self._connection.execute(sa.text("ANALYZE"))

    async def _address(self, turn: int, turns: int, home: Homes) -> None:
        digits = sa.cast(people.c.id + home.first, sa.String)
        lives_here = sa.select(
            people.c.id,
            sa.literal(home.lane.channel),
            sa.literal(home.lane.account),
            sa.literal(home.prefix).concat(digits),
            sa.true(),
            self._at(),
        ).where(people.c.id % turns == turn)
        columns = ("person_id", "channel", "account", "handle", "reachable", "created_at")
        await self._fill(addresses, lives_here, *columns)

    async def _fill(self, table: sa.Table, rows: sa.Select[Any], *columns: str) -> None:
        await self._connection.execute(sa.insert(table).from_select(columns, rows))

    def _at(self) -> sa.BindParameter[datetime]:
        return sa.literal(self._now, people.c.created_at.type)

    def _channels(self) -> sa.BindParameter[list[str]]:
        return sa.literal([MESSENGERS, SMS], consents.c.channels.type)
