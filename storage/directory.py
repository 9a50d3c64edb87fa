"""People as others are shown them: page by page, with all that is known of many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.known import KnownAddress, Person
from storage.people import People
from storage.tables import addresses, answers, consents, people, profile, standings
from vestnik.address import ChannelName, Lane
from vestnik.consent import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """How things stand for one purpose, and which words were said to last and when."""

    purpose: Purpose
    granted: bool
    channels: tuple[ChannelName, ...]
    text_version: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All about one person; the address used last comes first.

    `answers` are by question, `columns` (what was imported) by name.
    """

    person: Person
    addresses: Sequence[KnownAddress]
    consents: Sequence[Present]
    answers: dict[str, list[str]]
    columns: dict[str, list[str]]


class Directory:
    """Reads people's cards, and who has no name on theirs; one statement a table, however many."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def card(self, person_id: int) -> Card | None:
        """One person."""
        found = await self._cards(_PERSON.where(people.c.id == person_id))
        return found[0] if found else None

    async def page(self, *, after: int, limit: int, channel: str | None = None) -> list[Card]:
        """People who have an address (on the channel), by id, from after one on."""
        gone = addresses.c.closed_reason == "forgotten"
        theirs = [addresses.c.person_id == people.c.id, gone.is_not(True)]
        if channel is not None:
            theirs.append(addresses.c.channel == channel)
        found = _PERSON.where(people.c.id > after, sa.exists().where(*theirs).correlate(people))
        return await self._cards(found.order_by(people.c.id).limit(limit))

    async def nameless(self, lane: Lane, since: datetime, most: int) -> dict[str, int]:
        """Handle and person of those on a lane who wrote since then and have no name.

        Whoever was forgotten has none either, until they write again.
        """
        found = (
            sa.select(addresses.c.handle, addresses.c.person_id)
            .join_from(addresses, people, people.c.id == addresses.c.person_id)
            .where(
                addresses.c.channel == lane.channel,
                addresses.c.account == lane.account,
                addresses.c.last_inbound_at >= since,
                people.c.name == "",
                people.c.seen_at.is_not(None),
            )
            .order_by(addresses.c.last_inbound_at.desc())
            .limit(most)
        )
        return {row.handle: row.person_id for row in await self._connection.execute(found)}

    async def _cards(self, found: sa.Select[Any]) -> list[Card]:
        persons = [Person(*row) for row in await self._connection.execute(found)]
        ids = [person.id for person in persons]
        reached = await People(self._connection, self._now).addresses_of(ids)
        agreed = await self._consents(ids)
        said = await self._values(answers.c.question, ids)
        imported = await self._values(profile.c.name, ids)
        return [
            Card(
                person=person,
                addresses=reached.get(person.id, []),
                consents=agreed.get(person.id, []),
                answers=said.get(person.id, {}),
                columns=imported.get(person.id, {}),
            )
            for person in persons
        ]

    async def _consents(self, ids: Sequence[int]) -> dict[int, list[Present]]:
        found = (
            sa.select(
                standings.c.person_id,
                standings.c.purpose,
                standings.c.granted,
                standings.c.channels,
                consents.c.text_version,
                consents.c.at,
            )
            .join_from(standings, consents, standings.c.entry_id == consents.c.id)
            .where(standings.c.person_id.in_(ids))
            .order_by(standings.c.person_id, standings.c.purpose)
        )
        grouped: dict[int, list[Present]] = {}
        for row in await self._connection.execute(found):
            present = Present(
                purpose=row.purpose,
                granted=row.granted,
                channels=tuple(row.channels),
                text_version=row.text_version,
                at=row.at,
            )
            grouped.setdefault(row.person_id, []).append(present)
        return grouped

    async def _values(
        self, name: sa.Column[str], ids: Sequence[int]
    ) -> dict[int, dict[str, list[str]]]:
        """By person and name, the values of the table of known values that the column names."""
        known = name.table
        found = (
            sa.select(known.c.person_id, name, known.c.value)
            .where(known.c.person_id.in_(ids))
            .order_by(known.c.person_id, name, known.c.value)
        )
        grouped: dict[int, dict[str, list[str]]] = {}
        for person, called, value in await self._connection.execute(found):
            grouped.setdefault(person, {}).setdefault(called, []).append(value)
        return grouped


_PERSON = sa.select(
    people.c.id, people.c.name, people.c.language, people.c.created_at, people.c.seen_at
)
