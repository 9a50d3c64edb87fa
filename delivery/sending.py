"""Sends what is due on a lane: claim, gate, attempts committed, call, outcomes committed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import stamina
import structlog

from delivery import hints
from delivery.apply import apply
from delivery.decide import after_send, parked
from delivery.pace import Pace
from delivery.preparing import Ready, prepare
from delivery.reporting import adopt_reports
from storage.database import Database, DatabaseUnavailable
from storage.standing import PersonStanding
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.channel import Channel
from vestnik.delivery import Delivery
from vestnik.outcome import SendResult

LEASE = timedelta(seconds=60)
"""Longer than any channel's call takes; what is not settled by then was lost with its worker."""

MOST_AT_ONCE = 100

log = structlog.get_logger(__name__)


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

    async def send_due(self, lane: Lane) -> float | None:
        """Send one batch; gives the seconds until there may be more, None when there is none."""
        channel = self._channels.get(lane)
        if channel is None:
            return None
        rate = channel.limits.rate
        grant = self._pace.take(lane, MOST_AT_ONCE, rate)
        if not grant.count:
            return grant.wait
        claimed = await self._claim(lane, grant.count)
        self._pace.give_back(lane, grant.count - len(claimed), rate)
        if not claimed:
            return None
        ready = await self._begin(lane, claimed)
        if ready:
            results = await channel.send([send for _, _, send in ready])
            await self._finish(lane, ready, results)
        return 0.0

    async def _claim(self, lane: Lane, most: int) -> Sequence[Delivery]:
        async with self._database.begin() as work:
            if await work.lanes.rest(lane):
                return []
            return await work.claims.claim(lane, most, worker=self._worker, lease=LEASE)

    async def _begin(self, lane: Lane, claimed: Sequence[Delivery]) -> list[Ready]:
        """Pass the gate and commit the attempts; only what comes back may be called for."""
        fences = {delivery.id: delivery.fence for delivery in claimed}
        async with self._database.begin() as work:
            held = await work.deliveries.locked(list(fences))
            mine = [it for it in held if it.fence == fences[it.id] and it.state == "planned"]
            mine = await self._still_running(work, mine)
            prepared = await self._prepare(work, lane, mine)
            ready = [it for it in prepared if not isinstance(it, Delivery)]
            turned_away = [it for it in prepared if isinstance(it, Delivery)]
            await work.deliveries.change(turned_away)
            await work.deliveries.start(
                [(delivery, attempt) for delivery, attempt, _ in ready],
                worker=self._worker,
                deadline=work.now + LEASE,
            )
            if turned_away:
                work.hints.add(hints.ROUTE)
        return ready

    async def _prepare(
        self, work: UnitOfWork, lane: Lane, mine: Sequence[Delivery]
    ) -> list[Ready | Delivery]:
        limits = self._limits[lane]
        people = await work.standings.of_people(
            _ids(it.person_id for it in mine), until_commit=True
        )
        addresses = await work.standings.addresses(_ids(it.address_id for it in mine))
        unsure = await work.deliveries.unsure_since([it.id for it in mine if it.again])
        return [
            parked(delivery, unsure.get(delivery.id), work.now)
            or prepare(
                delivery,
                people.get(delivery.person_id or 0, PersonStanding()),
                addresses.get(delivery.address_id or 0),
                limits,
                work.now,
            )
            for delivery in mine
        ]

    async def _still_running(self, work: UnitOfWork, mine: list[Delivery]) -> list[Delivery]:
        broadcasts = {it.broadcast_id for it in mine if it.broadcast_id is not None}
        running = await work.broadcasts.running(broadcasts)
        rest = [it.id for it in mine if it.broadcast_id not in (None, *running)]
        if rest:
            await work.claims.let_go(rest)
        return [it for it in mine if it.id not in rest]

    async def _finish(
        self, lane: Lane, ready: Sequence[Ready], results: Sequence[SendResult]
    ) -> None:
        """Commit the outcomes; the database may be away for a while, they are kept meanwhile."""
        async for attempt in stamina.retry_context(
            on=DatabaseUnavailable, attempts=None, timeout=LEASE.total_seconds(), wait_max=2.0
        ):
            with attempt:
                await self._settle(lane, ready, results)

    async def _settle(
        self, lane: Lane, ready: Sequence[Ready], results: Sequence[SendResult]
    ) -> None:
        async with self._database.begin() as work:
            ids = [delivery.id for delivery, _, _ in ready]
            held = {it.id: it for it in await work.deliveries.locked(ids)}
            afters = []
            for (delivery, attempt, _), result in zip(ready, results, strict=True):
                now = held[delivery.id]
                if now.fence != delivery.fence or now.state != "sending":
                    log.warning("late_outcome_refused", delivery=delivery.id, fence=delivery.fence)
                    continue
                afters.append(after_send(result, now, attempt, self._limits[lane], work.now))
            await apply(work, lane, afters)
            await adopt_reports(work, lane, [it.attempt for it in afters], self._limits)
            work.hints.add(hints.of_lane(lane))


def _ids(numbers: Iterable[int | None]) -> list[int]:
    return sorted({number for number in numbers if number is not None})
