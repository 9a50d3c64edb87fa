"""The emulators' time: the machine's clock plus a shift, so that a day passes in one command."""

import time

from emulators.bell import Bell


class Clock:
    """Unix seconds that can be moved forward; a child has a knob of its own on top of its parent's.

    A sleep is measured on this clock: moving the clock wakes every sleeper whose time has come.
    """

    def __init__(self, parent: "Clock | None" = None) -> None:
        self._parent = parent
        self._shift = 0.0
        self._children: list[Clock] = []
        self._moved = Bell()
        if parent is not None:
            parent._children.append(self)

    @property
    def shift(self) -> float:
        """Seconds between this clock and the machine's."""
        return self._shift + (self._parent.shift if self._parent else 0.0)

    def now(self) -> float:
        """Unix time in seconds."""
        return time.time() + self.shift

    def advance(self, seconds: float) -> None:
        """Move this clock, and those that hang on it, by so many seconds."""
        self._shift += seconds
        self._wake()

    async def sleep(self, seconds: float) -> None:
        """Wait until so many seconds have passed on this clock."""
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            await self._moved.wait(left)

    def _wake(self) -> None:
        self._moved.ring()
        for child in self._children:
            child._wake()
