"""What happens to the bot's groups: its rights there, an upgrade, topics that operators close."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from emulators.telegram import objects
from emulators.telegram.chats import Chat, Role, Standing, number
from emulators.telegram.errors import ApiError, bad_request
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.people import acting, member_of
from emulators.telegram.state import State
from emulators.telegram.topics import Topics
from emulators.told import Told
from emulators.world import Gesture, Human, Refused

Object = dict[str, Any]

# By gesture: what becomes of the bot in the group, and what is noted there.
RIGHTS: Mapping[str, tuple[Role, str]] = {
    "promote": ("administrator", ""),
    "demote": ("member", "бот больше не администратор"),
    "mute": ("restricted", "боту запрещено писать"),
}


class Groups:
    """`who` of a gesture must be a member of the group `chat`."""

    def __init__(self, state: State, topics: Topics) -> None:
        self._state = state
        self._topics = topics

    def gestures(self) -> Mapping[str, Gesture]:
        """By name."""
        return {
            "kick": self.kick,
            "invite": self.invite,
            **{name: self._changes_rights(*rights) for name, rights in RIGHTS.items()},
            "migrate": self.migrate,
            "delete_topic": self.delete_topic,
            "close_topic": self._toggles(closed=True),
            "reopen_topic": self._toggles(closed=False),
        }

    def methods(self) -> Methods:
        """By name."""
        return {"leaveChat": self.leave}

    async def leave(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#leavechat"""
        chat = self._state.chats.readable(parameters.text("chat_id"))
        if chat.private:
            raise bad_request("chat member status can't be changed in private chats")
        chat.standing = "left"
        self._state.display.note(chat, "бот вышел из группы")
        return True

    async def kick(self, told: Told) -> Object:
        """`{who, chat}`: throw the bot out of a group."""
        human, chat = self._acting(told)
        self._change(chat, human, "kicked", "administrator", "бот удалён из группы")
        return {}

    async def invite(self, told: Told) -> Object:
        """`{who, chat}`: take the bot in again, as a member without rights."""
        human, chat = member_of(self._state, told)
        if chat.standing not in ("kicked", "left"):
            raise Refused("the bot is in this group")
        self._change(chat, human, "open", "member", "")
        return {}

    def _changes_rights(self, role: Role, note: str) -> Gesture:
        async def change(told: Told) -> Object:
            """`{who, chat}`: the bot may do more or less in a group."""
            human, chat = self._acting(told)
            if chat.role == role:
                raise Refused(f"the bot is {role} already")
            self._change(chat, human, "open", role, note)
            return {}

        return change

    async def migrate(self, told: Told) -> Object:
        """`{who, chat}`: the group gets a new id; gives it as "chat"."""
        human, old = self._acting(told)
        world = self._state.world
        new_id = objects.SUPERGROUP - abs(old.id) % -objects.SUPERGROUP - 1
        if old.group is None or any(group.chat == str(new_id) for group in world.groups):
            raise Refused("this group cannot be upgraded again")
        moved = replace(old.group, chat=str(new_id))
        world.regroup([moved if group is old.group else group for group in world.groups])
        new = self._state.chats.get(new_id)
        if new is None:
            raise Refused("this group cannot be upgraded")
        new.role = old.role
        self._write(old, human, {"migrate_to_chat_id": new_id})
        self._write(new, human, {"migrate_from_chat_id": old.id})
        old.standing, old.migrated_to = "migrated", new_id
        self._state.display.note(old, "группа стала супергруппой")
        return {"chat": str(new_id)}

    async def delete_topic(self, told: Told) -> Object:
        """`{who, chat, thread}`: delete a topic with everything in it; the bot is not told."""
        _, chat, thread = self._in_topic(told)
        self._topics.forget(chat, thread)
        return {}

    def _toggles(self, *, closed: bool) -> Gesture:
        async def toggle(told: Told) -> Object:
            """`{who, chat, thread}`: close a topic or open it again."""
            human, chat, thread = self._in_topic(told)
            try:
                self._topics.toggle(chat, thread, objects.user(human), closed=closed)
            except ApiError:
                raise Refused("this topic is so already") from None
            return {}

        return toggle

    def _in_topic(self, told: Told) -> tuple[Human, Chat, int]:
        human, chat = self._acting(told)
        thread = number(told.get("thread"))
        if thread not in chat.topics:
            raise Refused(f"there is no topic {told.get('thread')!r} in this group")
        return human, chat, thread

    def _acting(self, told: Told) -> tuple[Human, Chat]:
        human, chat = acting(self._state, told)
        if chat.private:
            raise Refused("this happens in groups only: name one in 'chat'")
        return human, chat

    def _change(self, chat: Chat, human: Human, standing: Standing, role: Role, note: str) -> None:
        """The bot's place in a group is another now, and it is told so."""
        before = chat.role if chat.standing == "open" else chat.standing
        chat.standing, chat.role = standing, role
        after = role if standing == "open" else standing
        self._state.display.note(chat, note)
        now, me = self._state.clock.now(), self._state.me
        change = objects.member_change(chat.card, human, now, me, (before, after))
        self._state.updates.add("my_chat_member", chat.id, change)

    def _write(self, chat: Chat, human: Human, content: Object) -> None:
        message = self._state.messages.post(chat, objects.user(human), content)
        self._state.updates.add("message", chat.id, message)
