"""The log of what staff did; each entry's hash covers the one before it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import alone
from storage.tables import audit_log

FIRST = "0" * 64
# Any constant of its own: each entry covers the one before, so they are written one by one.
LOG = 0x7665_7374


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who did what to what, and what it changed."""

    actor: str
    action: str
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


class AuditLog:
    """Appends deeds and verifies the chain."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def record(self, deed: Deed) -> None:
        """Append a deed."""
        await alone(self._connection, LOG)
        last = sa.select(audit_log.c.hash).order_by(audit_log.c.id.desc()).limit(1)
        previous = (await self._connection.execute(last)).scalar_one_or_none() or FIRST
        values = {
            "at": self._now,
            "actor": deed.actor,
            "action": deed.action,
            "subject": deed.subject,
            "before": None if deed.before is None else dict(deed.before),
            "after": None if deed.after is None else dict(deed.after),
            "previous": previous,
        }
        await self._connection.execute(sa.insert(audit_log).values(**values, hash=_digest(values)))

    async def did(self, actor: str, action: str, *, within: timedelta) -> bool:
        """Whether the actor did such a thing so short a time ago."""
        found = sa.select(audit_log.c.id).where(
            audit_log.c.actor == actor,
            audit_log.c.action == action,
            audit_log.c.at > self._now - within,
        )
        return (await self._connection.execute(found.limit(1))).first() is not None

    async def count(self) -> int:
        """How many deeds there are."""
        counted = sa.select(sa.func.count()).select_from(audit_log)
        total: int = (await self._connection.execute(counted)).scalar_one()
        return total

    async def broken_at(self) -> int | None:
        """The id of the first entry that does not fit the chain, or None."""
        previous = FIRST
        rows = await self._connection.stream(sa.select(audit_log).order_by(audit_log.c.id))
        async for row in rows:
            values = {name: getattr(row, name) for name in _COVERED}
            if row.previous != previous or row.hash != _digest(values):
                broken: int = row.id
                return broken
            previous = row.hash
        return None


_COVERED = ("at", "actor", "action", "subject", "before", "after", "previous")


def _digest(values: Mapping[str, Any]) -> str:
    covered = [values[name] for name in _COVERED]
    covered[0] = values["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(orjson.dumps(covered, option=orjson.OPT_SORT_KEYS)).hexdigest()
