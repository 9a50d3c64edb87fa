"""Lets events take effect: each once, in order per address, in one transaction with its mark."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import structlog

from delivery.reporting import take_reports
from storage.database import Begin, Database, DatabaseUnavailable
from storage.inbox import Event
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.channel import Limits
from vestnik.inbound import DeliveryReported

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600))
"""Pauses before an event whose effect failed is tried again; after the last it is dead."""

REPORTS_AT_ONCE = 500
"""So many reports are settled in one transaction: a broadcast brings back three a person."""

IN_BETWEEN = 50
"""So many other events are handled before reports are looked for again."""

log = structlog.get_logger(__name__)

Handle = Callable[[UnitOfWork, Event], Awaitable[int | None]]
"""Takes an event in and gives the id of the person it is about, if any."""

Find = Callable[[UnitOfWork], Awaitable[Event | None]]


class Handler:
    """The chore between the events and their effects.

    Reports are settled here, up to `at_once` in one transaction; `handle` is asked for all else,
    and for reports that cannot be settled together.
    """

    def __init__(
        self,
        database: Database,
        handle: Handle,
        limits: Mapping[Lane, Limits],
        *,
        at_once: int = REPORTS_AT_ONCE,
    ) -> None:
        self._database = database
        self._handle = handle
        self._limits = limits
        self._at_once = at_once

    async def handle_due(self) -> float | None:
        """Settle some reports, handle some other events; 0 when there may be more, else None."""
        some = await self._settle_reports()
        async with self._database.series() as begin:
            for _ in range(IN_BETWEEN):
                if not await self._handle_one(begin, _next):
                    break
                some = True
        return 0.0 if some else None

    async def _settle_reports(self) -> bool:
        """Settle reports together; where they fail, each by itself, so that one fails alone."""
        events: Sequence[Event] = ()
        try:
            async with self._database.begin() as work:
                events = await work.inbox.reports_due(self._at_once)
                if events:
                    told = [
                        (it.lane, it.inbound)
                        for it in events
                        if isinstance(it.inbound, DeliveryReported)
                    ]
                    await take_reports(work, told, self._limits)
                    await work.inbox.done(events)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            if not events:
                raise
            log.warning("reports_one_by_one", count=len(events), why=repr(error))
            for event in events:
                await self._handle_one(self._database.begin, _again(event))
        return bool(events)

    async def _handle_one(self, begin: Begin, find: Find) -> bool:
        event: Event | None = None
        try:
            async with begin() as work:
                event = await find(work)
                if event is not None:
                    person_id = await self._handle(work, event)
                    await work.inbox.done([event], person_id)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            if event is None:
                raise
            await self._failed(begin, event, error)
        return event is not None

    async def _failed(self, begin: Begin, event: Event, error: Exception) -> None:
        tries = event.tries + 1
        log.error("event_failed", id=event.id, lane=str(event.lane), tries=tries, exc_info=error)
        again = PAUSES[event.tries] if event.tries < len(PAUSES) else None
        async with begin() as work:
            await work.inbox.failed(event, repr(error)[:2000], again_in=again)


async def _next(work: UnitOfWork) -> Event | None:
    return next(iter(await work.inbox.due(1)), None)


def _again(event: Event) -> Find:
    async def find(work: UnitOfWork) -> Event | None:
        return event if await work.inbox.hold(event) else None

    return find
