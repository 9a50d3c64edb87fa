"""Texts compiled once for all the chats they go to: a request's body with a hole for the chat."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from aiogram import Bot
from aiogram.methods import TelegramMethod

from bots.telegram.render import message
from bots.telegram.session import Session, dumped
from vestnik.outbound import Text

MOST_KEPT = 64
"""Texts kept compiled: the variants of the broadcasts that run, and what scenarios say often."""

NOBODY = 0
"""The chat that a compiled request is rendered for."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A request for any chat: as it was rendered, where it goes, its body behind the chat."""

    method: TelegramMethod[Any]
    url: str = field(repr=False)
    _rest: bytes = field(repr=False)

    def body(self, chat: int | str) -> bytes:
        """The JSON body for a chat."""
        return b'{"chat_id":%b,%b' % (dumped(chat), self._rest)


class Compiler:
    """Compiles what one bot says; the same text comes many times in a row."""

    def __init__(self, bot: Bot, session: Session) -> None:
        self._bot = bot
        self._session = session
        self._kept = lru_cache(MOST_KEPT)(self._compile)
        self._latest: tuple[Text, bool, Compiled] | None = None

    def of(self, text: Text, *, paid: bool) -> Compiled:
        """The request that says it anew, without files of ours; raises what `message` raises."""
        # A text hashes slowly, and is mostly the very object that came before.
        if (latest := self._latest) and latest[0] is text and latest[1] is paid:
            return latest[2]
        compiled = self._kept(text, paid)
        self._latest = text, paid, compiled
        return compiled

    def _compile(self, text: Text, paid: bool) -> Compiled:
        method = message(text, NOBODY, {}, paid=paid)
        fields = self._session.fields(self._bot, method, {})
        del fields["chat_id"]
        return Compiled(method, self._session.url(self._bot, method), dumped(fields)[1:])
