"""What an emulated platform is going to do later, on its own clock."""

import asyncio
import contextlib
import heapq
import itertools
from collections.abc import Callable

from emulators.clock import Clock

Act = Callable[[], object]


class Timeline:
    """Acts planned for a moment of the clock; one task does them all, in the order of time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._planned: list[tuple[float, int, Act]] = []
        self._order = itertools.count()
        self._task: asyncio.Task[None] | None = None

    def after(self, seconds: float, act: Act) -> None:
        """Plan an act; it must not raise."""
        entry = (self._clock.now() + seconds, next(self._order), act)
        heapq.heappush(self._planned, entry)
        if self._planned[0] is entry:
            self._restart()

    async def stop(self) -> None:
        """Forget what has not happened yet."""
        self._planned.clear()
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def _restart(self) -> None:
        if self._task:
            self._task.cancel()
        self._task = asyncio.create_task(self._walk())

    async def _walk(self) -> None:
        while self._planned:
            left = self._planned[0][0] - self._clock.now()
            if left > 0:
                await self._clock.sleep(left)
                continue
            _, _, act = heapq.heappop(self._planned)
            act()
            await asyncio.sleep(0)
