"""The guarantees as queries: each counts the rows that break it; `vestnik audit` prints them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.auditing import AuditLog
from storage.tables import (
    addresses,
    attempts,
    broadcasts,
    consents,
    deliveries,
    events,
    inbox,
    standings,
)
from vestnik.states import REACHED
from vestnik.window import MARGIN

ARRIVED = ("delivered", "read")
PERSONAL = ("Started", "TextReceived", "ButtonPressed", "ContactShared", "MediaReceived")


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of a guarantee: how many rows were looked at, and how many of them break it."""

    guarantee: str
    what: str
    checked: int
    broken: int


class Invariants:
    """Checks the ledger; `windows` are the hours of each channel that has a window."""

    def __init__(
        self, connection: AsyncConnection, now: datetime, windows: Mapping[str, int]
    ) -> None:
        self._connection = connection
        self._now = now
        self._windows = windows

    async def check(self) -> list[Finding]:
        """All findings, the broken ones included."""
        return [
            await self._audience_adds_up(),
            await self._finals_have_reasons(),
            await self._attempts_were_written(),
            await self._one_copy_a_handle(),
            await self._nobody_without_consent(),
            await self._steps_in_order(),
            await self._reached_by_an_attempt(),
            await self._arrived_is_not_failed(),
            await self._events_once(),
            await self._standings_are_folds(),
            await self._grounds_are_stored(),
            *[await self._windows_held(name, hours) for name, hours in self._windows.items()],
            await self._staff_log_holds(),
        ]

    async def _audience_adds_up(self) -> Finding:
        rows = (
            sa.select(sa.func.count())
            .where(deliveries.c.broadcast_id == broadcasts.c.id)
            .scalar_subquery()
        )
        started = broadcasts.c.started_at.is_not(None)
        return await self._finding(
            "I1",
            "the states of a broadcast add up to its frozen audience",
            sa.select(broadcasts.c.id).where(started),
            sa.func.coalesce(broadcasts.c.audience, -1) != rows,
        )

    async def _finals_have_reasons(self) -> Finding:
        final = deliveries.c.state.in_(("failed", "skipped", "expired", "cancelled"))
        return await self._finding(
            "I2",
            "what failed, was skipped or expired has a reason",
            sa.select(deliveries.c.id).where(final),
            sa.func.coalesce(deliveries.c.reason, "") == "",
        )

    async def _attempts_were_written(self) -> Finding:
        written = (
            sa.select(sa.func.count())
            .where(attempts.c.delivery_id == deliveries.c.id)
            .scalar_subquery()
        )
        return await self._finding(
            "I3",
            "every try has its attempt row",
            sa.select(deliveries.c.id).where(sa.or_(deliveries.c.attempts > 0, written > 0)),
            deliveries.c.attempts != written,
        )

    async def _one_copy_a_handle(self) -> Finding:
        first = attempts.alias()
        copied = sa.exists().where(
            first.c.handle == attempts.c.handle,
            first.c.channel == attempts.c.channel,
            first.c.account == attempts.c.account,
            # A request to many (VK) has one handle for all of them.
            first.c.address_id.is_not_distinct_from(attempts.c.address_id),
            first.c.id < attempts.c.id,
            first.c.reference != attempts.c.reference,
        )
        return await self._finding(
            "I4",
            "no provider accepted two copies under one handle",
            sa.select(attempts.c.id).where(attempts.c.reference.is_not(None)),
            copied,
        )

    async def _nobody_without_consent(self) -> Finding:
        last = (
            sa.select(consents.c.action)
            .where(
                consents.c.person_id == deliveries.c.person_id,
                consents.c.purpose == "advertising",
                consents.c.at <= attempts.c.started_at,
            )
            .order_by(consents.c.id.desc())
            .limit(1)
            .correlate(deliveries, attempts)
            .scalar_subquery()
        )
        return await self._finding(
            "I5",
            "no broadcast was tried without advertising consent in force",
            sa.select(attempts.c.id)
            .join_from(attempts, deliveries, attempts.c.delivery_id == deliveries.c.id)
            .where(deliveries.c.kind == "broadcast"),
            sa.func.coalesce(last, "none") != "grant",
        )

    async def _steps_in_order(self) -> Finding:
        earlier = attempts.alias()
        overlaps = sa.exists().where(
            earlier.c.delivery_id == attempts.c.delivery_id,
            earlier.c.step < attempts.c.step,
            sa.or_(
                earlier.c.state == "sending",
                earlier.c.started_at > attempts.c.started_at,
            ),
        )
        return await self._finding(
            "I6",
            "a step began only after the earlier ones had ended",
            sa.select(attempts.c.id).where(attempts.c.step > 0),
            overlaps,
        )

    async def _reached_by_an_attempt(self) -> Finding:
        reached = sa.exists().where(
            attempts.c.delivery_id == deliveries.c.id, attempts.c.state == deliveries.c.state
        )
        return await self._finding(
            "I7",
            "a delivery that reached somebody has an attempt that did",
            sa.select(deliveries.c.id).where(deliveries.c.state.in_(sorted(REACHED))),
            ~reached,
        )

    async def _arrived_is_not_failed(self) -> Finding:
        arrived = sa.exists().where(
            attempts.c.delivery_id == deliveries.c.id, attempts.c.state.in_(ARRIVED)
        )
        return await self._finding(
            "I7",
            "nobody who has the message is told to have missed it",
            sa.select(deliveries.c.id).where(deliveries.c.state.in_(("failed", "unknown"))),
            arrived,
        )

    async def _events_once(self) -> Finding:
        kept = sa.select(inbox.c.id).where(inbox.c.id == events.c.inbox_id).exists()
        return await self._finding(
            "I8",
            "every event comes from bytes that were kept",
            sa.select(events.c.id),
            ~kept,
        )

    async def _standings_are_folds(self) -> Finding:
        newer = consents.alias()
        last = ~sa.exists().where(
            newer.c.person_id == consents.c.person_id,
            newer.c.purpose == consents.c.purpose,
            newer.c.id > consents.c.id,
        )
        stands = sa.exists().where(
            standings.c.person_id == consents.c.person_id,
            standings.c.purpose == consents.c.purpose,
            standings.c.entry_id == consents.c.id,
            standings.c.granted == (consents.c.action == "grant"),
            standings.c.channels == consents.c.channels,
        )
        return await self._finding(
            "I9",
            "the present state of consent is its ledger's last entry",
            sa.select(consents.c.id).where(last),
            ~stands,
        )

    async def _grounds_are_stored(self) -> Finding:
        return await self._finding(
            "I9",
            "every delivery that was tried stores its ground",
            sa.select(deliveries.c.id).where(deliveries.c.attempts > 0),
            deliveries.c.ground.is_(None),
        )

    async def _windows_held(self, channel: str, hours: int) -> Finding:
        open_for = hours - MARGIN.total_seconds() / 3600
        wrote = sa.exists().where(
            events.c.channel == channel,
            events.c.account == addresses.c.account,
            # A number may have got its lasting id since.
            events.c.handle.in_((addresses.c.handle, addresses.c.phone)),
            events.c.kind.in_(PERSONAL),
            events.c.received_at <= attempts.c.started_at,
            self._hours_between(events.c.received_at, attempts.c.started_at) < open_for,
        )
        return await self._finding(
            "I10",
            f"no free-form message on {channel} outside its {hours}-hour window",
            sa.select(attempts.c.id)
            .join_from(attempts, addresses, attempts.c.address_id == addresses.c.id)
            .where(attempts.c.channel == channel, attempts.c.form == "free"),
            ~wrote,
        )

    async def _staff_log_holds(self) -> Finding:
        broken = await AuditLog(self._connection, self._now).broken_at()
        return Finding("I14", "the log of what staff did is unbroken", 1, int(broken is not None))

    def _hours_between(
        self, earlier: sa.ColumnElement[datetime], later: sa.ColumnElement[datetime]
    ) -> sa.ColumnElement[Any]:
        if self._connection.dialect.name == "sqlite":
            return (sa.func.julianday(later) - sa.func.julianday(earlier)) * 24
        return sa.extract("epoch", later - earlier) / 3600

    async def _finding(
        self,
        guarantee: str,
        what: str,
        looked_at: sa.Select[tuple[int]],
        breaks: sa.ColumnElement[bool],
    ) -> Finding:
        checked = sa.select(sa.func.count()).select_from(looked_at.subquery())
        broken = sa.select(sa.func.count()).select_from(looked_at.where(breaks).subquery())
        return Finding(
            guarantee,
            what,
            (await self._connection.execute(checked)).scalar_one(),
            (await self._connection.execute(broken)).scalar_one(),
        )
