"""Acknowledgements and edits: they share a lane's rate, but nobody waits for them."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from delivery.pace import Pace
from vestnik.address import Lane
from vestnik.channel import Channel
from vestnik.outbound import Send
from vestnik.outcome import Sent

MOST_WAITING = 1_000
PATIENCE_SECONDS = 5.0
STOP_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Courtesies:
    """Sends in the background, once each; what cannot go within seconds is left out."""

    def __init__(self, channels: Mapping[Lane, Channel], pace: Pace) -> None:
        self._channels = channels
        self._pace = pace
        self._tasks: set[asyncio.Task[None]] = set()

    def post(self, sends: Sequence[Send]) -> None:
        """Send these after all else of their transaction is done."""
        if not sends or len(self._tasks) >= MOST_WAITING:
            return
        task = asyncio.create_task(self._send(sends))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Wait a moment for those under way, and another for those that are cancelled then.

        A courtesy that a library keeps from being cancelled is left behind.
        """
        left = set(self._tasks)
        for cancels in (False, True):
            if not left:
                return
            if cancels:
                for task in left:
                    task.cancel()
            ended, left = await asyncio.wait(left, timeout=STOP_SECONDS)
            await asyncio.gather(*ended, return_exceptions=True)

    async def _send(self, sends: Sequence[Send]) -> None:
        for send in sends:
            channel = self._channels.get(send.address.lane)
            if channel is None or not await self._my_turn(send.address.lane, channel):
                continue
            [result] = await channel.send([send])
            if not isinstance(result, Sent):
                log.info("courtesy_refused", lane=str(send.address.lane), result=repr(result))

    async def _my_turn(self, lane: Lane, channel: Channel) -> bool:
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while not (grant := await self._pace.take(lane, 1, channel.limits.rate)).count:
            if asyncio.get_running_loop().time() + grant.wait > deadline:
                return False
            await asyncio.sleep(grant.wait)
        return True
