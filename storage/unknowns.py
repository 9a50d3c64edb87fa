"""Messages nobody can account for: their answer was lost, and nothing has told of them since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.expressions import item
from storage.tables import addresses, attempts, broadcasts, deliveries
from vestnik.address import Address, ChannelName

OnUnknown = Literal["park", "next"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """One of them: `id` is the delivery's, the rest tells of its last attempt without an answer.

    `handle` is the idempotency handle that the provider was given, `on_unknown` what the step of
    the route says about such messages, None where the channel decides. In a staff chat there is
    no person.
    """

    id: int
    kind: str
    broadcast_id: int | None
    person_id: int | None
    address: Address
    handle: str
    since: datetime
    reason: str | None
    on_unknown: OnUnknown | None


class Unknowns:
    """Deliveries that ended unknown."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def page(self, *, after: int, limit: int) -> Sequence[Unknown]:
        """Some of them by id, from after one on."""
        found = _UNKNOWN.where(deliveries.c.id > after).order_by(deliveries.c.id).limit(limit)
        return [
            Unknown(
                id=row.id,
                kind=row.kind,
                broadcast_id=row.broadcast_id,
                person_id=row.person_id,
                address=Address(ChannelName(row.channel), row.account, row.to or ""),
                handle=row.handle,
                since=row.started_at,
                reason=row.reason,
                on_unknown=cast("OnUnknown | None", row.on_unknown),
            )
            for row in await self._connection.execute(found)
        ]

    async def counts(self) -> Mapping[str, int]:
        """How many there are, by the channel of their last attempt without an answer."""
        each = _UNKNOWN.subquery()
        counted = sa.select(each.c.channel, sa.func.count()).group_by(each.c.channel)
        rows = await self._connection.execute(counted.order_by(each.c.channel))
        return {row[0]: row[1] for row in rows}


_LAST = (
    sa.select(attempts.c.delivery_id, sa.func.max(attempts.c.number).label("number"))
    .where(attempts.c.state == "unknown")
    .group_by(attempts.c.delivery_id)
    .subquery()
)
_ROUTE = sa.func.coalesce(broadcasts.c.route, deliveries.c.route, type_=deliveries.c.route.type)
_UNKNOWN = (
    sa.select(
        deliveries.c.id,
        deliveries.c.kind,
        deliveries.c.broadcast_id,
        deliveries.c.person_id,
        attempts.c.channel,
        attempts.c.account,
        sa.func.coalesce(addresses.c.handle, deliveries.c.handle).label("to"),
        attempts.c.handle,
        attempts.c.started_at,
        attempts.c.reason,
        item(_ROUTE, attempts.c.step, sa.literal("on_unknown")).label("on_unknown"),
    )
    .select_from(
        deliveries.join(_LAST, _LAST.c.delivery_id == deliveries.c.id)
        .join(
            attempts,
            sa.and_(
                attempts.c.delivery_id == _LAST.c.delivery_id, attempts.c.number == _LAST.c.number
            ),
        )
        .outerjoin(addresses, addresses.c.id == attempts.c.address_id)
        .outerjoin(broadcasts, broadcasts.c.id == deliveries.c.broadcast_id)
    )
    .where(deliveries.c.state == "unknown")
)
