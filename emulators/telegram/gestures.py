"""What people do in Telegram on their phones."""

import re
from collections.abc import Mapping
from typing import Any

from emulators.picture import plain_picture
from emulators.telegram import objects
from emulators.telegram.chats import Chat, number
from emulators.telegram.files import photo_sizes
from emulators.telegram.formatted import MAX_CAPTION, MAX_TEXT, tidied
from emulators.telegram.parameters import Upload
from emulators.telegram.people import acting, own_chat
from emulators.telegram.state import State
from emulators.told import Told, told_place
from emulators.utf16 import HALF_PAIR
from emulators.world import Gesture, Human, Refused

Object = dict[str, Any]

# https://core.telegram.org/bots/features#deep-linking
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
SAMPLE = plain_picture(320, 240, (82, 136, 193))


class Gestures:
    """Each gives a small dict for the page of phones, or raises Refused."""

    def __init__(self, state: State) -> None:
        self._state = state

    def gestures(self) -> Mapping[str, Gesture]:
        """By name."""
        return {
            "start": self.start,
            "say": self.say,
            "press": self.press,
            "tap": self.tap,
            "contact": self.contact,
            "photo": self.photo,
            "react": self.react,
            "block": self.block,
            "unblock": self.unblock,
            "delete_account": self.delete_account,
        }

    async def start(self, told: Told) -> Object:
        """`{who, payload?}`: open the bot's link and press Start, or Restart after a block."""
        human = self._state.world.human(told)
        payload = str(told.get("payload") or "")
        if not PAYLOAD.fullmatch(payload):
            raise Refused("a link's payload is up to 64 of A-Z, a-z, 0-9, _ and -")
        chat = own_chat(self._state, human)
        if chat.standing == "blocked":
            self._set_blocked(chat, human, blocked=False)
        return self._write(chat, human, _text(f"/start {payload}".strip(), MAX_TEXT))

    async def say(self, told: Told) -> Object:
        """`{who, text, chat?, reply_to?, thread?}`: type a text."""
        human, chat = acting(self._state, told)
        return self._write(chat, human, _text(str(told.get("text", "")), MAX_TEXT), told)

    async def contact(self, told: Told) -> Object:
        """`{who, of?}`: share one's own card, or the card of somebody else (a person's id)."""
        human, chat = acting(self._state, told)
        whose = human
        if told.get("of") is not None:
            whose = self._state.world.human({"who": told["of"]})
        return self._write(chat, human, {"contact": objects.contact(whose)}, told)

    async def photo(self, told: Told) -> Object:
        """`{who, caption?, chat?, reply_to?, thread?}`: send a picture."""
        human, chat = acting(self._state, told)
        stored = self._state.files.add("photo", Upload("photo.png", "image/png", SAMPLE))
        content: Object = {"photo": photo_sizes(stored)}
        if told.get("caption"):
            content |= _text(str(told["caption"]), MAX_CAPTION, "caption", "caption_entities")
        return self._write(chat, human, content, told)

    async def press(self, told: Told) -> Object:
        """`{who, chat?, message, row, column}`: press a button under a message."""
        human, chat = acting(self._state, told)
        message = self._message(chat, told.get("message"))
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        button: Object = told_place(told, rows)
        if "callback_data" not in button:
            return {}
        query_id = self._state.presses.add(chat)
        query = {
            "id": query_id,
            "from": objects.user(human),
            "message": message,
            "chat_instance": str(-chat.id * 2_654_435_761),
            "data": button["callback_data"],
        }
        self._state.updates.add("callback_query", human.telegram, query)
        return {"query": query_id}

    async def tap(self, told: Told) -> Object:
        """`{who, row, column, chat?}`: press a key of the keyboard below the chat."""
        human, chat = acting(self._state, told)
        button: Object = told_place(told, chat.keyboard["keyboard"] if chat.keyboard else [])
        if button.get("request_contact"):
            return self._write(chat, human, {"contact": objects.contact(human)})
        if any(name.startswith("request_") or name == "web_app" for name in button):
            raise Refused("people here answer texts and share contacts, nothing else")
        return self._write(chat, human, _text(button["text"], MAX_TEXT))

    async def react(self, told: Told) -> Object:
        """`{who, chat?, message, emoji?}`: react to a message, or take the reaction back."""
        human, chat = acting(self._state, told)
        message = self._message(chat, told.get("message"))
        now = [{"type": "emoji", "emoji": str(told["emoji"])}] if told.get("emoji") else []
        reaction = {
            "chat": chat.card,
            "message_id": message["message_id"],
            "user": objects.user(human),
            "date": int(self._state.clock.now()),
            "old_reaction": [],
            "new_reaction": now,
        }
        self._state.updates.add("message_reaction", chat.id, reaction)
        return {"message": str(message["message_id"])}

    async def block(self, told: Told) -> Object:
        """`{who}`: block the bot."""
        human = self._state.world.human(told)
        chat = self._state.chats.get(human.telegram)
        if chat is None or chat.standing != "open":
            raise Refused(f"{human.name} has no open chat with the bot to block")
        self._set_blocked(chat, human, blocked=True)
        return {}

    async def unblock(self, told: Told) -> Object:
        """`{who}`: let the bot in again, without a word."""
        human = self._state.world.human(told)
        chat = self._state.chats.get(human.telegram)
        if chat is None or chat.standing != "blocked":
            raise Refused(f"{human.name} has not blocked the bot")
        self._set_blocked(chat, human, blocked=False)
        return {}

    async def delete_account(self, told: Told) -> Object:
        """`{who}`: leave Telegram for good."""
        chat = own_chat(self._state, self._state.world.human(told))
        chat.standing = "deleted"
        self._state.display.note(chat, "аккаунт удалён")
        return {}

    def _message(self, chat: Chat, told: Any) -> Object:
        message = chat.messages.get(number(told))
        if message is None:
            raise Refused(f"there is no message {told!r} in this chat")
        return message

    def _write(self, chat: Chat, human: Human, content: Object, told: Told | None = None) -> Object:
        """Put somebody's message into a chat and tell the bot."""
        told = told or {}
        reply_to = None
        if told.get("reply_to") is not None:
            reply_to = self._message(chat, told["reply_to"])
        thread = told.get("thread") or (reply_to or {}).get("message_thread_id", 0)
        if thread and number(thread) not in chat.topics:
            raise Refused(f"there is no topic {thread!r} in this chat")
        message = self._state.messages.post(
            chat, objects.user(human), content, thread=number(thread), reply_to=reply_to
        )
        self._state.updates.add("message", chat.id, message)
        if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
            self._state.messages.set_keyboard(chat, None)
        return {"message": str(message["message_id"])}

    def _set_blocked(self, chat: Chat, human: Human, *, blocked: bool) -> None:
        """Telegram speaks of a block as of a ban of the bot."""
        state = self._state
        chat.standing = "blocked" if blocked else "open"
        state.display.note(chat, "бот заблокирован" if blocked else "")
        turn = ("member", "kicked") if blocked else ("kicked", "member")
        change = objects.member_change(chat.card, human, state.clock.now(), state.me, turn)
        state.updates.add("my_chat_member", chat.id, change)


def _text(text: str, most: int, text_name: str = "text", entities_name: str = "entities") -> Object:
    """What Telegram makes of a typed text.

    Its apps do not say whether they count characters or UTF-16 units; people get the larger count.
    """
    if HALF_PAIR.search(text):
        raise Refused("half of a surrogate pair is no Unicode text")
    formatted = tidied(text, [])
    if not formatted.text:
        raise Refused("say something, not only spaces")
    if len(formatted.text) > most:
        raise Refused(f"a message has up to {most} characters")
    return formatted.fields(text_name, entities_name)
