"""How somebody's message gets into a chat, and to the bot."""

import re
from typing import Any

from emulators.telegram import objects
from emulators.telegram.chats import Chat, number
from emulators.telegram.formatted import MAX_CAPTION, MAX_TEXT, Formatted, tidied
from emulators.telegram.rights import hears
from emulators.telegram.state import State
from emulators.told import Told
from emulators.utf16 import HALF_PAIR
from emulators.world import Human, Refused

Object = dict[str, Any]

# https://core.telegram.org/bots/features#deep-linking
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


class Writing:
    """What all gestures that say something have in common."""

    def __init__(self, state: State) -> None:
        self._state = state

    def find(self, chat: Chat, told: Any) -> Object:
        """A message of a chat; raises Refused."""
        message = chat.messages.get(number(told))
        if message is None:
            raise Refused(f"there is no message {told!r} in this chat")
        return message

    def find_own(self, chat: Chat, human: Human, told: Any) -> Object:
        """A message that this person wrote; raises Refused."""
        message = self.find(chat, told)
        if message["from"]["id"] != human.telegram:
            raise Refused(f"{human.name} did not write this message")
        return message

    def write(self, chat: Chat, human: Human, content: Object, told: Told | None = None) -> Object:
        """Put somebody's message into a chat and tell the bot."""
        told = told or {}
        reply_to = None
        if told.get("reply_to") is not None:
            reply_to = self.find(chat, told["reply_to"])
        thread = number(told.get("thread") or (reply_to or {}).get("message_thread_id", 0))
        if (told.get("thread") or thread) and thread not in chat.topics:
            raise Refused(f"there is no topic {told.get('thread')!r} in this chat")
        if thread and chat.topics[thread].closed and not _owns(chat, human):
            raise Refused(f"the topic {chat.topics[thread].name!r} is closed")
        message = self._state.messages.post(
            chat, objects.user(human), content, thread=thread, reply_to=reply_to
        )
        self.tell("message", chat, message)
        if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
            self._state.messages.set_keyboard(chat, None)
        return {"message": str(message["message_id"])}

    def tell(self, kind: str, chat: Chat, message: Object) -> None:
        """Tell the bot of a message, if it hears those of this chat."""
        settings = self._state.settings
        if hears(chat, message, settings.bot_id, settings.username):
            self._state.updates.add(kind, chat.id, message)


def typed(text: str) -> Object:
    """A typed text as fields of a Message; raises Refused."""
    return _typed(text, MAX_TEXT).fields("text", "entities")


def captioned(told: Told) -> Object:
    """The `caption` that was told, if any, as fields of a Message; raises Refused."""
    if not told.get("caption"):
        return {}
    return _typed(str(told["caption"]), MAX_CAPTION).fields("caption", "caption_entities")


def _typed(text: str, most: int) -> Formatted:
    """What Telegram makes of it.

    Its apps do not say whether they count characters or UTF-16 units; people get the larger count.
    """
    if HALF_PAIR.search(text):
        raise Refused("half of a surrogate pair is no Unicode text")
    formatted = tidied(text, [])
    if not formatted.text:
        raise Refused("say something, not only spaces")
    if len(formatted.text) > most:
        raise Refused(f"a message has up to {most} characters")
    return formatted


def _owns(chat: Chat, human: Human) -> bool:
    """Whoever stands first in a group made it, and may write everywhere."""
    return chat.group is not None and chat.group.members[:1] == (human.id,)
