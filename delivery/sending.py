"""Sends what is due on a lane: claim, gate and attempts committed, call, outcomes committed."""

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import stamina

from delivery.attaching import files_of
from delivery.beginning import Beginning
from delivery.flight import AHEAD_SECONDS, Flight, Landed, Request
from delivery.pace import Pace
from delivery.preparing import Ready
from delivery.settling import settle
from delivery.turns import Turns
from delivery.uploading import NOTHING_ATTACHED, Attachments, Called, call
from storage.claims import Claimed
from storage.database import Database, DatabaseUnavailable
from storage.lanes import LaneStanding
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.channel import Channel, Limits
from vestnik.delivery import Delivery

LEASE = timedelta(seconds=60)
"""Longer than any channel's call takes; what is not settled by then was lost with its worker."""

MOST_AT_ONCE = 500
"""Messages of one claim."""


class Sender:
    """One worker's hands: sends on every lane it is asked to."""

    def __init__(
        self, database: Database, channels: Mapping[Lane, Channel], pace: Pace, worker: str
    ) -> None:
        self._database = database
        self._channels = channels
        self._limits = {lane: channel.limits for lane, channel in channels.items()}
        self._pace = pace
        self._worker = worker
        self._attachments = Attachments(database, channels)
        self._lanes: dict[Lane, _LaneSender] = {}

    async def send_due(self, lane: Lane) -> float | None:
        """Begin one batch; seconds until there may be more, None when there is nothing now.

        Its calls go on beside; an outcome that leaves something to do gives a hint.
        """
        channel = self._channels.get(lane)
        if channel is None:
            return None
        sender = self._lanes.get(lane)
        if sender is None:
            beginning = Beginning(lane, channel, self._worker, LEASE)
            sender = self._lanes[lane] = _LaneSender(
                self._database, beginning, self._pace, self._attachments, self._limits
            )
        return await sender.send_due()

    async def landed(self) -> bool:
        """Wait until no call is under way and every outcome is stored; whether there was any."""
        return any([await it.flight.landed() for it in self._lanes.values()])

    async def aclose(self, within: float) -> None:
        """Let calls under way come to their end, so many seconds; then cut them off."""
        await asyncio.gather(*(it.flight.aclose(within) for it in self._lanes.values()))


@dataclass(frozen=True, slots=True)
class _Leased:
    """Messages with files, claimed beyond their transaction; `probes`: they try an ill lane."""

    deliveries: Sequence[Delivery]
    fences: Mapping[int, int]
    probes: bool


class _LaneSender:
    """The same for one lane."""

    def __init__(
        self,
        database: Database,
        beginning: Beginning,
        pace: Pace,
        attachments: Attachments,
        limits: Mapping[Lane, Limits],
    ) -> None:
        self._database = database
        self._beginning = beginning
        self._lane = beginning.lane
        self._channel = beginning.channel
        self._pace = pace
        self._attachments = attachments
        self._limits = limits
        self._turns = Turns(self._lane)
        self._standing = LaneStanding()
        self._busy = self._asked = False
        self.flight = Flight(self._call, self._settle)

    async def send_due(self) -> float | None:
        """Begin one batch, unless another loop of this process is about to.

        That one looks again then: what the other was woken for may have come after its look.
        """
        if self._busy:
            self._asked = True
            return None
        self._busy, self._asked = True, False
        try:
            pause, leased = await self._send_due()
        finally:
            self._busy = False
        if leased:
            await self._send_with_files(leased)
        return 0.0 if pause is None and self._asked else pause

    async def _send_due(self) -> tuple[float | None, _Leased | None]:
        room = await self.flight.room()
        limits = self._channel.limits
        grant = await self._pace.take(self._lane, room, self._rate(), AHEAD_SECONDS)
        if not grant.count:
            return grant.wait, None
        turn = time.monotonic() + grant.wait
        began = time.monotonic()
        some, begun, leased = await self._begin(min(grant.count * limits.batch, MOST_AT_ONCE))
        self.flight.add([Request(it, began, turn) for it in begun])
        await self._pace.give_back(self._lane, grant.count - len(begun), self._rate())
        return 0.0 if some else None, leased

    async def _begin(self, most: int) -> tuple[bool, list[list[Ready]], _Leased | None]:
        """Claim, and commit the attempts: only what comes back may be called for."""
        async with self._database.begin() as work:
            claimed = await self._claim(work, most)
            probes = self._standing.probes is not None
            plain = [it for it in claimed if not files_of(it.delivery.content)]
            begun = await self._beginning.begin(work, plain, self._people_a_day())
            showing = [it.delivery for it in claimed if files_of(it.delivery.content)]
            fences = await work.claims.lease(showing, LEASE)
            if claimed and probes and not begun and not fences:
                await work.lanes.probe_dropped(self._lane)
        leased = _Leased(showing, fences, probes=probes and not begun) if fences else None
        return bool(claimed), begun, leased

    async def _claim(self, work: UnitOfWork, most: int) -> Sequence[Claimed]:
        """What is due: first what people wait for, then the broadcast whose turn it is."""
        self._standing = await work.lanes.standing(self._lane)
        if self._standing.rest:
            return []
        if self._standing.probes is None:
            return await self._due(work, most)
        claimed = await self._due(work, min(most, self._standing.probes))
        # One batch of one worker tries whether the lane is well again.
        return claimed if claimed and await work.lanes.probe(self._lane) else []

    async def _due(self, work: UnitOfWork, most: int) -> Sequence[Claimed]:
        claimed = await work.claims.talk(self._lane, most)
        if len(claimed) == most or self._standing.bulk_rest:
            return claimed
        return [*claimed, *await self._turns.claim(work, most - len(claimed))]

    async def _send_with_files(self, leased: _Leased) -> None:
        """Fetch what these show, which may take long, and begin those that still may go."""
        attached = await self._attachments.gather(self._lane, leased.deliveries)
        began = time.monotonic()
        async with self._database.begin() as work:
            mine = await self._still_due(work, leased)
            begun = await self._beginning.begin(work, mine, self._people_a_day(), attached)
            if leased.probes and not begun:
                await work.lanes.probe_dropped(self._lane)
        if attached.contents and begun:
            # One of them takes the file along, and the others wait for its id.
            begun = [[it for request in begun for it in request]]
        self.flight.add([Request(it, began, began, attached) for it in begun])
        batch = self._channel.limits.batch
        calls = sum(math.ceil(len(it) / batch) for it in begun)
        await self._pace.give_back(self._lane, -calls, self._rate())

    async def _still_due(self, work: UnitOfWork, leased: _Leased) -> Sequence[Claimed]:
        """Those that are still ours, unless their broadcast or the lane was stopped meanwhile."""
        mine = await work.claims.leased(leased.fences)
        lane = await work.lanes.standing(self._lane)
        of = {it.delivery.broadcast_id for it in mine}
        running = await work.broadcasts.running({it for it in of if it is not None})
        going: set[int | None] = {None, *running}
        if lane.bulk_rest:
            going = {None}
        if lane.rest and not leased.probes:
            going = set()
        rest = [it.delivery.id for it in mine if it.delivery.broadcast_id not in going]
        if rest:
            await work.claims.let_go(rest)
        return [it for it in mine if it.delivery.broadcast_id in going]

    def _rate(self) -> float:
        return self._standing.tier.rate or self._channel.limits.rate

    def _people_a_day(self) -> int | None:
        return self._channel.limits.people_a_day or self._standing.tier.people_a_day

    async def _call(self, request: Request) -> Called:
        sends = [send for _, _, send in request.ready]
        if request.attached is NOTHING_ATTACHED:
            return Called(await self._channel.send(sends))
        return await call(self._channel, sends, request.attached)

    async def _settle(self, landed: Sequence[Landed]) -> None:
        """Commit the outcomes; the database may be away for a while, they are kept meanwhile."""
        async for attempt in stamina.retry_context(
            on=DatabaseUnavailable, attempts=None, timeout=LEASE.total_seconds(), wait_max=2.0
        ):
            with attempt:
                async with self._database.begin() as work:
                    await settle(work, self._lane, landed, self._limits)
