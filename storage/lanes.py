"""Pauses and breakers of lanes and what their accounts are allowed: all hold for every worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upsert
from storage.tables import deliveries, lanes
from storage.types import AnyRow
from vestnik.abilities import Tier
from vestnik.address import Address, ChannelName, Lane
from vestnik.sample import EMPTY, Sample

UNBOUND = Tier()

PROBES = 5
"""Messages that try whether a lane is well again: enough for a majority, few enough to lose."""

PROBE_LEASE = timedelta(seconds=60)
"""As long as a claim: a worker that died with its probes keeps nobody else from probing."""


BULK_PROOF = timedelta(minutes=1)
"""Broadcasts that are not refused again so soon after their rest are held back no more."""


@dataclass(frozen=True, slots=True)
class LaneStanding:
    """How a lane stands: seconds until it may send (broadcasts) again, and its allowances.

    The sender asks in the transaction of each claim. With a `rest` nothing is claimed, with a
    `bulk_rest` no broadcast. `probes` is None where the lane is well. Otherwise it is half-open:
    at most so many may be claimed, in one batch, which goes only if `Lanes.probe` says so in the
    same transaction (else `Claims.let_go`). The answers, given to `delivery.apply`, end the probe;
    where nothing came to be sent after all, `Lanes.probe_dropped` does.
    """

    rest: float = 0.0
    bulk_rest: float = 0.0
    tier: Tier = UNBOUND
    probes: int | None = None


@dataclass(frozen=True, slots=True)
class Breaker:
    """A lane's breaker: closed with no `openings` (in a row), open until its rest is over, then
    half-open: whoever holds the right until `probing_until` probes.

    `sample` are the recent answers, the newest at `counted_at`; `why` it opened.
    """

    sample: Sample = EMPTY
    counted_at: datetime | None = None
    openings: int = 0
    rest_until: datetime | None = None
    probing_until: datetime | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A lane that is not well, or of which staff were told (at `alarmed_at`) that it was not.

    `why` it cannot send, `bulk_why` not broadcasts; `rest` and `bulk_rest` in seconds.
    """

    lane: Lane
    why: str | None
    bulk_why: str | None
    openings: int
    rest: float
    bulk_rest: float
    alarmed_at: datetime | None


class Lanes:
    """What is known of lanes beyond their settings."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def pause(self, lane: Lane, seconds: float, *, bulk: bool = False) -> None:
        """Let a lane rest (its broadcasts alone, with `bulk`); a longer rest stays as long."""
        until = self._now + timedelta(seconds=seconds)
        rest = lanes.c.bulk_paused_until if bulk else lanes.c.paused_until
        longest = sa.case((rest > until, rest), else_=until)
        await self._put(lane, {rest.name: until}, again={rest.name: longest})

    async def stop(
        self, lane: Lane, seconds: float, why: str, *, bulk: bool = False, told: bool = False
    ) -> None:
        """The account cannot send (broadcasts, with `bulk`): rest, and then see whether it can.

        `told`: whoever calls tells staff too.
        """
        await self.pause(lane, seconds, bulk=bulk)
        values: dict[str, Any] = {"bulk_down": why} if bulk else {"down": why}
        if not bulk:
            values["openings"] = sa.case((lanes.c.openings > 0, lanes.c.openings), else_=1)
        if told:
            values["alarmed_at"] = self._now
        await self._swap(lane, sa.true(), **values)

    async def hold(self, address: Address, person_id: int | None, seconds: float) -> None:
        """Let what is planned to a person's address wait so long, too; what is taken goes on.

        A staff chat is no person's.
        """
        mine = (
            deliveries.c.person_id == person_id
            if person_id
            else deliveries.c.broadcast_id.is_(None)
        )
        until = self._now + timedelta(seconds=seconds)
        planned = (
            sa.select(deliveries.c.id)
            .where(
                mine,
                deliveries.c.state == "planned",
                deliveries.c.channel == address.channel,
                deliveries.c.account == address.account,
                deliveries.c.handle == address.handle,
                deliveries.c.due_at < until,
            )
            .with_for_update(skip_locked=True)
        )
        held = sa.update(deliveries).where(deliveries.c.id.in_(planned))
        await self._connection.execute(held.values(due_at=until))

    async def standing(self, lane: Lane) -> LaneStanding:
        """How a lane stands now."""
        row = await self._row(lane)
        if row is None:
            return LaneStanding()
        rest, bulk_rest = self._left(row.paused_until), self._left(row.bulk_paused_until)
        tier = Tier(row.people_a_day, row.rate, row.note or "")
        if rest or not row.openings:
            return LaneStanding(rest, bulk_rest, tier)
        others = self._left(row.probing_until)
        return LaneStanding(others, bulk_rest, tier, None if others else PROBES)

    async def probe(self, lane: Lane) -> bool:
        """Take the right to probe a half-open lane; only one of all that ask at once gets it."""
        half_open = sa.and_(
            lanes.c.openings > 0,
            sa.or_(lanes.c.paused_until.is_(None), lanes.c.paused_until <= self._now),
            sa.or_(lanes.c.probing_until.is_(None), lanes.c.probing_until <= self._now),
        )
        return await self._swap(lane, half_open, probing_until=self._now + PROBE_LEASE)

    async def probe_dropped(self, lane: Lane) -> None:
        """Nothing came to be sent: somebody else may probe."""
        await self._swap(lane, lanes.c.probing_until.is_not(None), probing_until=None)

    async def breaker(self, lane: Lane, *, until_commit: bool = False) -> Breaker:
        """A lane's breaker; with `until_commit` nobody changes it before our commit."""
        row = await self._row(lane, until_commit=until_commit)
        if row is None:
            return Breaker()
        return Breaker(
            Sample(row.answers, row.failures),
            row.counted_at,
            row.openings,
            row.paused_until,
            row.probing_until,
            row.down,
        )

    async def keep(self, lane: Lane, breaker: Breaker) -> None:
        """Store a breaker."""
        values = {
            "answers": breaker.sample.answers,
            "failures": breaker.sample.failures,
            "counted_at": breaker.counted_at,
            "openings": breaker.openings,
            "paused_until": breaker.rest_until,
            "probing_until": breaker.probing_until,
            "down": breaker.why,
        }
        await self._put(lane, values)

    async def allow(self, lane: Lane, tier: Tier) -> None:
        """What the provider allows the account now."""
        values = {"people_a_day": tier.people_a_day, "rate": tier.rate, "note": tier.note}
        await self._put(lane, values)

    async def troubles(self) -> Sequence[Trouble]:
        """Every lane that rests, is down, or was when staff were told the last time."""
        found = sa.select(*lanes.c).where(
            sa.or_(
                lanes.c.paused_until > self._now,
                lanes.c.bulk_paused_until > self._now - BULK_PROOF,
                lanes.c.openings > 0,
                lanes.c.alarmed_at.is_not(None),
            )
        )
        rows = await self._connection.execute(found.order_by(lanes.c.channel, lanes.c.account))
        return [self._trouble(row) for row in rows]

    async def alarm(self, trouble: Trouble, *, on: bool) -> bool:
        """Staff are being told that a lane is not well, or that it is again, by who gets true."""
        as_known = lanes.c.alarmed_at.is_not_distinct_from(trouble.alarmed_at)
        return await self._swap(trouble.lane, as_known, alarmed_at=self._now if on else None)

    async def _row(self, lane: Lane, *, until_commit: bool = False) -> AnyRow | None:
        found = sa.select(*lanes.c).where(_is(lane))
        if until_commit:
            found = found.with_for_update()
        return (await self._connection.execute(found)).one_or_none()

    async def _put(
        self, lane: Lane, values: Mapping[str, Any], again: Mapping[str, Any] | None = None
    ) -> None:
        """Store values; `again` are those for a lane that is known already, where they differ."""
        insert = upsert(self._connection, lanes).values(
            channel=lane.channel, account=lane.account, **values
        )
        await self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=["channel", "account"], set_=again or values
            )
        )

    async def _swap(self, lane: Lane, still: sa.ColumnElement[bool], **values: Any) -> bool:
        swapped = sa.update(lanes).where(_is(lane), still).values(**values)
        rows = await self._connection.execute(swapped.returning(lanes.c.channel))
        return rows.one_or_none() is not None

    def _trouble(self, row: AnyRow) -> Trouble:
        held_back = row.bulk_paused_until and row.bulk_paused_until > self._now - BULK_PROOF
        return Trouble(
            Lane(ChannelName(row.channel), row.account),
            row.down,
            row.bulk_down if held_back else None,
            row.openings,
            self._left(row.paused_until),
            self._left(row.bulk_paused_until),
            row.alarmed_at,
        )

    def _left(self, until: datetime | None) -> float:
        return max(0.0, (until - self._now).total_seconds()) if until else 0.0


def _is(lane: Lane) -> sa.ColumnElement[bool]:
    return sa.and_(lanes.c.channel == lane.channel, lanes.c.account == lane.account)
