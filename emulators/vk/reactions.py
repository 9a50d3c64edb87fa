"""Reactions to messages: the community's by the API, a person's by a gesture."""

from collections.abc import Callable
from typing import Any

from emulators.told import Told
from emulators.vk.call import Call
from emulators.vk.errors import VkError
from emulators.vk.history import Dialog, Message
from emulators.vk.parts import Parts
from emulators.world import Gesture, Refused

# vk-api-schema, callback_message_reaction_event: numbers from 1 to 64.
MOST = 64


class Reactions:
    """Each side has one reaction to a message at a time."""

    def __init__(self, parts: Parts) -> None:
        self._dialog_of = parts.dialog_of
        self._community = parts.community
        self._events = parts.events

    def methods(self) -> dict[str, Callable[[Call], Any]]:
        """By their names in the API."""
        return {"messages.sendReaction": self.send, "messages.deleteReaction": self.delete}

    def gestures(self) -> dict[str, Gesture]:
        """By their names on the control path."""
        return {"react": self.react}

    def send(self, call: Call) -> int:
        """React to a message; raises 104 or 1009."""
        message = self._named(call)
        number = call.integer("reaction_id")
        if not 1 <= number <= MOST:
            raise VkError(1009)
        message.reactions[-self._community.settings.group_id] = number
        return 1

    def delete(self, call: Call) -> int:
        """Take the reaction back."""
        self._named(call).reactions.pop(-self._community.settings.group_id, None)
        return 1

    async def react(self, told: Told) -> Told:
        """React to `message` with the number `reaction`; 0 takes it back."""
        dialog = self._dialog_of(told)
        message = self._community.shown(dialog, told.get("message"))
        number = told.get("reaction", 1)
        if not isinstance(number, int) or not 0 <= number <= MOST:
            raise Refused(f"reactions have numbers from 1 to {MOST}; 0 takes one back")
        if number:
            message.reactions[dialog.user_id] = number
        else:
            message.reactions.pop(dialog.user_id, None)
        self._tell(dialog, message, number)
        return {"reaction": number}

    def _tell(self, dialog: Dialog, message: Message, number: int) -> None:
        event = {"reacted_id": dialog.user_id, "peer_id": dialog.user_id, "cmid": message.cmid}
        reaction = {"reaction_id": number} if number else {}
        self._events.tell("message_reaction_event", dialog.user_id, {**event, **reaction})

    def _named(self, call: Call) -> Message:
        dialog = self._community.find(call.integer("peer_id"))
        found = self._community.numbered(dialog.user_id, call.integer("cmid"))
        if found is None:
            raise VkError(104)
        return found
