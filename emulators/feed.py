"""The live feed: everything that happens, for whoever looks on."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Event = dict[str, Any]

# A page that reads slower than this many events behind is told to load everything again.
BACKLOG = 5_000


class Feed:
    """Events go to those who listen at that moment and to nobody else."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Event]] = set()

    def tell(self, event: Callable[[], Event]) -> None:
        """Pass an event on; it is made only when somebody listens.

        A listener too far behind gets `{"type": "reload"}` in place of all it has not heard yet.
        """
        if not self._listeners:
            return
        told = event()
        for queue in self._listeners:
            if queue.qsize() >= BACKLOG:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait({"type": "reload"})
            queue.put_nowait(told)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Event]]:
        """The events from now on, until the end of the `with`."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)
