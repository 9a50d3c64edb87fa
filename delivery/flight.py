"""The calls of one lane that are under way: each request has its own, so none waits for another."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from delivery.decide import NOT_CALLED
from delivery.preparing import Ready
from delivery.uploading import NOTHING_ATTACHED, Attached, Called
from vestnik.outcome import Ambiguous, ChannelDown, SendResult, Throttled

AT_ONCE = 100
"""Calls under way on one lane; a hanging one takes one of these places and no more."""

AHEAD_SECONDS = 0.2
"""Requests wait ready for so long at the lane's present speed: what a dead worker has begun and
not called is nobody's to know, so it must be little."""

ROOM_SECONDS = 0.2
"""For so long a batch waits until it is worth while; then it takes what room there is."""

GATHER_SECONDS, MOST_GATHERED = 0.1, 500
"""Outcomes of so long, or so many requests, share a commit."""

STALE_SECONDS = 5.0
"""A request that waited longer for its place (all calls hang) is not called any more: its lease
would end during the call."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """Messages that one call carries; claimed after `begun`, called after `turn` (monotonic)."""

    ready: Sequence[Ready]
    begun: float
    turn: float
    attached: Attached = NOTHING_ATTACHED


@dataclass(frozen=True, slots=True)
class Landed:
    """A request and what came of it."""

    request: Request
    called: Called


class Flight:
    """Calls up to AT_ONCE requests at once, and settles their outcomes together."""

    def __init__(
        self,
        call: Callable[[Request], Awaitable[Called]],
        settle: Callable[[Sequence[Landed]], Awaitable[None]],
    ) -> None:
        self._call = call
        self._settle = settle
        self._waiting: deque[Request] = deque()
        self._landed: list[Landed] = []
        self._outstanding = 0
        self._callers: set[asyncio.Task[None]] = set()
        self._settling: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._hurry = asyncio.Event()
        self._speed = _Speed()
        self._stop: SendResult | None = None
        self._stopped_before = float("-inf")

    async def room(self) -> int:
        """Wait until it is worth while to begin more; gives how many requests may be begun.

        Where most calls hang the others do not wait for them: any room is taken after a while.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(ROOM_SECONDS):
                return await self._part_free(1 / 3)
        return await self._part_free(0)

    def add(self, requests: Sequence[Request]) -> None:
        """Call these as soon as there is a place."""
        self._waiting.extend(requests)
        self._outstanding += len(requests)
        # A caller that is done leaves the set only in the loop's next round.
        at_work = sum(not it.done() for it in self._callers)
        for _ in range(min(len(requests), AT_ONCE - at_work)):
            caller = asyncio.create_task(self._work())
            self._callers.add(caller)
            caller.add_done_callback(self._callers.discard)

    async def landed(self) -> bool:
        """Wait until nothing is under way and all is settled; whether there was anything."""
        some = False
        while tasks := [*self._callers, *([self._settling] if self._settling else [])]:
            some = True
            await asyncio.wait(tasks)
        return some

    async def aclose(self, within: float) -> None:
        """Let what is under way land, so long; then cut it off: the ledger will not know of it.

        What was not called by then is given back.
        """
        try:
            async with asyncio.timeout(within):
                await self.landed()
        except TimeoutError:
            self._give_back()
            for caller in self._callers:
                caller.cancel()
            await self.landed()

    async def _part_free(self, part: float) -> int:
        while True:
            most = AT_ONCE + int(self._speed.now * AHEAD_SECONDS)
            room = most - self._outstanding
            if room >= max(1, int(most * part)):
                return room
            self._changed.clear()
            await self._changed.wait()

    def _give_back(self) -> None:
        while self._waiting:
            request = self._waiting.popleft()
            self._outstanding -= 1
            self._land(Landed(request, _all_alike(request, NOT_CALLED)))

    async def _work(self) -> None:
        while self._waiting:
            request = self._waiting.popleft()
            try:
                if (early := request.turn - time.monotonic()) > 0:
                    await asyncio.sleep(early)
                called = self._uncalled(request) or await self._called(request)
                self._land(Landed(request, called))
            finally:
                self._outstanding -= 1
                self._changed.set()
                if not self._outstanding:
                    self._hurry.set()

    def _uncalled(self, request: Request) -> Called | None:
        """What came of a request that is not to be called any more."""
        result: SendResult | None = None
        if self._stop and request.begun <= self._stopped_before:
            result = self._stop
        elif time.monotonic() - request.begun > STALE_SECONDS:
            result = NOT_CALLED
        return None if result is None else _all_alike(request, result)

    async def _called(self, request: Request) -> Called:
        try:
            called = await self._call(request)
        except Exception:
            # A channel's mistake: nobody knows what went out before it.
            log.exception("channel_cannot_send")
            return _all_alike(request, Ambiguous("channel_failed"))
        for result in called.results:
            if _stops_the_lane(result):
                # Claims heed it once it is stored; what is begun until then is not called either.
                self._stop, self._stopped_before = result, float("inf")
        return called

    def _land(self, landed: Landed) -> None:
        self._landed.append(landed)
        self._speed.count()
        someone_waits = any(it[0].broadcast_id is None for it in landed.request.ready)
        if (
            someone_waits
            or len(self._landed) >= MOST_GATHERED
            or self._stopped_before == float("inf")
        ):
            self._hurry.set()
        if self._settling is None:
            self._settling = asyncio.create_task(self._settle_all())

    async def _settle_all(self) -> None:
        try:
            while self._landed:
                await self._gather()
                batch, self._landed = self._landed[:MOST_GATHERED], self._landed[MOST_GATHERED:]
                try:
                    await self._settle(batch)
                except Exception:
                    # What is not stored is found when its lease ends.
                    log.exception("outcomes_not_stored", requests=len(batch))
                if any(_stops_the_lane(result) for it in batch for result in it.called.results):
                    self._stopped_before = time.monotonic()
        finally:
            self._settling = None

    async def _gather(self) -> None:
        """Wait for more to settle at once, unless somebody waits for it or nothing is to come."""
        if self._outstanding:
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER_SECONDS):
                    await self._hurry.wait()
        self._hurry.clear()


def _all_alike(request: Request, result: SendResult) -> Called:
    return Called([result] * len(request.ready))


def _stops_the_lane(result: SendResult) -> bool:
    match result:
        case Throttled(_, "lane") | ChannelDown(bulk=False):
            return True
        case _:
            return False


class _Speed:
    """How many requests land a second, of late."""

    def __init__(self) -> None:
        self.now = 0.0
        self._count = 0
        self._since = time.monotonic()

    def count(self) -> None:
        """One more."""
        self._count += 1
        if self._count >= 50:
            now = time.monotonic()
            self.now = self._count / max(now - self._since, 0.001)
            self._count, self._since = 0, now
