"""Dialogs that go on at some time: after a wait, or because something happened to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upsert
from storage.tables import continuations


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """A dialog goes on at `step` of a version, knowing `values`; `ground` says why it may.

    Without `address_id` it goes on where the person is. `key` makes planning it twice impossible.
    """

    person_id: int
    address_id: int | None
    version: str
    step: str
    values: Mapping[str, Any]
    ground: Mapping[str, Any]
    at: datetime
    key: str | None = None
    id: int = 0


class Continuations:
    """One row a continuation, until it took place."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def plan(self, new: Continuation) -> int | None:
        """Keep it; gives its id, or None when its key was planned before."""
        insert = upsert(self._connection, continuations).values(**_stored(new))
        planned = insert.on_conflict_do_nothing(index_elements=["key"])
        statement = planned.returning(continuations.c.id)
        row: int | None = (await self._connection.execute(statement)).scalar_one_or_none()
        return row

    async def renew(self, new: Continuation) -> None:
        """Keep it in place of an earlier one with its key, also where that took place already."""
        values = _stored(new)
        insert = upsert(self._connection, continuations).values(**values)
        renewed = insert.on_conflict_do_update(
            index_elements=["key"],
            set_={**values, "done_at": None},
            where=continuations.c.planned_at < insert.excluded.planned_at,
        )
        await self._connection.execute(renewed)

    async def by_key(self, key: str) -> int | None:
        """The continuation planned under a key."""
        found = sa.select(continuations.c.id).where(continuations.c.key == key)
        row: int | None = (await self._connection.execute(found)).scalar_one_or_none()
        return row

    async def due(self) -> Continuation | None:
        """The first that is due."""
        first = (
            _CONTINUATION.where(
                continuations.c.done_at.is_(None), continuations.c.due_at <= self._now
            )
            .order_by(continuations.c.due_at, continuations.c.id)
            .limit(1)
        )
        row = (await self._connection.execute(first)).mappings().one_or_none()
        return Continuation(**row) if row else None

    async def lock(self, continuation_id: int) -> bool:
        """Take one on until the end of the transaction; false when somebody was quicker."""
        still = (
            sa.select(continuations.c.id)
            .where(
                continuations.c.id == continuation_id,
                continuations.c.done_at.is_(None),
                continuations.c.due_at <= self._now,
            )
            .with_for_update()
        )
        return (await self._connection.execute(still)).one_or_none() is not None

    async def of(self, person_id: int) -> Sequence[Continuation]:
        """Those of a person that did not take place yet, the first first."""
        found = _CONTINUATION.where(
            continuations.c.person_id == person_id, continuations.c.done_at.is_(None)
        ).order_by(continuations.c.due_at, continuations.c.id)
        return [Continuation(**row) for row in (await self._connection.execute(found)).mappings()]

    async def put_off(self, continuation_id: int, until: datetime) -> None:
        """Try again then."""
        await self._change(continuation_id, due_at=until)

    async def done(self, continuation_id: int) -> None:
        """It took place, or never will; its key stays known, its values do not."""
        await self._change(continuation_id, done_at=self._now, values={})

    async def move(self, newcomer: int, owner: int) -> None:
        """The newcomer turned out to be the owner."""
        moved = sa.update(continuations).where(continuations.c.person_id == newcomer)
        await self._connection.execute(moved.values(person_id=owner))

    async def cancel(self, person_id: int) -> None:
        """None of a person's takes place any more."""
        await self._connection.execute(
            sa.delete(continuations).where(
                continuations.c.person_id == person_id, continuations.c.done_at.is_(None)
            )
        )

    async def purge(self, older: timedelta) -> None:
        """Forget what took place so long ago."""
        old = continuations.c.done_at < self._now - older
        await self._connection.execute(sa.delete(continuations).where(old))

    async def _change(self, continuation_id: int, **values: Any) -> None:
        changed = sa.update(continuations).where(continuations.c.id == continuation_id)
        await self._connection.execute(changed.values(**values))


def _stored(new: Continuation) -> dict[str, Any]:
    return {
        "person_id": new.person_id,
        "address_id": new.address_id,
        "version": new.version,
        "step": new.step,
        "values": dict(new.values),
        "ground": dict(new.ground),
        "key": new.key,
        "planned_at": new.at,
        "due_at": new.at,
    }


_CONTINUATION = sa.select(
    continuations.c.id,
    continuations.c.person_id,
    continuations.c.address_id,
    continuations.c.version,
    continuations.c.step,
    continuations.c["values"],
    continuations.c.ground,
    continuations.c.planned_at.label("at"),
    continuations.c.key,
)
