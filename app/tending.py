"""What one process does for all: sweeps, polls, questions to the providers, news for staff."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from app.background import in_background
from app.polling import poll_forever, polled
from app.wiring import House
from broadcast.catalogue import SYNC_SECONDS
from delivery import hints
from storage.database import DatabaseUnavailable

MARKS_SECONDS = 10.0
TIDY_SECONDS = 3600.0
NAMES_SECONDS = 2.0

log = structlog.get_logger(__name__)


@asynccontextmanager
async def tending(house: House, wake: Callable[[str], None], every: float) -> AsyncIterator[None]:
    """Tend the house meanwhile, with a sweep every so many seconds; `wake` runs chores here."""
    polls = {lane: polled(channel) for lane, channel in house.channels.items()}
    async with AsyncExitStack() as stack:
        for work in (
            again_and_again(every, house.planner.sweep),
            again_and_again(TIDY_SECONDS, house.planner.tidy),
            again_and_again(MARKS_SECONDS, house.marks.ask),
            again_and_again(NAMES_SECONDS, house.names.ask),
            _ticks(SYNC_SECONDS, wake, hints.CATALOGUE),
            _ticks(every, wake, hints.WAITS, hints.PROGRESS, hints.WATCH),
            _ticks(every, wake, hints.REMIND, hints.CONTINUE, hints.CALL),
            *(poll_forever(house.database, lane, it) for lane, it in polls.items() if it),
        ):
            await stack.enter_async_context(in_background(work))
        yield


async def again_and_again(every: float, work: Callable[[], Awaitable[None]]) -> None:
    """What keeps the ledger moving when all else is lost must outlive its own failures."""
    while True:
        try:
            await work()
        except DatabaseUnavailable as error:
            log.error("sweep_put_off", why=str(error))
        except Exception:
            log.exception("sweep_failed")
        await asyncio.sleep(every)


async def _ticks(every: float, wake: Callable[[str], None], *chores: str) -> None:
    while True:
        for chore in chores:
            wake(chore)
        await asyncio.sleep(every)
