"""The roles of a process: web, worker, scheduler, or all of them in one."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from app.hinting import LocalHints, SharedHints
from app.polling import poll_forever, polled
from app.settings import BadSettings
from app.web import serving
from app.wiring import House
from broadcast.catalogue import SYNC_SECONDS
from delivery import hints
from storage.database import DatabaseUnavailable
from storage.migrate import is_current, upgrade
from vestnik.abilities import Setup, SetupFailed

SWEEP_SECONDS = 2.0
SWEEP_SECONDS_EMBEDDED = 0.5
MARKS_SECONDS = 10.0
TIDY_SECONDS = 3600.0
NAMES_SECONDS = 2.0

log = structlog.get_logger(__name__)


@asynccontextmanager
async def everything(house: House) -> AsyncIterator[str]:
    """All roles in this process, on embedded defaults; gives the web server's address."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(opened(house))
        runner = house.runner()
        stack.push_async_callback(runner.stop)
        house.pass_on(LocalHints(runner.wake))
        address = await stack.enter_async_context(serving(house))
        await _tend(stack, house, runner.wake, SWEEP_SECONDS_EMBEDDED)
        await _polls(stack, house)
        yield address


@asynccontextmanager
async def web(house: House) -> AsyncIterator[str]:
    """Webhooks and the API; gives the address."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(opened(house))
        await stack.enter_async_context(_shared(house, None))
        yield await stack.enter_async_context(serving(house))


@asynccontextmanager
async def worker(house: House) -> AsyncIterator[None]:
    """Reads, handles, routes and sends, as one of many."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(opened(house))
        runner = house.runner()
        await stack.enter_async_context(_shared(house, runner.wake))
        # Before the connection to the broker closes: what is under way still gives hints.
        stack.push_async_callback(runner.stop)
        await _in_background(stack, _own_sweeps(house, runner.wake))
        yield


@asynccontextmanager
async def scheduler(house: House) -> AsyncIterator[None]:
    """Sweeps, polls and tells staff how broadcasts go on."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(opened(house))
        runner = house.runner()
        await stack.enter_async_context(_shared(house, None))
        stack.push_async_callback(runner.stop)
        await _tend(stack, house, runner.wake, SWEEP_SECONDS)
        await _polls(stack, house)
        yield


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[None]:
    """The database, checked; SQLite is brought up to date by itself."""
    try:
        await house.database.ping()
        if house.database.embedded:
            await upgrade(house.database)
        elif not await is_current(house.database):
            raise DatabaseUnavailable("The tables are old: run `vestnik db upgrade` first.")
        yield
    finally:
        await house.aclose()


async def set_up(house: House, listening: str) -> None:
    """Point the providers at PUBLIC_URL, or at where we listen when there is none.

    A refusal is told, and the others go on.
    """
    address = house.settings.public_url or listening
    for lane, channel in house.channels.items():
        if not isinstance(channel, Setup):
            continue
        try:
            await channel.setup(address)
            log.info("channel_set_up", lane=str(lane))
        except SetupFailed as failure:
            log.error("channel_not_set_up", lane=str(lane), why=str(failure))


async def until_told() -> None:
    """Wait for SIGTERM or SIGINT."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()


@asynccontextmanager
async def _shared(house: House, wake: Callable[[str], None] | None) -> AsyncIterator[None]:
    settings = house.settings
    url = settings.broker_url or settings.redis_url
    if not url:
        raise BadSettings(
            "BROKER_URL and REDIS_URL are empty: separate roles need one of them; "
            "`vestnik run` does without."
        )
    shared = SharedHints(url, wake)
    shared.start()
    house.pass_on(shared)
    try:
        yield
    finally:
        await shared.stop()


async def _tend(
    stack: AsyncExitStack, house: House, wake: Callable[[str], None], every: float
) -> None:
    """What one process does for all: sweeps, questions to the providers, ticks."""
    await _in_background(stack, _sweeps(house, every))
    await _in_background(stack, _again_and_again(TIDY_SECONDS, house.planner.tidy))
    await _in_background(stack, _again_and_again(MARKS_SECONDS, house.marks.ask))
    await _in_background(stack, _again_and_again(NAMES_SECONDS, house.names.ask))
    await _in_background(stack, _catalogues(wake))
    await _in_background(stack, _ticks(every, wake))


async def _own_sweeps(house: House, wake: Callable[[str], None]) -> None:
    """A worker looks for itself too: a hint may be lost, and one hint wakes one worker only."""

    async def look() -> None:
        for hint in await house.planner.due():
            wake(hint)
        wake(hints.WAITS)

    await _again_and_again(SWEEP_SECONDS, look)


async def _sweeps(house: House, every: float) -> None:
    await _again_and_again(every, house.planner.sweep)


async def _ticks(every: float, wake: Callable[[str], None]) -> None:
    while True:
        wake(hints.WAITS)
        wake(hints.PROGRESS)
        wake(hints.WATCH)
        await asyncio.sleep(every)


async def _catalogues(wake: Callable[[str], None]) -> None:
    while True:
        wake(hints.CATALOGUE)
        await asyncio.sleep(SYNC_SECONDS)


async def _again_and_again(every: float, work: Callable[[], Awaitable[None]]) -> None:
    """What keeps the ledger moving when all else is lost must outlive its own failures."""
    while True:
        try:
            await work()
        except DatabaseUnavailable as error:
            log.error("sweep_put_off", why=str(error))
        except Exception:
            log.exception("sweep_failed")
        await asyncio.sleep(every)


async def _polls(stack: AsyncExitStack, house: House) -> None:
    for lane, channel in house.channels.items():
        polling = polled(channel)
        if polling:
            await _in_background(stack, poll_forever(house.database, lane, polling))


async def _in_background(stack: AsyncExitStack, work: Coroutine[None, None, None]) -> None:
    task = asyncio.create_task(work)

    async def stop() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(stop)
