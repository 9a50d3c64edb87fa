"""The outbox: deliveries are planned, routed, and changed as a whole row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import among, upserting
from storage.literals import PLANNED, WAITING
from storage.rows import ATTEMPT, DELIVERY, attempt_from, deliveries_from
from storage.tables import attempts, broadcasts, deliveries
from vestnik.address import Address, Lane
from vestnik.delivery import Attempt, Delivery
from vestnik.outbound import Message
from vestnik.record import encode
from vestnik.route import Route
from vestnik.states import PRIORITY, REACHED, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A message to plan; with an address it needs no routing.

    `ground` says why it may be sent, `key` makes planning it twice impossible. `urgent`: it does
    not wait for the end of the person's quiet hours.
    """

    kind: Kind
    content: Message
    route: Route
    ground: Mapping[str, Any]
    person_id: int | None = None
    address: Address | None = None
    address_id: int | None = None
    about_id: int | None = None
    version: int | None = None
    expires_at: datetime | None = None
    key: str | None = None
    urgent: bool = False


class Deliveries:
    """Planning and changing deliveries."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def plan(self, new: NewDelivery) -> int | None:
        """Write the intent; gives its id, or None when its key was planned before."""
        planned = {
            "kind": new.kind,
            "person_id": new.person_id,
            "content": encode(new.content),
            "route": encode(new.route),
            "ground": dict(new.ground),
            **_place(new.address, new.address_id),
            "about_id": new.about_id,
            "version": new.version,
            "state": "planned",
            "priority": PRIORITY[new.kind],
            "due_at": self._now,
            "expires_at": new.expires_at,
            "key": new.key,
            "urgent": new.urgent,
            "created_at": self._now,
            "updated_at": self._now,
        }
        planning = _planning(self._connection.dialect.name)
        row = await self._connection.execute(planning, planned)
        delivery_id: int | None = row.scalar_one_or_none()
        return delivery_id

    async def by_key(self, key: str) -> int | None:
        """The delivery planned under a key."""
        found = sa.select(deliveries.c.id).where(deliveries.c.key == key)
        delivery_id: int | None = (await self._connection.execute(found)).scalar_one_or_none()
        return delivery_id

    async def get(self, delivery_id: int) -> Delivery | None:
        """A delivery by id."""
        found = await self._load([delivery_id])
        return found[0] if found else None

    async def these(self, ids: Sequence[int]) -> Sequence[Delivery]:
        """Deliveries that the transaction holds, the urgent first."""
        return await self._load(ids)

    async def overdue(self, limit: int) -> Sequence[Delivery]:
        """Deliveries whose waiting is over, locked."""
        found = (
            sa.select(deliveries.c.id)
            .where(deliveries.c.state == WAITING, deliveries.c.due_at <= self._now)
            .order_by(deliveries.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = (await self._connection.execute(found)).scalars().all()
        return await self._load(ids)

    async def locked(self, ids: Sequence[int]) -> Sequence[Delivery]:
        """These deliveries as they are now, locked until the end of the transaction."""
        mine = among(self._connection, deliveries.c.id, ids)
        found = sa.select(deliveries.c.id).where(mine).order_by(deliveries.c.id)
        held = (await self._connection.execute(found.with_for_update())).scalars().all()
        return await self._load(held)

    async def attempts(self, delivery_id: int) -> Sequence[Attempt]:
        """All attempts of a delivery, the first first."""
        found = ATTEMPT.where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.number)
        return [attempt_from(row) for row in await self._connection.execute(found)]

    async def last_attempts(self, ids: Sequence[int]) -> Sequence[Attempt]:
        """The last attempt of each of these deliveries."""
        last = ATTEMPT.join(deliveries, deliveries.c.id == attempts.c.delivery_id).where(
            among(self._connection, deliveries.c.id, ids),
            attempts.c.number == deliveries.c.attempts,
        )
        return [attempt_from(row) for row in await self._connection.execute(last)]

    async def unsure_since(self, ids: Sequence[int]) -> dict[int, datetime]:
        """Since when nobody can account for the handle that each of these is to use again."""
        if not ids:
            return {}
        found = (
            sa.select(attempts.c.delivery_id, sa.func.min(attempts.c.started_at))
            .join_from(attempts, deliveries, attempts.c.delivery_id == deliveries.c.id)
            .where(
                deliveries.c.id.in_(ids),
                attempts.c.handle == deliveries.c.again,
                attempts.c.state == "unknown",
            )
            .group_by(attempts.c.delivery_id)
        )
        return {row[0]: row[1] for row in await self._connection.execute(found)}

    async def cancel_planned(self) -> int:
        """End what cancelled broadcasts have not begun to send; gives how many rows.

        Somebody whom an earlier step reached, or may have reached, stays so.
        """
        stopped = sa.select(broadcasts.c.id).where(broadcasts.c.state == "cancelled")
        planned = _planned(deliveries.c.broadcast_id.in_(stopped))
        reached = deliveries.c.best.in_(sorted(REACHED))
        kept = sa.or_(reached, deliveries.c.best == "unknown")
        cancelled = (
            sa.update(deliveries)
            .where(deliveries.c.id.in_(planned))
            .values(
                state=sa.case((kept, deliveries.c.best), else_="cancelled"),
                reason=sa.case((reached, sa.null()), else_="cancelled"),
                lease_until=None,
                updated_at=self._now,
            )
        )
        return (await self._connection.execute(cancelled)).rowcount

    async def moved(self, person_id: int, address: Address, to: str) -> None:
        """What is planned to a person's address goes to its new handle: the old one may be a
        stranger's.
        """
        planned = _planned(
            deliveries.c.person_id == person_id,
            deliveries.c.channel == address.channel,
            deliveries.c.account == address.account,
            deliveries.c.handle == address.handle,
        )
        moved = sa.update(deliveries).where(deliveries.c.id.in_(planned)).values(handle=to)
        await self._connection.execute(moved)

    async def unplace(self, lane: Lane) -> None:
        """Let planned deliveries of a lane that there is no more look for their route again."""
        nowhere = _place(None, None)
        homeless = sa.update(deliveries).where(
            deliveries.c.state == PLANNED,
            deliveries.c.channel == lane.channel,
            deliveries.c.account == lane.account,
        )
        await self._connection.execute(homeless.values(**nowhere, lease_until=None))

    async def _load(self, ids: Sequence[int]) -> Sequence[Delivery]:
        if not ids:
            return []
        rows = await self._connection.execute(
            DELIVERY.where(among(self._connection, deliveries.c.id, ids)).order_by(
                deliveries.c.priority, deliveries.c.id
            )
        )
        return await deliveries_from(self._connection, rows.all())


def _planned(*where: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    # Locked in the order of all others (see `locked`): the senders hold some of them.
    found = sa.select(deliveries.c.id).where(deliveries.c.state == PLANNED, *where)
    return found.order_by(deliveries.c.id).with_for_update()


def _place(address: Address | None, address_id: int | None) -> dict[str, Any]:
    return {
        "channel": address.channel if address else None,
        "account": address.account if address else None,
        "handle": address.handle if address else None,
        "address_id": address_id,
    }


@cache
def _planning(dialect: str) -> Any:
    """Insert a delivery, unless its key was planned before; written once."""
    insert = upserting(dialect, deliveries).on_conflict_do_nothing(
        index_elements=["key"], index_where=deliveries.c.key.is_not(None)
    )
    return insert.returning(deliveries.c.id)
