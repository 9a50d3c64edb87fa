"""Carries webhooks to the business: in order within a queue, again and again until taken."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import aiohttp

from emulators.clock import Clock
from emulators.road import Road

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0
CONNECTIONS = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What the business answered; status 0 when it could not be reached."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """A webhook on its way: where it goes, what it holds, when it is no longer wanted."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    expires_at: float | None = None


class Courier:
    """One per platform. `taken` judges an answer; `waits` are the pauses between tries, seconds.

    `road` tells how each parcel travels.
    `sees(answer)` is what the platform sees of an answer, all of it unless told otherwise.
    `waits(tries, answer)` gives the pause before the next try, or None to give the parcel up.
    `closed()` tells for how many seconds nothing at all is brought, 0 when the way is free.
    """

    def __init__(
        self,
        clock: Clock,
        road: Road,
        *,
        taken: Callable[[Answer], bool],
        waits: Callable[[int, Answer], float | None],
        sees: Callable[[Answer], Answer] = lambda answer: answer,
        after: Callable[[Parcel, Answer], Awaitable[None]] | None = None,
        retry_header: str | None = None,
        closed: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._clock = clock
        self._road = road
        self._taken = taken
        self._waits = waits
        self._sees = sees
        self._after = after
        self._retry_header = retry_header
        self._closed = closed
        self._queues: dict[str, asyncio.Queue[tuple[Parcel, float]]] = {}
        self._numbers = count()
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def start(self, connections: int = CONNECTIONS) -> None:
        """Open the connections; so many parcels are on their way at once, at the most."""
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=CONNECT_SECONDS, sock_read=ANSWER_SECONDS
        )
        connector = aiohttp.TCPConnector(limit=connections)
        self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)

    async def stop(self) -> None:
        """Drop what is still on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._queues.clear()
        if self._session:
            await self._session.close()
            self._session = None

    @property
    def busy(self) -> bool:
        """Whether anything is still on its way."""
        return bool(self._queues)

    def send(self, queue: str, parcel: Parcel) -> None:
        """Hand over a parcel; parcels of one queue arrive one after another."""
        for trip in self._road(parcel.url):
            way = f"{queue}, apart {next(self._numbers)}" if trip.apart else queue
            self._enqueue(way, parcel, trip.delay)

    def _enqueue(self, queue: str, parcel: Parcel, delay: float) -> None:
        waiting = self._queues.get(queue)
        if waiting is None:
            waiting = self._queues[queue] = asyncio.Queue()
            task = asyncio.create_task(self._walk(queue, waiting))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        waiting.put_nowait((parcel, delay))

    async def try_once(self, parcel: Parcel, tries: int = 0) -> Answer:
        """One POST; never raises for what the other side does."""
        if self._session is None:
            raise RuntimeError("the courier was not started: call start() first")
        headers = dict(parcel.headers)
        if tries and self._retry_header:
            headers[self._retry_header] = str(tries)
        try:
            async with self._session.post(
                parcel.url, data=parcel.body, headers=headers, allow_redirects=False
            ) as response:
                return Answer(response.status, response.headers, await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Answer(0, {}, str(error).encode())

    async def _walk(self, name: str, waiting: asyncio.Queue[tuple[Parcel, float]]) -> None:
        with contextlib.suppress(asyncio.QueueEmpty):
            while True:
                parcel, delay = waiting.get_nowait()
                await self._clock.sleep(delay)
                await self._carry(parcel)
        del self._queues[name]

    async def _carry(self, parcel: Parcel) -> None:
        tries = 0
        while parcel.expires_at is None or self._clock.now() < parcel.expires_at:
            if (left := self._closed()) > 0:
                await self._clock.sleep(left)
                continue
            answer = await self.try_once(parcel, tries)
            answer = self._sees(answer)
            if self._after:
                await self._after(parcel, answer)
            if self._taken(answer):
                return
            pause = self._waits(tries, answer)
            if pause is None:
                return
            tries += 1
            await self._clock.sleep(pause)


def schedule(pauses: Sequence[float]) -> Callable[[int, Answer], float | None]:
    """Fixed pauses between tries; after the last of them the parcel is given up."""
    return lambda tries, _answer: pauses[tries] if tries < len(pauses) else None
