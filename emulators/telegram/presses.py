"""Pressed buttons that wait for the bot's answer."""

import secrets

from emulators.clock import Clock
from emulators.recent import Recent
from emulators.telegram.chats import Chat
from emulators.telegram.errors import bad_request

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Presses:
    """Each can be answered once, and for a while only."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._waiting: Recent[str, Chat] = Recent(seconds)

    def add(self, chat: Chat) -> str:
        """A button was pressed in this chat; gives the id of the callback query."""
        query_id = str(secrets.randbits(62))
        self._waiting.put(query_id, chat, self._clock.now())
        return query_id

    def answer(self, query_id: str) -> Chat:
        """The chat where the press is answered; raises ApiError."""
        chat = self._waiting.get(query_id, self._clock.now())
        if chat is None:
            raise bad_request(TOO_OLD)
        self._waiting.drop(query_id)
        return chat
