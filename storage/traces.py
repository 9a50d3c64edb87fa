"""What tells of a person in what others wrote and providers sent, and the rows that hold it."""

import json
import re
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import has_bytes
from storage.tables import deliveries, events, inbox

SHORTEST = 5
"""Shorter handles are found everywhere; in JSON they are looked for as a whole string."""


def traces_of(name: str, handles: Iterable[str]) -> list[str]:
    """What to look for: handles, numbers without their "+", the full name.

    A first name alone tells nothing, and is found everywhere.
    """
    plain = {handle.lstrip("+") for handle in handles}
    told = {it if len(it) >= SHORTEST else f'"{it}"' for it in plain if it}
    return sorted(told | ({name} if " " in name.strip() else set()))


class Traces:
    """Looks for traces, from end to end of large tables: for chores alone."""

    def __init__(self, connection: AsyncConnection, traces: Sequence[str]) -> None:
        self._connection = connection
        self._traces = traces
        # Never within a longer number or word: that is something else.
        said = "|".join(map(re.escape, traces))
        self._said = re.compile(rf"(?<!\w)(?:{said})(?!\w)")

    async def events(self) -> list[int]:
        """Events that are no person's own: what staff wrote, what providers reported."""
        return await self._in_text(events, events.c.body, events.c.person_id.is_(None))

    async def messages(self) -> list[int]:
        """What staff were told."""
        return await self._in_text(deliveries, deliveries.c.content, deliveries.c.kind == "staff")

    async def bodies(self) -> list[int]:
        """What came in and is no person's own: repetitions, reports, what told us nothing."""
        if not self._traces:
            return []
        spellings = [it.encode() for trace in self._traces for it in {trace, _escaped(trace)}]
        told = [has_bytes(self._connection, inbox.c.body, it) for it in spellings]
        owned = sa.exists().where(events.c.inbox_id == inbox.c.id, events.c.person_id.is_not(None))
        found = sa.select(inbox.c.id, inbox.c.body).where(
            sa.or_(*told), ~owned, inbox.c.read_at.is_not(None)
        )
        rows = await self._connection.stream(found)
        return [row.id async for row in rows if self._said.search(_spelt(row.body))]

    async def _in_text(
        self, table: sa.Table, said: sa.ColumnElement[object], which: sa.ColumnElement[bool]
    ) -> list[int]:
        if not self._traces:
            return []
        text = sa.cast(said, sa.Text)
        told = [text.contains(trace, autoescape=True) for trace in self._traces]
        found = sa.select(table.c.id, text.label("text")).where(which, sa.or_(*told))
        rows = await self._connection.stream(found)
        return [row.id async for row in rows if self._said.search(row.text)]


def _escaped(trace: str) -> str:
    return json.dumps(trace)[1:-1]


def _spelt(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text
