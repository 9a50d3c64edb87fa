"""Writes the ledger: begun attempts, outcomes, changed deliveries, each many at a time."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.bulk import Given
from storage.tables import attempts, deliveries, message_ids
from vestnik.address import Lane
from vestnik.delivery import Attempt, Delivery

_CHANGED = (
    "state",
    "reason",
    "step",
    "channel",
    "account",
    "handle",
    "address_id",
    "ground",
    "due_at",
    "tries",
    "attempts",
    "again",
    "best",
    "reached",
)
_NOTED = ("state", "reason", "reference", "segments", "cost")


def _types(table: sa.Table, names: Sequence[str]) -> dict[str, sa.types.TypeEngine[Any]]:
    return {name: table.c[name].type for name in names}


_DELIVERIES = Given(id=deliveries.c.id.type, **_types(deliveries, _CHANGED))
_OUTCOMES = Given(
    id=deliveries.c.id.type,
    held=deliveries.c.fence.type,
    was=deliveries.c.best.type,
    **_types(deliveries, _CHANGED),
)
_ATTEMPTS = Given(
    delivery=attempts.c.delivery_id.type,
    number=attempts.c.number.type,
    **_types(attempts, _NOTED),
)
_NAMED = Given(**{column.name: column.type for column in message_ids.c})
_BEGUN = Given(
    id=deliveries.c.id.type,
    fence=deliveries.c.fence.type,
    ground=deliveries.c.ground.type,
    number=attempts.c.number.type,
    broadcast=attempts.c.broadcast_id.type,
    step=attempts.c.step.type,
    address_id=deliveries.c.id.type,
    handle=attempts.c.handle.type,
    form=attempts.c.form.type,
)


class Ledger:
    """Writes deliveries as the rules left them, and their attempts."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def begin(
        self,
        begun: Sequence[tuple[Delivery, Attempt]],
        *,
        lane: Lane,
        worker: str,
        deadline: datetime,
    ) -> None:
        """Write the attempts on a lane before their calls; the deliveries are sending from now on.

        The deliveries must be locked; each is stored with the fence that it has now.
        """
        if not begun:
            return
        rows = [
            {
                "id": delivery.id,
                "fence": delivery.fence,
                "ground": delivery.ground,
                "number": attempt.number,
                "broadcast": delivery.broadcast_id,
                "step": attempt.step,
                "address_id": attempt.address_id,
                "handle": attempt.handle,
                "form": attempt.form,
            }
            for delivery, attempt in begun
        ]
        told = {
            **_BEGUN.parameter(self._connection, rows),
            "at": self._now,
            "until": deadline,
            "on_channel": lane.channel,
            "by_account": lane.account,
            "by_worker": worker,
        }
        for statement in _begin(self._connection.dialect.name):
            await self._connection.execute(statement, told)

    async def settle(self, outcomes: Sequence[tuple[Delivery, Delivery, Attempt]]) -> set[int]:
        """Store outcomes: each delivery as it was begun and as it is now, and its attempt.

        Gives the ids that were stored: those still held by the same claim, about which nothing
        else was heard meanwhile.
        """
        rows = [
            {**_changed(after), "held": before.fence, "was": before.best}
            for before, after, _ in outcomes
        ]
        told = {**_OUTCOMES.parameter(self._connection, rows), "at": self._now}
        stored = await self._connection.execute(_settle(self._connection.dialect.name), told)
        settled = set(stored.scalars())
        await self.note([attempt for _, after, attempt in outcomes if after.id in settled])
        return settled

    async def change(self, changed: Sequence[Delivery]) -> None:
        """Store deliveries as the rules left them. They must be locked.

        Their leases end, unless they are being sent: a lost worker's calls must be found.
        """
        if not changed:
            return
        rows = [_changed(delivery) for delivery in changed]
        told = {**_DELIVERIES.parameter(self._connection, rows), "at": self._now}
        await self._connection.execute(_change(self._connection.dialect.name), told)

    async def note(self, noted: Sequence[Attempt]) -> None:
        """Store what came of attempts."""
        if not noted:
            return
        rows = [
            {
                "delivery": attempt.delivery_id,
                "number": attempt.number,
                "state": attempt.state,
                "reason": attempt.reason,
                "reference": attempt.reference,
                "segments": attempt.segments,
                "cost": attempt.cost,
            }
            for attempt in noted
        ]
        told = {**_ATTEMPTS.parameter(self._connection, rows), "at": self._now}
        await self._connection.execute(_note(self._connection.dialect.name), told)

    async def name(self, named: Sequence[Attempt]) -> None:
        """Let these attempts be found by the ids that the provider gave their messages."""
        rows = [
            {
                "channel": attempt.address.channel,
                "account": attempt.address.account,
                "reference": attempt.reference,
                "delivery_id": attempt.delivery_id,
                "number": attempt.number,
            }
            for attempt in named
            if attempt.reference
        ]
        if rows:
            told = _NAMED.parameter(self._connection, rows)
            await self._connection.execute(_name(self._connection.dialect.name), told)


def _changed(delivery: Delivery) -> dict[str, Any]:
    address = delivery.address
    return {
        "id": delivery.id,
        "state": delivery.state,
        "reason": delivery.reason,
        "step": delivery.step,
        "channel": address.channel if address else None,
        "account": address.account if address else None,
        "handle": address.handle if address else None,
        "address_id": delivery.address_id,
        "ground": delivery.ground,
        "due_at": delivery.due_at,
        "tries": delivery.tries,
        "attempts": delivery.attempts,
        "again": delivery.again,
        "best": delivery.best,
        "reached": delivery.reached,
    }


@cache
def _begin(dialect: str) -> tuple[sa.Update, sa.Insert]:
    given = _BEGUN.table(dialect)
    at = sa.bindparam("at", type_=deliveries.c.updated_at.type)
    until = sa.bindparam("until", type_=deliveries.c.lease_until.type)
    sending = (
        sa.update(deliveries)
        .where(deliveries.c.id == given.c.id)
        .values(
            state="sending",
            attempts=given.c.number,
            ground=given.c.ground,
            fence=given.c.fence,
            lease_until=until,
            updated_at=at,
        )
    )
    tried = {
        "delivery_id": given.c.id,
        "number": given.c.number,
        "broadcast_id": given.c.broadcast,
        "step": given.c.step,
        "channel": sa.bindparam("on_channel", type_=sa.String()),
        "account": sa.bindparam("by_account", type_=sa.String()),
        "address_id": given.c.address_id,
        "handle": given.c.handle,
        "form": given.c.form,
        "state": sa.literal("sending"),
        "worker": sa.bindparam("by_worker", type_=sa.String()),
        "started_at": at,
        "deadline": until,
    }
    return sending, sa.insert(attempts).from_select(list(tried), sa.select(*tried.values()))


@cache
def _settle(dialect: str) -> sa.UpdateBase:
    given = _OUTCOMES.table(dialect)
    # Locked in the order in which everybody locks deliveries. All that is given comes along: joined
    # again afterwards, each of its rows would be compared with each.
    held = (
        sa.select(given)
        .join_from(given, deliveries, deliveries.c.id == given.c.id)
        .order_by(deliveries.c.id)
        .with_for_update(of=deliveries)
        .cte("held")
    )
    return (
        sa.update(deliveries)
        .where(
            deliveries.c.id == held.c.id,
            deliveries.c.state == "sending",
            deliveries.c.fence == held.c.held,
            deliveries.c.best.is_not_distinct_from(held.c.was),
        )
        .values(**_as(held), lease_until=None)
        .returning(deliveries.c.id)
    )


@cache
def _change(dialect: str) -> sa.Update:
    given = _DELIVERIES.table(dialect)
    lease = sa.case((given.c.state == "sending", deliveries.c.lease_until), else_=None)
    changed = sa.update(deliveries).where(deliveries.c.id == given.c.id)
    return changed.values(**_as(given), lease_until=lease)


@cache
def _note(dialect: str) -> sa.Update:
    given = _ATTEMPTS.table(dialect)
    return (
        sa.update(attempts)
        .where(attempts.c.delivery_id == given.c.delivery, attempts.c.number == given.c.number)
        .values(
            {
                **{name: given.c[name] for name in _NOTED},
                "finished_at": sa.bindparam("at", type_=attempts.c.finished_at.type),
            }
        )
    )


def _as(given: sa.FromClause) -> dict[str, Any]:
    at = sa.bindparam("at", type_=deliveries.c.updated_at.type)
    return {**{name: given.c[name] for name in _CHANGED}, "updated_at": at}


@cache
def _name(dialect: str) -> sa.Insert:
    given = _NAMED.table(dialect)
    return sa.insert(message_ids).from_select(list(given.c.keys()), sa.select(given))
