"""Passes hints on: within the process, or to the workers through a broker.

A hint only says that a chore has something to do; what there is to do stands in the ledger. So a
hint that comes twice makes a worker look twice, and finds nothing the second time. One that is
lost, with its worker or its broker, costs a delay: each worker looks for itself every two seconds
(app.roles), and that is also when work at the tail is resumed. Nothing here is ever waited for.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import aclosing, suppress
from typing import Any, Protocol

import structlog
from taskiq import AckableMessage, AsyncBroker, AsyncTaskiqDecoratedTask
from taskiq.utils import maybe_awaitable

from app.background import end
from app.brokers import broker_at

log = structlog.get_logger(__name__)

HintTask = AsyncTaskiqDecoratedTask[[str], Coroutine[Any, Any, None]]

GATHER_SECONDS = 0.02
"""Hints of the same name within this time go out as one."""

SEND_SECONDS = 5.0
"""A hint that is not sent by then is given up: the sweep is as quick."""

AGAIN_SECONDS = 1.0
"""Pause before the next try to reach a broker that went away."""

STOP_SECONDS = 1.0


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

    A broker that is away is tried again every second, with a new connection. Raises BadSettings
    for an address that no broker can have.
    """

    def __init__(self, broker_url: str) -> None:
        self._url = broker_url
        self._broker, self._hint = self._new()
        self._connected, self._broken = asyncio.Event(), asyncio.Event()
        self._connection: list[asyncio.Task[None]] = []
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def start(self, wake: Callable[[str], None] | None) -> None:
        """Connect. `wake` is called for a hint that arrives here; who only gives hints has none."""
        self._connection = [asyncio.create_task(self._stay_connected(wake))]

    async def stop(self) -> None:
        """Send what is still to be sent, for a moment, and disconnect."""
        if self._sending:
            await asyncio.wait(self._sending.values(), timeout=STOP_SECONDS)
        await end([*self._sending.values(), *self._connection])
        await _close(self._broker)

    def give(self, names: Iterable[str]) -> None:
        """Pass hints on, those of the same name gathered."""
        for name in names:
            if name in self._sending:
                self._again.add(name)
            else:
                self._sending[name] = asyncio.create_task(self._send(name))

    async def _stay_connected(self, wake: Callable[[str], None] | None) -> None:
        while True:
            try:
                await self._use(wake)
            except Exception as error:
                log.warning("broker_away", why=repr(error))
            self._connected.clear()
            await _close(self._broker)
            await asyncio.sleep(AGAIN_SECONDS)
            self._broker, self._hint = self._new()

    async def _use(self, wake: Callable[[str], None] | None) -> None:
        """Be connected until something shows that we are not."""
        self._broken.clear()
        self._broker.is_worker_process = wake is not None
        async with asyncio.timeout(SEND_SECONDS):
            await self._broker.startup()
        self._connected.set()
        if wake is None:
            await self._broken.wait()
        else:
            await self._listen(wake)

    async def _listen(self, wake: Callable[[str], None]) -> None:
        # Not taskiq's receiver: it waits for ever for a reader that missed its cancellation.
        async with aclosing(self._broker.listen()) as heard:
            async for message in heard:
                if not isinstance(message, AckableMessage):
                    raise TypeError(f"{type(self._broker).__name__} cannot acknowledge")
                try:
                    [name] = self._broker.formatter.loads(message.data).args
                    wake(name)
                except ValueError:
                    log.warning("hint_unreadable", hint=message.data)
                await maybe_awaitable(message.ack())

    def _new(self) -> tuple[AsyncBroker, HintTask]:
        broker = broker_at(self._url)

        async def hint(name: str) -> None:
            """What is passed on is the name alone."""

        return broker, broker.register_task(hint, task_name="hint")

    async def _send(self, name: str) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._connected.wait()
                await self._hint.kiq(name)
        except Exception as error:
            self._broken.set()
            log.warning("hint_lost", hint=name, why=repr(error))
        await asyncio.sleep(GATHER_SECONDS)
        del self._sending[name]
        if name in self._again:
            self._again.discard(name)
            self.give([name])


async def _close(broker: AsyncBroker) -> None:
    """Leave no connection behind; one that is broken may not even close."""
    with suppress(Exception):
        async with asyncio.timeout(STOP_SECONDS):
            await broker.shutdown()
