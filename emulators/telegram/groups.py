"""What happens to the bot's groups: it is thrown out, a group is upgraded, a topic deleted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from emulators.telegram import objects
from emulators.telegram.chats import Chat, number
from emulators.telegram.people import acting
from emulators.telegram.state import State
from emulators.telegram.topics import Topics
from emulators.told import Told
from emulators.world import Gesture, Human, Refused

Object = dict[str, Any]

# Supergroups' ids are told with this in front (https://core.telegram.org/api/bots/ids).
SUPERGROUP = -1_000_000_000_000


class GroupGestures:
    """`who` must be a member of the group `chat`."""

    def __init__(self, state: State, topics: Topics) -> None:
        self._state = state
        self._topics = topics

    def gestures(self) -> Mapping[str, Gesture]:
        """By name."""
        return {"kick": self.kick, "migrate": self.migrate, "delete_topic": self.delete_topic}

    async def kick(self, told: Told) -> Object:
        """`{who, chat}`: throw the bot out of a group."""
        state = self._state
        human, chat = acting(state, told)
        if chat.private:
            raise Refused("nobody is thrown out of a private chat")
        chat.standing = "kicked"
        state.display.note(chat, "бот удалён из группы")
        turn = ("administrator", "kicked")
        change = objects.member_change(chat.card, human, state.clock.now(), state.me, turn)
        state.updates.add("my_chat_member", chat.id, change)
        return {}

    async def migrate(self, told: Told) -> Object:
        """`{who, chat}`: the group gets a new id; gives it as "chat"."""
        human, old = acting(self._state, told)
        world = self._state.world
        new_id = SUPERGROUP - abs(old.id) % -SUPERGROUP - 1
        if old.group is None or any(group.chat == str(new_id) for group in world.groups):
            raise Refused("this group cannot be upgraded again")
        moved = replace(old.group, chat=str(new_id))
        world.regroup([moved if group is old.group else group for group in world.groups])
        new = self._state.chats.get(new_id)
        if new is None:
            raise Refused("this group cannot be upgraded")
        self._write(old, human, {"migrate_to_chat_id": new_id})
        self._write(new, human, {"migrate_from_chat_id": old.id})
        old.standing, old.migrated_to = "migrated", new_id
        self._state.display.note(old, "группа стала супергруппой")
        return {"chat": str(new_id)}

    async def delete_topic(self, told: Told) -> Object:
        """`{who, chat, thread}`: delete a topic with everything in it; the bot is not told."""
        _, chat = acting(self._state, told)
        thread = number(told.get("thread"))
        if thread not in chat.topics:
            raise Refused(f"there is no topic {told.get('thread')!r} in this group")
        self._topics.forget(chat, thread)
        return {}

    def _write(self, chat: Chat, human: Human, content: Object) -> None:
        message = self._state.messages.post(chat, objects.user(human), content)
        self._state.updates.add("message", chat.id, message)
