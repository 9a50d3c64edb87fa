"""Sends what is due on a lane: claim, gate, attempts committed, call, outcomes committed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import stamina
import structlog

from delivery import hints
from delivery.allowance import within_allowance
from delivery.apply import apply
from delivery.decide import after_send, parked
from delivery.pace import Pace
from delivery.packing import packed, requests_of, spent_handles, with_own_handle
from delivery.preparing import Ready, completed, prepare, softened
from delivery.reporting import adopt_reports
from delivery.templating import by_catalogue
from delivery.uploading import Attached, Attachments, Called, call
from storage.database import Database, DatabaseUnavailable
from storage.lanes import LaneStanding
from storage.standing import PersonStanding
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.channel import Channel
from vestnik.delivery import Delivery

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
        self._attachments = Attachments(database, channels)
        self._standing: dict[Lane, LaneStanding] = {}

    async def send_due(self, lane: Lane) -> float | None:
        """Send one batch; gives the seconds until there may be more, None when there is none."""
        channel = self._channels.get(lane)
        if channel is None:
            return None
        known = self._standing.get(lane, LaneStanding())
        rate = known.tier.rate or channel.limits.rate
        grant = await self._pace.take(lane, MOST_AT_ONCE, rate)
        if not grant.count:
            return grant.wait
        claimed = await self._claim(lane, min(grant.count * channel.limits.batch, MOST_AT_ONCE))
        ready: list[Ready] = []
        if claimed:
            attached = await self._attachments.gather(lane, claimed)
            ready = await self._begin(lane, claimed, attached)
        requests = requests_of(channel, [send for _, _, send in ready])
        await self._pace.give_back(lane, grant.count - requests, rate)
        if ready:
            called = await call(channel, [send for _, _, send in ready], attached)
            await self._finish(lane, ready, called)
        return 0.0 if claimed else None

    async def _claim(self, lane: Lane, most: int) -> Sequence[Delivery]:
        async with self._database.begin() as work:
            standing = self._standing[lane] = await work.lanes.standing(lane)
            if standing.rest:
                return []
            return await work.claims.claim(
                lane,
                most,
                worker=self._worker,
                lease=LEASE,
                broadcasts_too=not standing.bulk_rest,
            )

    async def _begin(
        self, lane: Lane, claimed: Sequence[Delivery], attached: Attached
    ) -> list[Ready]:
        """Pass the gate and commit the attempts; only what comes back may be called for."""
        fences = {delivery.id: delivery.fence for delivery in claimed}
        async with self._database.begin() as work:
            held = await work.deliveries.locked(list(fences))
            mine = [it for it in held if it.fence == fences[it.id] and it.state == "planned"]
            mine = await self._still_running(work, mine)
            prepared = await self._prepare(work, lane, mine, attached)
            ready = packed(
                self._channels[lane], [it for it in prepared if not isinstance(it, Delivery)]
            )
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
        self, work: UnitOfWork, lane: Lane, mine: Sequence[Delivery], attached: Attached
    ) -> list[Ready | Delivery]:
        limits = self._limits[lane]
        people = await work.standings.of_people(
            _ids(it.person_id for it in mine), until_commit=True
        )
        addresses = await work.standings.addresses(_ids(it.address_id for it in mine))
        unsure = await work.deliveries.unsure_since([it.id for it in mine if it.again])
        prepared = [
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
        prepared = [completed(it, attached.at_hand, limits, work.now) for it in prepared]
        prepared = await by_catalogue(work, lane, prepared)
        allowed = limits.people_a_day or self._standing[lane].tier.people_a_day
        return await within_allowance(work, lane, prepared, allowed) if allowed else prepared

    async def _still_running(self, work: UnitOfWork, mine: list[Delivery]) -> list[Delivery]:
        broadcasts = {it.broadcast_id for it in mine if it.broadcast_id is not None}
        running = await work.broadcasts.running(broadcasts)
        rest = [it.id for it in mine if it.broadcast_id not in (None, *running)]
        if rest:
            await work.claims.let_go(rest)
        return [it for it in mine if it.id not in rest]

    async def _finish(self, lane: Lane, ready: Sequence[Ready], called: Called) -> None:
        """Commit the outcomes; the database may be away for a while, they are kept meanwhile."""
        async for attempt in stamina.retry_context(
            on=DatabaseUnavailable, attempts=None, timeout=LEASE.total_seconds(), wait_max=2.0
        ):
            with attempt:
                await self._settle(lane, ready, called)

    async def _settle(self, lane: Lane, ready: Sequence[Ready], called: Called) -> None:
        async with self._database.begin() as work:
            ids = [delivery.id for delivery, _, _ in ready]
            held = {it.id: it for it in await work.deliveries.locked(ids)}
            spent = spent_handles(ready, called.results)
            afters = []
            for (delivery, attempt, send), answer in zip(ready, called.results, strict=True):
                now = held[delivery.id]
                if now.fence != delivery.fence or now.state != "sending":
                    log.warning("late_outcome_refused", delivery=delivery.id, fence=delivery.fence)
                    continue
                result = softened(answer, now, send)
                after = after_send(result, now, attempt, self._limits[lane], work.now)
                afters.append(with_own_handle(after, now, spent))
            await apply(work, lane, afters)
            await work.files.uploaded(lane, called.uploads)
            await work.files.forget(lane, called.stale)
            await adopt_reports(work, lane, [it.attempt for it in afters], self._limits)
            work.hints.add(hints.of_lane(lane))


def _ids(numbers: Iterable[int | None]) -> list[int]:
    return sorted({number for number in numbers if number is not None})
