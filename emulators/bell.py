"""A bell that wakes everybody who waits for something new."""

import asyncio


class Bell:
    """Rung when something has happened; whoever waits at that moment goes on."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait now."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def wait(self, seconds: float) -> bool:
        """Wait until it is rung; False when it was not within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        return True
