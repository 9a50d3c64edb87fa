"""A channel that takes what it is given, answers as it was told, and brings what it was handed."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson

from vestnik.address import ChannelName, Lane
from vestnik.channel import Hook, Kept, Limits, Reply, Unreadable
from vestnik.inbound import Inbound
from vestnik.outbound import Send, Text
from vestnik.outcome import SendResult, Sent
from vestnik.record import Malformed, decode, encode


class Post:
    """One lane. `answers` are used up by address, in order; afterwards everything is taken.

    `while_sending` runs between the call and its answer; what it raises is the worker's death.
    """

    def __init__(self, lane: Lane, limits: Limits) -> None:
        self.lane = lane
        self.limits = limits
        self.taken: list[Send] = []
        self.answers: dict[str, deque[SendResult]] = defaultdict(deque)
        self.while_sending: Callable[[Sequence[Send]], Awaitable[None]] | None = None

    @property
    def name(self) -> ChannelName:
        return self.lane.channel

    @property
    def account(self) -> str:
        return self.lane.account

    def answer(self, handle: str, *results: SendResult) -> None:
        """What to answer to the next sends to an address."""
        self.answers[handle].extend(results)

    def said(self, handle: str | None = None) -> list[str]:
        """The texts that were taken, or those for one address; a template by its name."""
        mine = [it for it in self.taken if handle in (None, it.address.handle)]
        return [words(it) for it in mine]

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        self.taken += batch
        # The other calls of the lane are under way before the first is answered.
        await asyncio.sleep(0)
        if self.while_sending:
            await self.while_sending(batch)
        return [self._answer(item) for item in batch]

    def accept(self, hook: Hook) -> Reply:
        return Reply(keep=hook.body)

    def read(self, kept: Kept) -> Sequence[Inbound | Unreadable]:
        if kept.body == b"mistake":
            raise ZeroDivisionError("a mistake of the channel")
        items: list[Any] = json.loads(kept.body)
        return [self._read(item) for item in items]

    async def aclose(self) -> None:
        pass

    def _answer(self, item: Send) -> SendResult:
        left = self.answers[item.address.handle]
        return left.popleft() if left else Sent(reference(item))

    def _read(self, item: Any) -> Inbound | Unreadable:
        try:
            inbound: Inbound = decode(Inbound, item)
        except Malformed as error:
            return Unreadable(str(error), json.dumps(item, ensure_ascii=False))
        return inbound


def reference(item: Send) -> str:
    """The provider's id of a message: a number that grows with the handle."""
    return f"1{item.handle}"


def words(item: Send) -> str:
    if isinstance(item.outbound, Text):
        return item.outbound.body.text
    return type(item.outbound).__name__.lower()


def body(*happened: Inbound | dict[str, Any]) -> bytes:
    """Bytes that the channel can read."""
    return orjson.dumps([it if isinstance(it, dict) else encode(it) for it in happened])
