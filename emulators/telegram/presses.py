"""Pressed buttons that wait for the bot's answer."""

import secrets

from emulators.clock import Clock
from emulators.telegram.chats import Chat
from emulators.telegram.errors import bad_request

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Presses:
    """Each can be answered once, and for a while only."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._waiting: dict[str, tuple[Chat, float]] = {}

    def add(self, chat: Chat) -> str:
        """A button was pressed in this chat; gives the id of the callback query."""
        self._forget_old()
        query_id = str(secrets.randbits(62))
        self._waiting[query_id] = (chat, self._clock.now() + self._seconds)
        return query_id

    def answer(self, query_id: str) -> Chat:
        """The chat where the press is answered; raises ApiError."""
        self._forget_old()
        chat, _ = self._waiting.pop(query_id, (None, 0.0))
        if chat is None:
            raise bad_request(TOO_OLD)
        return chat

    def _forget_old(self) -> None:
        now = self._clock.now()
        while self._waiting:
            oldest = next(iter(self._waiting))
            if self._waiting[oldest][1] > now:
                return
            del self._waiting[oldest]
