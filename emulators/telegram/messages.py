"""Writes messages into chats, changes them and takes them away."""

from typing import Any

from emulators.clock import Clock
from emulators.telegram.chats import Chat
from emulators.telegram.display import Display
from emulators.telegram.errors import bad_request
from emulators.telegram.markup import Markup

Object = dict[str, Any]


class Messages:
    """What both the bot's methods and people's gestures do with messages."""

    def __init__(self, clock: Clock, display: Display) -> None:
        self._clock = clock
        self._display = display

    def post(
        self,
        chat: Chat,
        sender: Object,
        content: Object,
        *,
        thread: int = 0,
        reply_to: Object | None = None,
        markup: Markup | None = None,
    ) -> Object:
        """Write a message into a chat and show it; gives the Message."""
        number = next(chat.numbers)
        message: Object = {
            "message_id": number,
            "from": sender,
            "chat": chat.card,
            "date": int(self._clock.now()),
        }
        if thread:
            message |= {"message_thread_id": thread, "is_topic_message": True}
            # Telegram's quirk: whatever is written into a topic replies to its first message.
            reply_to = reply_to or chat.topics[thread].root
        if reply_to:
            replied = {key: reply_to[key] for key in reply_to if key != "reply_to_message"}
            message["reply_to_message"] = replied
        message |= content
        if markup and markup.inline:
            message["reply_markup"] = markup.inline
        chat.messages[number] = message
        self._display.show(chat, message)
        if markup and (markup.keyboard or markup.removes):
            self.set_keyboard(chat, markup.keyboard)
        return message

    def find(self, chat: Chat, message_id: int, called: str) -> Object:
        """A message of a chat; raises ApiError with "`called` not found"."""
        message = chat.messages.get(message_id)
        if message is None:
            raise bad_request(f"{called} not found")
        return message

    def edit(self, chat: Chat, message: Object, changes: Object) -> None:
        """Change fields of a message; a field that is None disappears."""
        for name, value in changes.items():
            if value is None:
                message.pop(name, None)
            else:
                message[name] = value
        self._display.change(chat, message)

    def remove(self, chat: Chat, message_id: int) -> None:
        """Take a message away."""
        del chat.messages[message_id]
        chat.reactions.pop(message_id, None)
        self._display.remove(chat, message_id)

    def set_keyboard(self, chat: Chat, keyboard: Object | None) -> None:
        """Put a reply keyboard below the chat or take it away."""
        chat.keyboard = keyboard
        self._display.keyboard(chat)
