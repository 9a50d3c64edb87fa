"""Passes hints on: within the process, or to the workers through taskiq."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

import structlog
from taskiq import AsyncBroker
from taskiq.receiver import Receiver
from taskiq_redis import RedisStreamBroker

from app.settings import BadSettings

log = structlog.get_logger(__name__)

GATHER_SECONDS = 0.02
"""Hints of the same name within this time go out as one."""

KEPT = 1_000
"""Hints that the broker keeps, about: nobody misses an old one, and the stream must not grow."""

AT_ONCE = 10
"""Arriving hints taken in at once; each only sets an event."""

AGAIN_SECONDS = 1.0
"""Pause before the next try to listen to a broker that went away."""


class Hints(Protocol):
    """Where hints go. Losing one costs a delay, never a message."""

    def give(self, names: Iterable[str]) -> None:
        """Tell that these chores have something to do; returns at once."""
        ...


class LocalHints:
    """Hints for chores of the same process."""

    def __init__(self, wake: Callable[[str], None]) -> None:
        self._wake = wake

    def give(self, names: Iterable[str]) -> None:
        """Wake the chores."""
        for name in names:
            self._wake(name)


class SharedHints:
    """Hints for whichever worker is free, through a taskiq broker.

    `wake` is called for a hint that arrives here; a process that only gives has none. Raises
    BadSettings for an address that no broker can have.
    """

    def __init__(self, broker_url: str, wake: Callable[[str], None] | None) -> None:
        self._broker = _broker(broker_url)
        self._wake = wake
        self._listening: asyncio.Task[None] | None = None
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

        @self._broker.task(task_name="hint")
        async def arrived(name: str) -> None:
            if self._wake is not None:
                self._wake(name)

        self._task = arrived

    def start(self) -> None:
        """Listen when this process works; a broker that is away costs hints, no more."""
        if self._wake is not None:
            self._broker.is_worker_process = True
            self._listening = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Send what is still to be sent, and disconnect."""
        await asyncio.gather(*self._sending.values(), return_exceptions=True)
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self._broker.shutdown()

    def give(self, names: Iterable[str]) -> None:
        """Pass hints on, those of the same name gathered."""
        for name in names:
            if name in self._sending:
                self._again.add(name)
            else:
                self._sending[name] = asyncio.create_task(self._send(name))

    async def _listen(self) -> None:
        while True:
            try:
                # Not taskiq's run_receiver_task: it goes round without a pause while this fails.
                await Receiver(self._broker, max_async_tasks=AT_ONCE).listen(asyncio.Event())
            except Exception as error:
                log.warning("broker_away", why=repr(error))
            await asyncio.sleep(AGAIN_SECONDS)

    async def _send(self, name: str) -> None:
        try:
            await self._task.kiq(name)
        except Exception as error:
            log.warning("hint_lost", hint=name, why=repr(error))
        await asyncio.sleep(GATHER_SECONDS)
        del self._sending[name]
        if name in self._again:
            self._again.discard(name)
            self.give([name])


def _broker(url: str) -> AsyncBroker:
    try:
        return RedisStreamBroker(
            url, queue_name="vestnik-hints", consumer_group_name="vestnik", maxlen=KEPT
        )
    except ValueError:
        raise BadSettings(
            "BROKER_URL (or REDIS_URL in its place) cannot be used: "
            "write it like redis://host:6379/0."
        ) from None
