"""Finds people by what staff know of them: our number, a part of the name, a handle or phone."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import addresses, people

# Within a number's last digits no country writes its prefixes: 8 916 … is +7 916 …
PHONE_DIGITS = 10
LONGEST_ID = 18
"""Digits that surely fit our ids."""


class Search:
    """Looks people up; a large table is read from end to end, so it is for staff alone."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def names(self, person_ids: Sequence[int]) -> dict[int, str]:
        """What people are called, by our number, in its order; empty where nobody knows."""
        found = sa.select(people.c.id, people.c.name).where(people.c.id.in_(person_ids))
        rows = await self._connection.execute(found.order_by(people.c.id))
        return {row.id: row.name for row in rows}

    async def people(self, text: str, limit: int) -> list[int]:
        """The ids of those whom the text may mean, as long as they have an address."""
        text = text.strip()
        if not text:
            return []
        reached = sa.exists().where(addresses.c.person_id == people.c.id).correlate(people)
        found = (
            sa.select(people.c.id)
            .where(reached, sa.or_(*_by_person(text), reached.where(sa.or_(*_by_address(text)))))
            .order_by(people.c.id)
            .limit(limit)
        )
        return list((await self._connection.execute(found)).scalars())


def _by_person(text: str) -> Iterator[sa.ColumnElement[bool]]:
    number = text.lstrip("#№ ")
    if number.isdecimal() and len(number) <= LONGEST_ID:
        yield people.c.id == int(number)
    # SQLite folds the case of Latin letters only.
    for spelling in {text, text.lower(), text.upper(), text.capitalize(), text.title()}:
        yield people.c.name.contains(spelling, autoescape=True)


def _by_address(text: str) -> Iterator[sa.ColumnElement[bool]]:
    yield addresses.c.handle == text.removeprefix("@")
    digits = re.sub(r"[\s()+.-]", "", text)
    if digits.isdecimal() and len(digits) >= PHONE_DIGITS:
        yield addresses.c.handle.endswith(digits[-PHONE_DIGITS:])
        yield addresses.c.phone.endswith(digits[-PHONE_DIGITS:])
