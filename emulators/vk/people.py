"""What people do with the community on their phones."""

import json
from typing import Any

from emulators.told import Told, told_place, told_text
from emulators.vk.errors import TEXTS
from emulators.vk.history import Content, Dialog, Message
from emulators.vk.keyboard import Button
from emulators.vk.objects import CLIENT, message_object
from emulators.vk.parts import Parts
from emulators.vk.presses import Presses
from emulators.vk.reading import Reading
from emulators.vk.standing import Standing
from emulators.world import Gesture, Refused

START = "Начать"
START_PAYLOAD = '{"command":"start"}'
PLACE = {"latitude": 55.751244, "longitude": 37.618423}


class People:
    """What people write and press; each gesture opens the dialog, which reads it."""

    def __init__(
        self, parts: Parts, presses: Presses, reading: Reading, standing: Standing
    ) -> None:
        self._world = parts.world
        self._community = parts.community
        self._events = parts.events
        self._phones = parts.phones
        self._presses = presses
        self._reading = reading
        self._standing = standing

    def gestures(self) -> dict[str, Gesture]:
        """By their names on the control path."""
        return {
            "start": self.start,
            "follow": self.follow,
            "say": self.say,
            "press": self.press,
            "tap": self.tap,
            "read": self.read,
            "typing": self.typing,
            "answer": self.answer,
            "repeat": self.repeat,
        }

    async def start(self, told: Told) -> Told:
        """Press «Начать»; with `payload` (and `source`) after following a deep link."""
        dialog = self._dialog(told)
        self._follow(dialog, told)
        return self._say(dialog, Content(START, payload=START_PAYLOAD))

    async def follow(self, told: Told) -> Told:
        """Follow a deep link and write nothing yet: the next message carries `payload`."""
        dialog = self._dialog(told)
        self._follow(dialog, told)
        return {"ref": dialog.ref}

    async def say(self, told: Told) -> Told:
        """Write `text`, perhaps as an answer to the message `reply_to`."""
        dialog = self._dialog(told)
        text = told_text(told)
        quoted = told.get("reply_to")
        reply = self._message(dialog, quoted) if quoted is not None else None
        return self._say(dialog, Content(text, reply=reply))

    async def press(self, told: Told) -> Told:
        """Press the key `row`, `column` under the message `message`."""
        dialog = self._dialog(told)
        message = self._message(dialog, told.get("message"))
        button = told_place(told, message.content.rows)
        return self._pressed(dialog, button, {"conversation_message_id": message.cmid})

    async def tap(self, told: Told) -> Told:
        """Press the key `row`, `column` of the keyboard below the conversation."""
        dialog = self._dialog(told)
        keyboard = dialog.keyboard
        if keyboard is None:
            raise Refused("no keyboard stands below this conversation")
        button = told_place(told, keyboard.rows)
        if keyboard.one_time and button.kind in ("text", "location"):
            self._phones.keyboard(dialog, None)
        return self._pressed(dialog, button, {})

    async def read(self, told: Told) -> Told:
        """Open the dialog and read all that is there."""
        dialog = self._dialog(told)
        return {"read": self._reading.read(dialog)}

    async def typing(self, told: Told) -> Told:
        """Type something and not send it."""
        dialog = self._dialog(told)
        group = -self._community.settings.group_id
        state = {"state": "typing", "from_id": dialog.user_id, "to_id": group}
        self._events.tell("message_typing_state", dialog.user_id, state)
        return {}

    async def answer(self, told: Told) -> Told:
        """An administrator answers the person by hand, in VK's own interface."""
        dialog = self._dialog(told)
        if dialog.obstacle is not None:
            raise Refused(TEXTS[dialog.obstacle])
        message = self._community.write(dialog, Content(told_text(told)), out=True)
        message.admin_id = self._community.settings.admin_id
        self._phones.show(message)
        self._events.tell("message_reply", dialog.user_id, message_object(message))
        return {"message": str(message.id)}

    async def repeat(self, told: Told) -> Told:
        """VK tells the person's latest event once more, although it was taken."""
        event = self._events.repeat(self._dialog(told).user_id)
        if event is None:
            raise Refused("nothing has happened with this person yet")
        return {"type": event.kind, "event_id": event.id}

    def _dialog(self, told: Told) -> Dialog:
        return self._community.dialog(self._world.human(told).vk)

    def _follow(self, dialog: Dialog, told: Told) -> None:
        payload, source = told.get("payload"), told.get("source")
        dialog.ref = None if payload is None else str(payload)
        dialog.ref_source = None if source is None else str(source)

    def _message(self, dialog: Dialog, told: Any) -> Message:
        found = self._community.message(int(told)) if str(told).isdecimal() else None
        if found is None or found.peer_id != dialog.user_id:
            raise Refused(f"there is no message {told!r} in this dialog")
        return found

    def _pressed(self, dialog: Dialog, button: Button, where: Told) -> Told:
        """What a key does: it writes, tells the bot, or opens something outside of the chat."""
        self._reading.read(dialog)
        if button.kind == "text":
            return self._say(dialog, Content(button.label, payload=button.payload))
        if button.kind == "location":
            geo = {"type": "point", "coordinates": PLACE}
            return self._say(dialog, Content(payload=button.payload, geo=geo))
        if button.kind != "callback":
            return {"link": button.link}
        event_id = self._presses.begin(dialog.user_id)
        ids = {"user_id": dialog.user_id, "peer_id": dialog.user_id, "event_id": event_id}
        payload = {} if button.payload is None else {"payload": json.loads(button.payload)}
        self._events.tell("message_event", dialog.user_id, {**ids, **payload, **where})
        return {"event": event_id}

    def _say(self, dialog: Dialog, content: Content) -> Told:
        if dialog.blacklisted:
            raise Refused("the community has put this person on its blacklist")
        self._reading.read(dialog)
        self._standing.permit(dialog)
        message = self._community.write(dialog, content, out=False)
        self._phones.show(message)
        event = {"message": message_object(message), "client_info": CLIENT}
        self._events.tell("message_new", dialog.user_id, event)
        return {"message": str(message.id)}
