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
from vestnik.outcome import Ambiguous, Rejected, SendResult, Sent
from vestnik.spread import spread

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
        """One result an item, in order; a group that has moved is one, by either of its ids."""
        return await spread(
            batch, self._send, self._slots, lambda address: self._chat(address.handle)
        )

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
