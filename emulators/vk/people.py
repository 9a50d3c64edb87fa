"""What people do with the community on their phones."""

import json
from dataclasses import asdict, fields, replace

from emulators.told import Told, told_place, told_text
from emulators.vk.client import Client
from emulators.vk.history import CHANGEABLE_SECONDS, Content, Dialog
from emulators.vk.keyboard import Button
from emulators.vk.objects import message_object
from emulators.vk.parts import Parts
from emulators.vk.presses import Presses
from emulators.vk.reading import Reading
from emulators.vk.sharing import GEO
from emulators.vk.speaking import Speaking
from emulators.world import Gesture, Refused

START = "Начать"
START_PAYLOAD = '{"command":"start"}'


class People:
    """What people write and press; each gesture opens the dialog, which reads it."""

    def __init__(
        self, parts: Parts, presses: Presses, reading: Reading, speaking: Speaking
    ) -> None:
        self._dialog_of = parts.dialog_of
        self._clock = parts.clock
        self._community = parts.community
        self._events = parts.events
        self._phones = parts.phones
        self._presses = presses
        self._reading = reading
        self._speaking = speaking

    def gestures(self) -> dict[str, Gesture]:
        """By their names on the control path."""
        return {
            "start": self.start,
            "follow": self.follow,
            "say": self.say,
            "edit": self.edit,
            "press": self.press,
            "tap": self.tap,
            "read": self.read,
            "typing": self.typing,
            "client": self.client,
        }

    async def start(self, told: Told) -> Told:
        """Press «Начать»; with `payload` (and `source`) after following a deep link."""
        dialog = self._dialog_of(told)
        self._follow(dialog, told)
        return self._speaking.say(dialog, Content(START, payload=START_PAYLOAD))

    async def follow(self, told: Told) -> Told:
        """Follow a deep link and write nothing yet: the next message carries `payload`."""
        dialog = self._dialog_of(told)
        self._follow(dialog, told)
        return {"ref": dialog.ref}

    async def say(self, told: Told) -> Told:
        """Write `text`, perhaps as an answer to the message `reply_to`."""
        dialog = self._dialog_of(told)
        text = told_text(told)
        quoted = told.get("reply_to")
        reply = self._community.shown(dialog, quoted) if quoted is not None else None
        return self._speaking.say(dialog, Content(text, reply=reply))

    async def edit(self, told: Told) -> Told:
        """Change the `text` of one's own `message`, within a day."""
        dialog = self._dialog_of(told)
        message = self._community.shown(dialog, told.get("message"))
        if message.out:
            raise Refused("this message is the community's")
        if self._clock.now() - message.at > CHANGEABLE_SECONDS:
            raise Refused("this message is too old to be changed")
        self._community.rewrite(message, replace(message.content, text=told_text(told)))
        self._phones.change(message)
        self._events.tell("message_edit", dialog.user_id, message_object(message))
        return {"message": str(message.id)}

    async def press(self, told: Told) -> Told:
        """Press the key `row`, `column` under the message `message`."""
        dialog = self._dialog_of(told)
        message = self._community.shown(dialog, told.get("message"))
        button = told_place(told, self._phones.keys(message))
        return self._pressed(dialog, button, {"conversation_message_id": message.cmid})

    async def tap(self, told: Told) -> Told:
        """Press the key `row`, `column` of the keyboard below the conversation."""
        dialog = self._dialog_of(told)
        keyboard = dialog.keyboard
        if keyboard is None:
            raise Refused("no keyboard stands below this conversation")
        button = told_place(told, self._phones.below(dialog))
        if keyboard.one_time and button.kind in ("text", "location"):
            self._phones.keyboard(dialog, None)
        return self._pressed(dialog, button, {})

    async def read(self, told: Told) -> Told:
        """Open the dialog and read all that is there."""
        dialog = self._dialog_of(told)
        return {"read": self._reading.read(dialog)}

    async def typing(self, told: Told) -> Told:
        """Type something and not send it."""
        dialog = self._dialog_of(told)
        group = -self._community.settings.group_id
        state = {"state": "typing", "from_id": dialog.user_id, "to_id": group}
        self._events.tell("message_typing_state", dialog.user_id, state)
        return {}

    async def client(self, told: Told) -> Told:
        """Read with another app; `keyboard`, `inline_keyboard`, `carousel`, `callback`: can it?

        All that is not told it can. What is on the screen already stays as it is.
        """
        dialog = self._dialog_of(told)
        client = Client(**{each.name: bool(told.get(each.name, True)) for each in fields(Client)})
        self._phones.equip(dialog.user_id, client)
        return asdict(client)

    def _follow(self, dialog: Dialog, told: Told) -> None:
        payload, source = told.get("payload"), told.get("source")
        dialog.ref = None if payload is None else str(payload)
        dialog.ref_source = None if source is None else str(source)

    def _pressed(self, dialog: Dialog, button: Button, where: Told) -> Told:
        """What a key does: it writes, tells the bot, or opens something outside of the chat."""
        self._reading.read(dialog)
        if button.kind == "text":
            return self._speaking.say(dialog, Content(button.label, payload=button.payload))
        if button.kind == "location":
            return self._speaking.say(dialog, Content(payload=button.payload, geo=GEO))
        if button.kind != "callback":
            return {"link": button.link}
        event_id = self._presses.begin(dialog.user_id)
        ids = {"user_id": dialog.user_id, "peer_id": dialog.user_id, "event_id": event_id}
        payload = {} if button.payload is None else {"payload": json.loads(button.payload)}
        self._events.tell("message_event", dialog.user_id, {**ids, **payload, **where})
        return {"event": event_id}
