"""Reads delivery and attempt rows into the words of the house."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import attempts, broadcasts, deliveries
from storage.types import AnyRow
from vestnik.address import Address, ChannelName
from vestnik.delivery import Attempt, Delivery
from vestnik.outbound import Message, Template
from vestnik.record import decode
from vestnik.route import Route

DELIVERY = sa.select(
    deliveries.c.id,
    deliveries.c.kind,
    deliveries.c.person_id,
    deliveries.c.broadcast_id,
    deliveries.c.channel,
    deliveries.c.account,
    deliveries.c.handle,
    deliveries.c.address_id,
    deliveries.c.content,
    deliveries.c.route,
    deliveries.c.step,
    deliveries.c.state,
    deliveries.c.reason,
    deliveries.c.ground,
    deliveries.c.version,
    deliveries.c.due_at,
    deliveries.c.expires_at,
    deliveries.c.tries,
    deliveries.c.attempts,
    deliveries.c.again,
    deliveries.c.best,
    deliveries.c.reached,
    deliveries.c.fence,
    deliveries.c.urgent,
)

ATTEMPT = sa.select(
    attempts.c.delivery_id,
    attempts.c.number,
    attempts.c.step,
    attempts.c.channel,
    attempts.c.account,
    attempts.c.address_id,
    attempts.c.handle,
    attempts.c.form,
    attempts.c.state,
    attempts.c.reason,
    attempts.c.reference,
    attempts.c.segments,
    attempts.c.cost,
)


async def deliveries_from(connection: AsyncConnection, rows: Sequence[AnyRow]) -> list[Delivery]:
    """Deliveries with their content; that of a broadcast is read once for all of them."""
    ids = {row.broadcast_id for row in rows if row.broadcast_id is not None}
    campaigns: dict[int, dict[str, Any]] = {}
    if ids:
        found = sa.select(
            broadcasts.c.id,
            broadcasts.c.content,
            broadcasts.c.templates,
            broadcasts.c.route,
            broadcasts.c.topic,
        ).where(broadcasts.c.id.in_(ids))
        for row in await connection.execute(found):
            campaigns[row.id] = {
                "content": decode(Message, row.content),
                "route": decode(Route, row.route),
                "topic": row.topic,
                "templates": {
                    name: decode(Template, template) for name, template in row.templates.items()
                },
            }
    return [_delivery(row, campaigns.get(row.broadcast_id)) for row in rows]


def _delivery(row: AnyRow, campaign: dict[str, Any] | None) -> Delivery:
    said = campaign or {
        "content": decode(Message, row.content),
        "route": decode(Route, row.route),
    }
    address = None
    if row.channel is not None:
        address = Address(ChannelName(row.channel), row.account, row.handle)
    return Delivery(
        id=row.id,
        kind=row.kind,
        person_id=row.person_id,
        broadcast_id=row.broadcast_id,
        address=address,
        address_id=row.address_id,
        step=row.step,
        state=row.state,
        reason=row.reason,
        ground=row.ground,
        version=row.version,
        due_at=row.due_at,
        expires_at=row.expires_at,
        tries=row.tries,
        attempts=row.attempts,
        again=row.again,
        best=row.best,
        reached=row.reached,
        fence=row.fence,
        urgent=row.urgent,
        **said,
    )


def attempt_from(row: AnyRow, handle: str = "") -> Attempt:
    """An attempt; `handle` is the address's handle, where the caller knows it."""
    return Attempt(
        delivery_id=row.delivery_id,
        number=row.number,
        step=row.step,
        address=Address(ChannelName(row.channel), row.account, handle),
        address_id=row.address_id,
        handle=row.handle,
        form=row.form,
        state=row.state,
        reason=row.reason,
        reference=row.reference,
        segments=row.segments,
        cost=None if row.cost is None else str(row.cost),
    )
