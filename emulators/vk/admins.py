"""What the community's administrators do by hand, in VK's own interface."""

from dataclasses import replace

from emulators.told import Told, told_text
from emulators.vk.errors import TEXTS
from emulators.vk.history import Content
from emulators.vk.objects import message_object
from emulators.vk.parts import Parts
from emulators.world import Gesture, Refused


class Admins:
    """`who` of a gesture is the person in whose dialog they do it."""

    def __init__(self, parts: Parts) -> None:
        self._dialog_of = parts.dialog_of
        self._community = parts.community
        self._events = parts.events
        self._phones = parts.phones

    def gestures(self) -> dict[str, Gesture]:
        """By their names on the control path."""
        return {"answer": self.answer, "amend": self.amend, "capabilities": self.capabilities}

    async def answer(self, told: Told) -> Told:
        """Answer the person."""
        dialog = self._dialog_of(told)
        if dialog.obstacle is not None:
            raise Refused(TEXTS[dialog.obstacle])
        message = self._community.write(dialog, Content(told_text(told)), out=True)
        message.admin_id = self._community.settings.admin_id
        self._phones.show(message)
        self._events.tell("message_reply", dialog.user_id, message_object(message))
        return {"message": str(message.id)}

    async def amend(self, told: Told) -> Told:
        """Change the text of `message`, which the community wrote."""
        dialog = self._dialog_of(told)
        message = self._community.shown(dialog, told.get("message"))
        if not message.out:
            raise Refused("this message is the person's own")
        message.admin_id = self._community.settings.admin_id
        self._community.rewrite(message, replace(message.content, text=told_text(told)))
        self._phones.change(message)
        self._events.tell("message_edit", dialog.user_id, message_object(message))
        return {"message": str(message.id)}

    async def capabilities(self, told: Told) -> Told:
        """Switch the capabilities of bots, keyboards among them, with `on`; needs no `who`."""
        self._community.bots = bool(told.get("on", True))
        return {"on": self._community.bots}
