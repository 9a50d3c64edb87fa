"""messages.send: to one peer or to a hundred, each message at most once."""

import re
from collections.abc import Callable
from typing import Any

from emulators.vk.call import PLATFORM, Call
from emulators.vk.community import FIRST_CHAT
from emulators.vk.content import read_content
from emulators.vk.errors import VkError
from emulators.vk.files import Files
from emulators.vk.history import Content, Dialog, Message
from emulators.vk.intents import Intents, Subscription, read_intent
from emulators.vk.objects import message_object
from emulators.vk.parts import Parts

# dev.vk.com/method/messages.send.
PEERS = 100
LONGEST_RANDOM_ID = 2**63


class Sending:
    """Takes messages from the business; `sent` is told of each new one."""

    def __init__(
        self, parts: Parts, files: Files, intents: Intents, sent: Callable[[Dialog], None]
    ) -> None:
        self._world = parts.world
        self._community = parts.community
        self._events = parts.events
        self._phones = parts.phones
        self._files = files
        self._intents = intents
        self._sent = sent

    def send(self, call: Call) -> int | list[dict[str, Any]]:
        """messages.send: a message id, or an item for each of several peers."""
        peers, several = recipients(call)
        random_id = _random_id(call)
        call.flag("dont_parse_links")
        call.flag("disable_mentions")
        intent = read_intent(call)
        content = read_content(call, self._community, self._files)
        if not several:
            return self._deliver(peers[0], content, random_id, intent).id
        return [self._item(call, peer, content, random_id, intent) for peer in peers]

    def _item(
        self, call: Call, peer: int, content: Content, random_id: int, intent: Subscription
    ) -> dict[str, Any]:
        try:
            call.visit.meet(call.method, str(peer))
            message = self._deliver(peer, content, random_id, intent)
        except VkError as error:
            return {
                "peer_id": peer,
                "message_id": 0,
                "conversation_message_id": 0,
                "error": {"code": error.code, "description": error.text},
            }
        return {
            "peer_id": peer,
            "message_id": message.id,
            "conversation_message_id": message.cmid,
        }

    def _deliver(
        self, peer: int, content: Content, random_id: int, intent: Subscription
    ) -> Message:
        if random_id and (known := self._community.sent_before(peer, random_id)):
            return known
        dialog = self._community.find(peer)
        if dialog.obstacle is not None:
            raise VkError(dialog.obstacle)
        self._community.count(dialog)
        self._intents.admit(peer, intent)
        message = self._community.write(dialog, content, out=True, random_id=random_id)
        self._world.accept(
            platform=PLATFORM,
            to=str(peer),
            kind=content.kind,
            text=content.read,
            reference=str(message.id),
            opaque=str(random_id) if random_id else None,
            detail={"conversation_message_id": message.cmid, "intent": intent[0]},
        )
        self._phones.show(message)
        if content.keyboard is not None and not content.keyboard.inline:
            self._phones.keyboard(dialog, content.keyboard)
        if self._events.wanted("message_reply"):
            self._events.tell("message_reply", peer, message_object(message))
        self._sent(dialog)
        return message


def recipients(call: Call) -> tuple[list[int], bool]:
    """Whom a call is for, and whether it asks for the answer of several; raises error 100."""
    several = call.integers("peer_ids", PEERS) or call.integers("user_ids", PEERS)
    if several:
        return several, True
    if call.has("peer_id") or call.has("user_id"):
        return [call.integer("peer_id" if call.has("peer_id") else "user_id")], False
    if call.has("chat_id"):
        return [FIRST_CHAT + call.integer("chat_id", least=0)], False
    if matched := re.fullmatch(r"id(\d+)", call.text("domain", "")):
        return [int(matched[1])], False
    raise VkError(100, "you should specify peer_id, user_id, domain, chat_id or user_ids param")


def _random_id(call: Call) -> int:
    if not call.has("random_id"):
        raise VkError(100, "random_id is a required parameter")
    random_id = call.integer("random_id")
    if not -LONGEST_RANDOM_ID <= random_id < LONGEST_RANDOM_ID:
        raise VkError(100, "random_id not integer")
    return random_id
