"""Lets events take effect: each once, in order per address, in one transaction with its mark."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from storage.database import Database, DatabaseUnavailable
from storage.inbox import Event
from storage.unit_of_work import UnitOfWork

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600))
"""Pauses before an event whose effect failed is tried again; after the last it is dead."""

log = structlog.get_logger(__name__)

Handle = Callable[[UnitOfWork, Event], Awaitable[int | None]]
"""Takes an event in and gives the id of the person it is about, if any."""


class Handler:
    """The chore between the events and their effects."""

    def __init__(self, database: Database, handle: Handle) -> None:
        self._database = database
        self._handle = handle

    async def handle_due(self) -> float | None:
        """Handle one event; 0 when there may be more, None when there is none."""
        event: Event | None = None
        try:
            async with self._database.begin() as work:
                due = await work.inbox.due(1)
                if not due:
                    return None
                [event] = due
                person_id = await self._handle(work, event)
                await work.inbox.done(event, person_id)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            if event is None:
                raise
            await self._failed(event, error)
        return 0.0

    async def _failed(self, event: Event, error: Exception) -> None:
        tries = event.tries + 1
        log.error("event_failed", id=event.id, lane=str(event.lane), tries=tries, exc_info=error)
        again = PAUSES[event.tries] if event.tries < len(PAUSES) else None
        async with self._database.begin() as work:
            await work.inbox.failed(event, repr(error)[:2000], again_in=again)
