"""The roles of a process: web, worker, scheduler, or all of them in one."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import structlog

from app.background import in_background
from app.hinting import LocalHints, SharedHints
from app.identity import process_name
from app.leading import Lead
from app.runner import STOP_SECONDS, Runner
from app.settings import BadSettings
from app.tending import again_and_again, tending
from app.web import serving
from app.wiring import House
from delivery import hints
from storage.database import Database, DatabaseUnavailable
from storage.migrate import is_current, upgrade
from vestnik.abilities import Setup, SetupFailed

SWEEP_SECONDS = 2.0
LOOK_SECONDS = 2.0
SWEEP_SECONDS_EMBEDDED = 0.5

LEAD_STOP_SECONDS = 1.0
"""Whoever lost the lead ends its chores at once; each goes on where it was with the next leader."""

log = structlog.get_logger(__name__)


LANDING_SECONDS = 4.0
"""Calls under way have so long to end when a process stops; nothing is begun any more."""


@asynccontextmanager
async def everything(house: House) -> AsyncIterator[str]:
    """All roles in this process, on embedded defaults; gives the web server's address."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(opened(house))
        runner = await stack.enter_async_context(_working(house))
        house.pass_on(LocalHints(runner.wake))
        address = await stack.enter_async_context(serving(house))
        await stack.enter_async_context(tending(house, runner.wake, SWEEP_SECONDS_EMBEDDED))
        yield address


@asynccontextmanager
async def web(house: House) -> AsyncIterator[str]:
    """Webhooks and the API; gives the address."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(opened(house))
        shared = await stack.enter_async_context(_shared(house))
        shared.start(None)
        yield await stack.enter_async_context(serving(house))


@asynccontextmanager
async def worker(house: House) -> AsyncIterator[None]:
    """Reads, handles, routes and sends, as one of many."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(opened(house))
        # The connection to the broker closes last: what is under way still gives hints.
        shared = await stack.enter_async_context(_shared(house))
        runner = await stack.enter_async_context(_working(house))
        shared.start(runner.wake)
        await stack.enter_async_context(in_background(_own_sweeps(house, runner.wake)))
        yield


@asynccontextmanager
async def scheduler(house: House) -> AsyncIterator[None]:
    """Sweeps, polls and tells staff how broadcasts go on, while it leads; stands by otherwise."""

    @asynccontextmanager
    async def act() -> AsyncIterator[None]:
        async with (
            _working(house, within=LEAD_STOP_SECONDS) as runner,
            tending(house, runner.wake, SWEEP_SECONDS),
        ):
            yield

    async with opened(house), _shared(house) as shared:
        shared.start(None)
        async with in_background(Lead(house.database, process_name()).pursue(act)):
            yield


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[None]:
    """The database, checked; SQLite is brought up to date by itself.

    What staff publish meanwhile is taken up.
    """
    try:
        await prepared(house.database)
        async with house.database.begin() as work:
            await house.shelf.look(work)
            await house.shelf.keep(work)
        async with in_background(again_and_again(LOOK_SECONDS, partial(_look, house))):
            yield
    finally:
        await house.aclose()


async def prepared(database: Database) -> None:
    """Check that the database answers and is up to date; raises DatabaseUnavailable."""
    await database.ping()
    if database.embedded:
        await upgrade(database)
    elif not await is_current(database):
        raise DatabaseUnavailable("The tables are old: run `vestnik db upgrade` first.")


async def _look(house: House) -> None:
    async with house.database.read() as work:
        await house.shelf.look(work)


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


def told_to_stop() -> asyncio.Event:
    """What SIGTERM and SIGINT set from now on, instead of ending the process."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    return told


@asynccontextmanager
async def _working(house: House, within: float = STOP_SECONDS) -> AsyncIterator[Runner]:
    """Loops for the chores; at the end, what is under way comes to its end within so long."""
    runner = house.runner()
    try:
        yield runner
    finally:
        await runner.stop(within)
        await house.sender.aclose(LANDING_SECONDS)


@asynccontextmanager
async def _shared(house: House) -> AsyncIterator[SharedHints]:
    settings = house.settings
    url = settings.broker_url or settings.redis_url
    if not url:
        raise BadSettings(
            "BROKER_URL and REDIS_URL are empty: separate roles need one of them; "
            "`vestnik run` does without."
        )
    shared = SharedHints(url)
    house.pass_on(shared)
    try:
        yield shared
    finally:
        await shared.stop()


async def _own_sweeps(house: House, wake: Callable[[str], None]) -> None:
    """A worker looks for itself too: a hint may be lost, and one hint wakes one worker only."""

    async def look() -> None:
        for hint in await house.planner.due():
            wake(hint)
        wake(hints.WAITS)

    await again_and_again(SWEEP_SECONDS, look)
