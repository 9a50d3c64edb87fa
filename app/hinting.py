"""Passes hints on: within the process, or to the workers through a broker.

A hint only says that a chore has something to do; what there is to do stands in the ledger. So a
hint that comes twice makes a worker look twice, and finds nothing the second time. One that is
lost, with its worker or its broker, costs a delay: each worker looks for itself every two seconds
(app.roles), and that is also when work at the tail is resumed. Nothing here is ever waited for.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol

import structlog
from taskiq import AsyncBroker, AsyncTaskiqDecoratedTask
from taskiq.acks import AcknowledgeType
from taskiq.receiver import Receiver

from app.brokers import broker_at

log = structlog.get_logger(__name__)

GATHER_SECONDS = 0.02
"""Hints of the same name within this time go out as one."""

SEND_SECONDS = 5.0
"""A hint that is not sent by then is given up: the sweep is as quick."""

AT_ONCE = 10
"""Arriving hints taken in at once; each only sets an event."""

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

    `wake` is called for a hint that arrives here; a process that only gives has none. A broker
    that is away is tried again every second, with a new connection. Raises BadSettings for an
    address that no broker can have.
    """

    def __init__(self, broker_url: str, wake: Callable[[str], None] | None) -> None:
        self._url = broker_url
        self._wake = wake
        self._broker, self._hint = self._new()
        self._connected, self._broken = asyncio.Event(), asyncio.Event()
        self._connection: asyncio.Task[None] | None = None
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def start(self) -> None:
        """Connect, and listen when this process works; a broker that is away costs only hints."""
        self._connection = asyncio.create_task(self._stay_connected())

    async def stop(self) -> None:
        """Send what is still to be sent, for a moment, and disconnect."""
        if self._sending:
            await asyncio.wait(self._sending.values(), timeout=STOP_SECONDS)
        for task in (*self._sending.values(), self._connection):
            if task:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def give(self, names: Iterable[str]) -> None:
        """Pass hints on, those of the same name gathered."""
        for name in names:
            if name in self._sending:
                self._again.add(name)
            else:
                self._sending[name] = asyncio.create_task(self._send(name))

    async def _stay_connected(self) -> None:
        while True:
            try:
                await self._use()
            except Exception as error:
                log.warning("broker_away", why=repr(error))
            finally:
                self._connected.clear()
                await _close(self._broker)
            await asyncio.sleep(AGAIN_SECONDS)
            self._broker, self._hint = self._new()

    async def _use(self) -> None:
        """Be connected until something shows that we are not."""
        self._broken.clear()
        self._broker.is_worker_process = self._wake is not None
        await self._broker.startup()
        self._connected.set()
        doing: list[asyncio.Task[Any]] = [asyncio.create_task(self._broken.wait())]
        if self._wake is not None:
            doing.append(asyncio.create_task(self._listen()))
        try:
            done, _ = await asyncio.wait(doing, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in doing:
                task.cancel()
            await asyncio.gather(*doing, return_exceptions=True)

    async def _listen(self) -> None:
        # Not taskiq's run_receiver_task: it goes round without a pause while this fails.
        receiver = Receiver(
            self._broker,
            run_startup=False,
            max_async_tasks=AT_ONCE,
            max_prefetch=0,
            ack_type=AcknowledgeType.WHEN_EXECUTED,
        )
        await receiver.listen(asyncio.Event())

    def _new(self) -> tuple[AsyncBroker, AsyncTaskiqDecoratedTask[[str], None]]:
        broker = broker_at(self._url)

        async def arrived(name: str) -> None:
            if self._wake is not None:
                self._wake(name)

        return broker, broker.register_task(arrived, task_name="hint")

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
