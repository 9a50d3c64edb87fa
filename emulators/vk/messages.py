"""The other methods of messages.*: edit, delete, look up, mark as read, who may be written to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from emulators.vk.call import PLATFORM, Call
from emulators.vk.content import read_content
from emulators.vk.errors import VkError
from emulators.vk.files import Files
from emulators.vk.history import CHANGEABLE_SECONDS, Message
from emulators.vk.objects import conversation_object, group_object, message_object, user_object
from emulators.vk.parts import Parts

# dev.vk.com/method/messages.getById, messages.getConversationsById, messages.delete.
LOOKED_UP = 100
DELETED = 1_000
ACTIVITIES = {
    "typing": "печатает…",
    "audiomessage": "записывает голосовое сообщение…",
    "file": "отправляет файл…",
    "photo": "отправляет фотографию…",
    "video": "отправляет видео…",
}


class Messages:
    """Methods over what is already written."""

    def __init__(self, parts: Parts, files: Files) -> None:
        self._world = parts.world
        self._clock = parts.clock
        self._community = parts.community
        self._events = parts.events
        self._phones = parts.phones
        self._files = files

    def methods(self) -> dict[str, Callable[[Call], Any]]:
        """By their names in the API."""
        return {
            "messages.edit": self.edit,
            "messages.delete": self.delete,
            "messages.getById": self.get_by_id,
            "messages.getByConversationMessageId": self.get_by_number,
            "messages.getConversationsById": self.get_conversations,
            "messages.markAsRead": self.mark_as_read,
            "messages.setActivity": self.set_activity,
            "messages.isMessagesFromGroupAllowed": self.is_allowed,
        }

    def edit(self, call: Call) -> int:
        """Write a message anew: what the call leaves out, keys too, is gone."""
        dialog = self._community.find(call.integer("peer_id"))
        found = next(iter(self._named(call, dialog.user_id)), None)
        if found is None or found.peer_id != dialog.user_id:
            raise VkError(100, "message_id is invalid")
        if not found.out:
            raise VkError(920)
        if self._is_old(found):
            raise VkError(909)
        if dialog.obstacle is not None:
            raise VkError(dialog.obstacle)
        content = read_content(call, self._community, self._files)
        self._community.rewrite(found, replace(content, reply=found.content.reply))
        self._phones.change(found)
        if self._events.wanted("message_edit"):
            self._events.tell("message_edit", dialog.user_id, message_object(found))
        return 1

    def delete(self, call: Call) -> list[dict[str, Any]]:
        """Delete messages here, with `delete_for_all` on the people's phones too."""
        for_all = bool(call.flag("delete_for_all", False))
        call.flag("spam")
        messages = self._named(call, call.integer("peer_id", 0), DELETED)
        return [self._deleted(message, for_all) for message in messages]

    def get_by_id(self, call: Call) -> dict[str, Any]:
        """Messages by their ids, or by a peer and numbers in its dialog."""
        return self._told(call, list(self._named(call, call.integer("peer_id", 0))))

    def get_by_number(self, call: Call) -> dict[str, Any]:
        """Messages by their numbers in the dialog with a peer."""
        dialog = self._community.find(call.integer("peer_id"))
        numbers = call.integers("conversation_message_ids", LOOKED_UP)
        if not numbers:
            raise VkError(100, "conversation_message_ids is undefined")
        found = (self._community.numbered(dialog.user_id, each) for each in numbers)
        return self._told(call, [message for message in found if message is not None])

    def get_conversations(self, call: Call) -> dict[str, Any]:
        """Conversations: what was read, and whether they can be written to."""
        peers = call.integers("peer_ids", LOOKED_UP)
        if not peers:
            raise VkError(100, "peer_ids is undefined")
        items = [self._conversation(peer) for peer in peers]
        answer = {"count": len(items), "items": items}
        return answer | (self._extended(peers) if call.flag("extended") else {})

    def mark_as_read(self, call: Call) -> int:
        """Mark a person's messages as read by the community."""
        dialog = self._community.find(call.integer("peer_id"))
        last = call.integer("start_message_id", 0, least=0)
        if numbered := self._community.numbered(dialog.user_id, call.integer("up_to_cmid", 0)):
            last = numbered.id
        for message in self._community.unread(dialog, out=False):
            if not last or message.id <= last:
                dialog.in_read = message.id
                self._phones.read(message)
        return 1

    def set_activity(self, call: Call) -> int:
        """Show that the community is typing."""
        activity = call.one_of("type", ACTIVITIES, "typing")
        peer = call.integer("peer_id" if call.has("peer_id") else "user_id")
        self._phones.toast(self._community.find(peer).user_id, ACTIVITIES[activity])
        return 1

    def is_allowed(self, call: Call) -> dict[str, int]:
        """Whether a person lets the community write."""
        if call.integer("group_id", least=1) != self._community.settings.group_id:
            raise VkError(203)
        dialog = self._community.peek(call.integer("user_id", least=1))
        return {"is_allowed": int(dialog is not None and dialog.obstacle is None)}

    def _named(self, call: Call, peer_id: int, most: int = LOOKED_UP) -> Iterable[Message]:
        """The messages a call names; those that are not there are passed over."""
        many = call.integers("message_ids", most) or call.integers("message_id", 1)
        numbers = [
            *call.integers("cmids", LOOKED_UP),
            *call.integers("cmid", 1),
            *call.integers("conversation_message_id", 1),
        ]
        if not many and not numbers:
            raise VkError(100, "message_ids required")
        found = [
            *(self._community.message(each) for each in many),
            *(self._community.numbered(peer_id, each) for each in numbers),
        ]
        return [message for message in found if message is not None]

    def _told(self, call: Call, found: Sequence[Message]) -> dict[str, Any]:
        answer = {"count": len(found), "items": [message_object(each) for each in found]}
        peers = {message.peer_id for message in found}
        return answer | (self._extended(peers) if call.flag("extended") else {})

    def _deleted(self, message: Message, for_all: bool) -> dict[str, Any]:
        told = {
            "peer_id": message.peer_id,
            "message_id": message.id,
            "conversation_message_id": message.cmid,
        }
        if for_all and (not message.out or self._is_old(message)):
            error = VkError(924)
            return {**told, "error": {"code": error.code, "description": error.text}}
        self._community.forget(message)
        if for_all:
            self._phones.remove(message)
        return {**told, "response": 1}

    def _conversation(self, peer: int) -> dict[str, Any]:
        dialog = self._community.find(peer)
        unread = len(self._community.unread(dialog, out=False))
        return conversation_object(dialog, self._community.message(dialog.last_id), unread)

    def _extended(self, peers: Iterable[int]) -> dict[str, Any]:
        people = filter(None, (self._world.who(PLATFORM, peer) for peer in peers))
        return {
            "profiles": [user_object(human) for human in people],
            "groups": [group_object(self._community.settings)],
        }

    def _is_old(self, message: Message) -> bool:
        return self._clock.now() - message.at > CHANGEABLE_SECONDS
