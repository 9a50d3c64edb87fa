"""Runs chores: one loop a chore, woken by hints, resting when there is nothing to do."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from app.background import end
from storage.database import DatabaseUnavailable

Chore = Callable[[], Awaitable[float | None]]
"""Does one batch; gives the seconds until there may be more, None when there is nothing."""

AFTER_FAILURE_SECONDS = 1.0

STOP_SECONDS = 3.0
"""With what calls under way, the web server and the courtesies need, a stop takes ten at most."""

log = structlog.get_logger(__name__)


class Runner:
    """The loops of one process. `find` gives the chore behind a hint, None for a foreign one.

    `width` says how many loops may work on the same chore at once.
    """

    def __init__(self, find: Callable[[str], Chore | None], width: int = 1) -> None:
        self._find = find
        self._width = width
        self._wakes: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = asyncio.Event()

    def wake(self, hint: str) -> None:
        """Let the chore look for work; many wakes before it looks are one."""
        if self._stopped.is_set():
            return
        wake = self._wakes.get(hint)
        if wake is None:
            chore = self._find(hint)
            if chore is None:
                return
            wake = self._wakes[hint] = asyncio.Event()
            for _ in range(self._width):
                task = asyncio.create_task(self._loop(hint, chore, wake), name=hint)
                self._tasks.add(task)
        wake.set()

    async def stop(self, within: float = STOP_SECONDS) -> None:
        """Let batches under way come to their end, so long; then cut them off."""
        self._stopped.set()
        for wake in self._wakes.values():
            wake.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within)
            await end(late)

    async def _loop(self, hint: str, chore: Chore, wake: asyncio.Event) -> None:
        while True:
            await wake.wait()
            if self._stopped.is_set():
                return
            wake.clear()
            await self._drain(hint, chore)

    async def _drain(self, hint: str, chore: Chore) -> None:
        while not self._stopped.is_set():
            pause = await self._once(hint, chore)
            if pause is None:
                return
            await self._rest(pause)

    async def _rest(self, seconds: float) -> None:
        """A stop ends it early; a hint does not: a chore that fails must not spin on hints."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopped.wait()

    async def _once(self, hint: str, chore: Chore) -> float | None:
        try:
            return await chore()
        except DatabaseUnavailable as error:
            log.error("database_away", chore=hint, why=str(error))
        except Exception:
            log.exception("chore_failed", chore=hint)
        return AFTER_FAILURE_SECONDS
