"""What became of a broadcast: the one query behind chat, page, CSV and API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import addresses, attempts, deliveries
from storage.types import AnyRow
from vestnik.states import REACHED

ARRIVED = ("delivered", "read")

COUNTED = sa.or_(attempts.c.reference.is_not(None), attempts.c.state.in_(sorted(REACHED)))
"""An attempt that a provider took, whatever became of it later; its parts and cost are summed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The numbers of a broadcast.

    `states` adds up to `audience`. `channels` counts attempts that a provider accepted (a person
    who fell back counts in two), `reached` people by the channel that finally reached them.
    `twice` counts people whom an earlier step reached after all, beside a later one.
    """

    audience: int
    states: Mapping[str, int]
    channels: Mapping[str, int]
    reached: Mapping[str, int]
    skipped: Mapping[str, int]
    failed: Mapping[str, int]
    segments: int
    cost: Decimal
    twice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person's line: what became of the message and of each try.

    In an attempt `handle` is the idempotency handle, `to` the address's.
    """

    id: int
    person: int
    state: str
    reason: str | None
    channel: str | None
    attempts: Sequence[Mapping[str, Any]]


class Reports:
    """Numbers and lines of broadcasts."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def of(self, broadcast_id: int) -> Report:
        """The numbers of a broadcast now."""
        states: dict[str, int] = {}
        reasons: dict[str, dict[str, int]] = {"skipped": {}, "failed": {}}
        reached: dict[str, int] = {}
        for _, state, reason, channel, count in await self._counted([broadcast_id]):
            _add(states, state, count)
            if state in reasons:
                _add(reasons[state], reason or "unknown", count)
            if state in REACHED:
                _add(reached, channel, count)
        channels, segments, cost = await self._accepted(broadcast_id)
        return Report(
            audience=sum(states.values()),
            states=_sorted(states),
            channels=channels,
            reached=_sorted(reached),
            skipped=_sorted(reasons["skipped"]),
            failed=_sorted(reasons["failed"]),
            segments=segments,
            cost=cost,
            twice=await self._twice(broadcast_id),
        )

    async def states(self, broadcast_ids: Sequence[int]) -> dict[int, dict[str, int]]:
        """How many deliveries of these broadcasts are in each state."""
        grouped: dict[int, dict[str, int]] = {}
        for broadcast_id, state, _, _, count in await self._counted(broadcast_ids):
            _add(grouped.setdefault(broadcast_id, {}), state, count)
        return {broadcast_id: _sorted(states) for broadcast_id, states in grouped.items()}

    async def lines(self, broadcast_id: int, *, after: int, limit: int) -> list[Line]:
        """The lines of a broadcast, by delivery id, from after one on."""
        found = (
            sa.select(
                deliveries.c.id,
                deliveries.c.person_id,
                deliveries.c.state,
                deliveries.c.reason,
                deliveries.c.channel,
                deliveries.c.reached,
            )
            .where(deliveries.c.broadcast_id == broadcast_id, deliveries.c.id > after)
            .order_by(deliveries.c.id)
            .limit(limit)
        )
        rows = (await self._connection.execute(found)).all()
        tried = await self._attempts([row.id for row in rows])
        return [
            Line(
                id=row.id,
                person=row.person_id,
                state=row.state,
                reason=row.reason,
                channel=row.reached or row.channel,
                attempts=tried.get(row.id, []),
            )
            for row in rows
        ]

    async def refusals(self, broadcast_id: int) -> Mapping[str, int]:
        """How many messages were refused as wrong for everybody, by reason."""
        found = (
            sa.select(attempts.c.reason, sa.func.count())
            .where(
                attempts.c.broadcast_id == broadcast_id,
                attempts.c.state == "failed",
                attempts.c.reason.startswith("rejected:"),
            )
            .group_by(attempts.c.reason)
        )
        return {row[0]: row[1] for row in await self._connection.execute(found)}

    async def _counted(self, broadcast_ids: Sequence[int]) -> Sequence[AnyRow]:
        """The one count of people: (broadcast, state, reason, channel that reached them, count)."""
        by = (
            deliveries.c.broadcast_id,
            deliveries.c.state,
            deliveries.c.reason,
            deliveries.c.reached,
        )
        counted = sa.select(*by, sa.func.count()).where(
            deliveries.c.broadcast_id.in_(broadcast_ids)
        )
        return (await self._connection.execute(counted.group_by(*by))).all()

    async def _accepted(self, broadcast_id: int) -> tuple[dict[str, int], int, Decimal]:
        found = (
            sa.select(
                attempts.c.channel,
                sa.func.count(),
                sa.func.coalesce(sa.func.sum(attempts.c.segments), 0),
                sa.func.coalesce(sa.func.sum(attempts.c.cost), 0),
            )
            .where(attempts.c.broadcast_id == broadcast_id, COUNTED)
            .group_by(attempts.c.channel)
            .order_by(attempts.c.channel)
        )
        rows = (await self._connection.execute(found)).all()
        cost = sum((Decimal(str(row[3])) for row in rows), Decimal(0))
        return {row[0]: row[1] for row in rows}, sum(int(row[2]) for row in rows), cost

    async def _twice(self, broadcast_id: int) -> int:
        arrived = (
            sa.select(attempts.c.delivery_id)
            .where(attempts.c.broadcast_id == broadcast_id, attempts.c.state.in_(ARRIVED))
            .group_by(attempts.c.delivery_id)
            .having(sa.func.count(attempts.c.step.distinct()) > 1)
            .subquery()
        )
        counted = sa.select(sa.func.count()).select_from(arrived)
        total: int = (await self._connection.execute(counted)).scalar_one()
        return total

    async def _attempts(self, ids: Sequence[int]) -> dict[int, list[Mapping[str, Any]]]:
        found = (
            sa.select(
                attempts.c.delivery_id,
                attempts.c.channel,
                attempts.c.handle,
                attempts.c.state,
                attempts.c.reason,
                attempts.c.reference,
                attempts.c.started_at,
                attempts.c.cost,
                attempts.c.segments,
                addresses.c.handle.label("to"),
            )
            .join_from(attempts, addresses, attempts.c.address_id == addresses.c.id, isouter=True)
            .where(attempts.c.delivery_id.in_(ids))
            .order_by(attempts.c.delivery_id, attempts.c.number)
        )
        grouped: dict[int, list[Mapping[str, Any]]] = {}
        for row in (await self._connection.execute(found)).mappings():
            told = {key: value for key, value in row.items() if key != "delivery_id"}
            grouped.setdefault(row["delivery_id"], []).append(told)
        return grouped


def _add(counts: dict[str, int], name: str, count: int) -> None:
    counts[name] = counts.get(name, 0) + count


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))
