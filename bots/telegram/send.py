"""Sends a batch to the Bot API: all chats at once, each chat in order, one result an item."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from aiogram import Bot
from aiogram.exceptions import TelegramMigrateToChat

from bots.telegram.errors import amended, judge
from bots.telegram.media import uploaded
from bots.telegram.render import render
from bots.telegram.unsayable import Unsayable
from vestnik.outbound import Acknowledge, Edit, Seen, Send, Text
from vestnik.outcome import Ambiguous, ChannelDown, Rejected, SendResult, Sent, Temporary, Throttled

AT_ONCE = 50
"""Requests in flight."""


class Sender:
    """Sends as one bot; `paid`: broadcasts may go faster, for Stars."""

    def __init__(self, bot: Bot, *, paid: bool = False) -> None:
        self._bot = bot
        self._paid = paid
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._moved: dict[str, int] = {}

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        """One result an item, in order.

        An item that must wait for the one before it (same chat), or that met a pause of the
        whole bot, gets the result that holds it up: nothing of it was sent.
        """
        queues: dict[int | str, list[int]] = {}
        for index, item in enumerate(batch):
            queues.setdefault(self._chat(item.address.handle), []).append(index)
        results: dict[int, SendResult] = {}
        pauses: list[SendResult] = []

        async def follow(queue: Sequence[int]) -> None:
            held: SendResult | None = None
            for index in queue:
                async with self._slots:
                    held = held or next(iter(pauses), None)
                    results[index] = result = held or await self._send(batch[index])
                held = result if _holds_the_chat(result) else None
                if _holds_the_bot(result):
                    pauses.append(result)

        await asyncio.gather(*map(follow, queues.values()))
        return [results[index] for index in range(len(batch))]

    async def _send(self, item: Send, *, follow: bool = True) -> SendResult:
        """One message: again at once where a group has moved (`follow`), anew where it can be."""
        handle = item.address.handle
        try:
            method = render(item, self._chat(handle), paid=self._paid)
        except Unsayable as why:
            return Rejected(str(why))
        except ValueError as error:  # aiogram's models refuse a value
            return Rejected("malformed", type(error).__name__)
        if method is None:
            return Sent("")
        try:
            result: object = await self._bot(method)
        except Exception as error:  # whatever a provider does, it must not raise
            if follow and isinstance(error, TelegramMigrateToChat):
                self._moved[handle] = error.migrate_to_chat_id
                return await self._send(item, follow=False)
            if instead := amended(item.outbound, error):
                return await self._send(replace(item, outbound=instead), follow=follow)
            return _with_reference(judge(error, group=handle.startswith("-")), item)
        return _accepted(result, item)

    def _chat(self, handle: str) -> int | str:
        if handle in self._moved:
            return self._moved[handle]
        return int(handle) if handle.lstrip("-").isdecimal() else handle


def _holds_the_bot(result: SendResult) -> bool:
    return isinstance(result, ChannelDown) or (
        isinstance(result, Throttled) and result.scope == "lane"
    )


def _holds_the_chat(result: SendResult) -> bool:
    return isinstance(result, Throttled | Temporary | ChannelDown)


def _with_reference(result: SendResult, item: Send) -> SendResult:
    """An edit that changed nothing still names its message."""
    match result, item.outbound:
        case Sent(""), Edit(reference=str(reference)) | Text(replaces=str(reference)):
            return Sent(reference)
        case _:
            return result


def _accepted(result: object, item: Send) -> SendResult:
    if isinstance(item.outbound, Acknowledge | Seen):
        return Sent("")
    messages = result if isinstance(result, list) else [result]
    match messages:
        case [{"message_id": int(first)}, *_]:
            media = item.outbound.media if isinstance(item.outbound, Text) else ()
            return Sent(str(first), uploads=uploaded(media, item.files, messages))
        case _:
            return Ambiguous("no_message_id")
