"""Sends one thing to one chat by the Bot API, and tells what came of it."""

from collections.abc import Awaitable
from dataclasses import replace

from aiogram import Bot
from aiogram.exceptions import TelegramMigrateToChat

from bots.telegram.compiled import Compiler
from bots.telegram.errors import amended, judge
from bots.telegram.media import uploaded
from bots.telegram.render import render
from bots.telegram.session import Session
from bots.telegram.unsayable import Unsayable
from vestnik.address import Address
from vestnik.outbound import Acknowledge, Edit, Seen, Send, Text
from vestnik.outcome import Ambiguous, Rejected, SendResult, Sent


class Sender:
    """Sends as one bot; `paid`: broadcasts may go faster, for Stars."""

    def __init__(self, bot: Bot, session: Session, *, paid: bool = False) -> None:
        self._bot = bot
        self._session = session
        self._paid = paid
        self._compiler = Compiler(bot, session)
        self._moved: dict[str, int] = {}

    async def send(self, item: Send, *, follow: bool = True) -> SendResult:
        """One message: again at once where a group has moved (`follow`), anew where it can be."""
        handle = item.address.handle
        try:
            asked = self._asked(item, self.chat(item.address))
        except Unsayable as why:
            return Rejected(str(why))
        except ValueError as error:  # aiogram's models refuse a value
            return Rejected("malformed", type(error).__name__)
        if asked is None:
            return Sent("")
        try:
            result: object = await asked
        except Exception as error:  # whatever a provider does, it must not raise
            if follow and isinstance(error, TelegramMigrateToChat):
                self._moved[handle] = error.migrate_to_chat_id
                return await self.send(item, follow=False)
            if instead := amended(item.outbound, error):
                return await self.send(replace(item, outbound=instead), follow=follow)
            return _with_reference(judge(error, group=handle.startswith("-")), item)
        return _accepted(result, item)

    def _asked(self, item: Send, chat: int | str) -> Awaitable[object] | None:
        """The call that says it, None where nothing needs one; raises Unsayable."""
        text = item.outbound
        if isinstance(text, Text) and text.replaces is None and not item.files:
            request = self._compiler.of(text, paid=self._paid and item.bulk)
            return self._session.post(self._bot, request.method, request.url, request.body(chat))
        method = render(item, chat, paid=self._paid)
        return None if method is None else self._bot(method)

    def chat(self, address: Address) -> int | str:
        """The chat's id; of a group that has moved, the new one, by either of its ids."""
        handle = address.handle
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
    messages = result if isinstance(result, list) else (result,)
    first = messages[0] if messages else None
    number = first.get("message_id") if isinstance(first, dict) else None
    if isinstance(number, int):
        if not item.files or not isinstance(item.outbound, Text):
            return Sent(str(number))
        return Sent(str(number), uploads=uploaded(item.outbound.media, item.files, messages))
    if isinstance(item.outbound, Acknowledge | Seen):
        return Sent("")
    return Ambiguous("no_message_id")
