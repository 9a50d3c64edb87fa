"""What people say and send in Telegram on their phones, and which buttons they press."""

from collections.abc import Mapping
from typing import Any

from emulators.telegram import objects
from emulators.telegram.people import acting, own_chat
from emulators.telegram.presence import set_blocked
from emulators.telegram.state import State
from emulators.telegram.writing import PAYLOAD, Writing, typed
from emulators.told import Told, told_place
from emulators.world import Gesture, Refused

Object = dict[str, Any]


class Gestures:
    """Each gives a small dict for the page of phones, or raises Refused."""

    def __init__(self, state: State, writing: Writing) -> None:
        self._state = state
        self._writing = writing

    def gestures(self) -> Mapping[str, Gesture]:
        """By name."""
        return {
            "start": self.start,
            "say": self.say,
            "press": self.press,
            "tap": self.tap,
            "contact": self.contact,
            "location": self.location,
        }

    async def start(self, told: Told) -> Object:
        """`{who, payload?}`: open the bot's link and press Start, or Restart after a block."""
        human = self._state.world.human(told)
        payload = str(told.get("payload") or "")
        if not PAYLOAD.fullmatch(payload):
            raise Refused("a link's payload is up to 64 of A-Z, a-z, 0-9, _ and -")
        chat = own_chat(self._state, human)
        if chat.standing == "blocked":
            set_blocked(self._state, chat, human, blocked=False)
        return self._writing.write(chat, human, typed(f"/start {payload}".strip()))

    async def say(self, told: Told) -> Object:
        """`{who, text, chat?, reply_to?, thread?}`: type a text."""
        human, chat = acting(self._state, told)
        return self._writing.write(chat, human, typed(str(told.get("text", ""))), told)

    async def contact(self, told: Told) -> Object:
        """`{who, of?}`: share one's own card, or the card of somebody else (a person's id)."""
        human, chat = acting(self._state, told)
        whose = human
        if told.get("of") is not None:
            whose = self._state.world.human({"who": told["of"]})
        return self._writing.write(chat, human, {"contact": objects.contact(whose)}, told)

    async def location(self, told: Told) -> Object:
        """`{who, latitude, longitude, chat?, reply_to?, thread?}`: send a place."""
        human, chat = acting(self._state, told)
        place = {name: told.get(name) for name in ("latitude", "longitude")}
        if not all(isinstance(degrees, int | float) for degrees in place.values()):
            raise Refused("say where: latitude and longitude in degrees")
        return self._writing.write(chat, human, {"location": place}, told)

    async def press(self, told: Told) -> Object:
        """`{who, chat?, message, row, column}`: press a button under a message."""
        human, chat = acting(self._state, told)
        message = self._writing.find(chat, told.get("message"))
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        button: Object = told_place(told, rows)
        if copied := button.get("copy_text"):
            self._state.display.toast(chat, f"Скопировано: {copied['text']}")
            return {"copied": copied["text"]}
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
            return self._writing.write(chat, human, {"contact": objects.contact(human)})
        if any(name.startswith("request_") or name == "web_app" for name in button):
            raise Refused("people here answer texts and share contacts, nothing else")
        return self._writing.write(chat, human, typed(button["text"]))
