"""Gives many deliveries their addresses at once: the ordinary case of routing, in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import among, holds
from storage.known import last_used
from storage.literals import PLANNED
from storage.tables import (
    addresses,
    broadcasts,
    conversations,
    deliveries,
    preferences,
    standings,
)
from storage.waking import some
from vestnik.address import SMS, ChannelName, Lane
from vestnik.consent import MESSENGERS
from vestnik.route import LAST
from vestnik.window import MARGIN


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A planned delivery whose step has no address yet; some are no broadcast's."""

    id: int
    broadcast_id: int | None
    step: int


class Placing:
    """Finds addresses for broadcasts' deliveries."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def unplaced(self, most: int) -> Sequence[Unplaced]:
        """Planned deliveries without an address, locked; those that people wait for come first."""
        urgent = deliveries.c.priority, deliveries.c.id
        found = await self._unplaced(deliveries.c.broadcast_id.is_(None), urgent, most)
        of_each = deliveries.c.broadcast_id == broadcasts.c.id
        nowhere = sa.select(deliveries.c.id).where(of_each, self._due()).correlate(broadcasts)
        begun = sa.select(broadcasts.c.id).where(
            broadcasts.c.state.in_(("running", "paused")),
            some(nowhere.order_by(deliveries.c.due_at)),
        )
        for broadcast_id in (await self._connection.execute(begun)).scalars():
            mine = deliveries.c.broadcast_id == broadcast_id
            oldest = deliveries.c.due_at, deliveries.c.id
            found += await self._unplaced(mine, oldest, most - len(found))
            if len(found) == most:
                break
        return found

    async def _unplaced(
        self, which: sa.ColumnElement[bool], order: Sequence[sa.ColumnElement[Any]], most: int
    ) -> list[Unplaced]:
        found = (
            sa.select(deliveries.c.id, deliveries.c.broadcast_id, deliveries.c.step)
            .where(which, self._due())
            .order_by(*order)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        rows = await self._connection.execute(found)
        return [Unplaced(row.id, row.broadcast_id, row.step) for row in rows]

    def _due(self) -> sa.ColumnElement[bool]:
        return sa.and_(
            deliveries.c.state == PLANNED,
            deliveries.c.channel.is_(None),
            deliveries.c.account.is_(None),
            deliveries.c.due_at <= self._now,
        )

    async def place(
        self,
        ids: Sequence[int],
        channel: ChannelName,
        lanes: Mapping[Lane, bool],
    ) -> dict[int, Lane]:
        """Place deliveries at the address that a step for this channel looks at first.

        Only where the gate would let it pass: `lanes` are those that may be used, each with
        whether it may write outside its window. Gives who was placed where; whoever is left out
        needs a closer look: `delivery.routing.find_place` would place nobody of these elsewhere.
        The gate looks at all of them again at the send.
        """
        first = addresses.alias()
        meant = first.c.channel != SMS if channel == LAST else first.c.channel == channel
        looked_at = (
            sa.select(first.c.id)
            .where(first.c.person_id == deliveries.c.person_id, meant)
            .order_by(*last_used(first))
            .limit(1)
            .correlate(deliveries)
            .scalar_subquery()
        )
        agreed = sa.exists().where(
            standings.c.person_id == deliveries.c.person_id,
            standings.c.purpose == "advertising",
            standings.c.granted,
            self._covers(standings.c.channels, addresses.c.channel),
        )
        # Who chose a messenger needs the closer look.
        chose = sa.exists().where(
            preferences.c.person_id == deliveries.c.person_id, preferences.c.channel.is_not(None)
        )
        # Few talk to an operator at a time: asked once a statement, not once a row.
        held = sa.select(addresses.c.person_id).join_from(
            addresses, conversations, conversations.c.address_id == addresses.c.id
        )
        valid = deliveries.c.expires_at > self._now
        placed = (
            sa.update(deliveries)
            .where(
                among(self._connection, deliveries.c.id, ids),
                addresses.c.person_id == deliveries.c.person_id,
                addresses.c.id == looked_at,
                addresses.c.reachable,
                sa.or_(sa.false(), *(self._open(lane, at_will) for lane, at_will in lanes.items())),
                agreed,
                ~chose if channel == LAST else sa.true(),
                sa.or_(deliveries.c.expires_at.is_(None), valid),
                deliveries.c.person_id.not_in(held.where(conversations.c.holder.is_not(None))),
            )
            .values(
                channel=addresses.c.channel,
                account=addresses.c.account,
                handle=addresses.c.handle,
                address_id=addresses.c.id,
                updated_at=self._now,
                lease_until=None,
            )
            .returning(deliveries.c.id, deliveries.c.channel, deliveries.c.account)
        )
        rows = await self._connection.execute(placed)
        return {row.id: Lane(ChannelName(row.channel), row.account) for row in rows}

    def _open(self, lane: Lane, at_will: bool) -> sa.ColumnElement[bool]:
        here = sa.and_(addresses.c.channel == lane.channel, addresses.c.account == lane.account)
        return here if at_will else sa.and_(here, addresses.c.window_until > self._now + MARGIN)

    def _covers(
        self, covered: sa.ColumnElement[list[str]], channel: sa.ColumnElement[str]
    ) -> sa.ColumnElement[bool]:
        """vestnik.consent.Standing.covers, in SQL."""
        named = holds(self._connection, covered, channel)
        messengers = holds(self._connection, covered, sa.literal(MESSENGERS))
        return sa.or_(named, sa.and_(messengers, channel != SMS))
