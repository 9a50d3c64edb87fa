"""Presses of callback keys that wait for their one answer, while the key turns its spinner."""

import secrets
from collections.abc import Mapping
from typing import Any

from emulators.clock import Clock
from emulators.recent import Recent
from emulators.vk.call import Call
from emulators.vk.errors import VkError
from emulators.vk.phones import Phones

# The spinner's time: github.com/vkbottle/vkbottle/issues/1111.
SPINNER_SECONDS = 60.0
# dev.vk.com/method/messages.sendMessageEventAnswer.
EVENT_DATA = 1_000
SNACKBAR = 90


class Presses:
    """Each press has an id that is good for one answer."""

    def __init__(self, clock: Clock, phones: Phones) -> None:
        self._clock = clock
        self._phones = phones
        self._waiting: Recent[str, int] = Recent(SPINNER_SECONDS)

    def begin(self, user_id: int) -> str:
        """A person pressed; gives the event id to answer."""
        event_id = secrets.token_hex(6)
        self._waiting.put(event_id, user_id, self._clock.now())
        return event_id

    def answer(self, call: Call) -> int:
        """messages.sendMessageEventAnswer; raises error 100."""
        event_id = call.text("event_id")
        user_id, peer_id = call.integer("user_id"), call.integer("peer_id")
        call.text("event_data", "", most=EVENT_DATA)
        shown = _shown(call.mapping("event_data"))
        if self._waiting.get(event_id, self._clock.now()) != user_id or peer_id != user_id:
            raise VkError(100, "invalid event_id")
        self._waiting.drop(event_id)
        if shown:
            self._phones.toast(user_id, shown)
        return 1


def _shown(event_data: Mapping[str, Any] | None) -> str:
    """What the person sees of an answer; raises error 100 for one that VK does not know."""
    match event_data:
        case None:
            return ""
        case {"type": "show_snackbar", "text": str(text)} if 0 < len(text) <= SNACKBAR:
            return text
        case {"type": "open_link", "link": str(link)} if link.startswith(("http://", "https://")):
            return link
        case {"type": "open_app", "app_id": int(app_id)}:
            return f"https://vk.com/app{app_id}"
        case _:
            raise VkError(100, "event_data is invalid")
