"""Methods that tell the bot something: itself, chats, members, files."""

from typing import Any

from emulators.telegram import objects
from emulators.telegram.chats import PLATFORM, Chat
from emulators.telegram.errors import bad_request
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.state import State
from emulators.world import Human

Object = dict[str, Any]


class Reading:
    """Nothing of it changes anything."""

    def __init__(self, state: State) -> None:
        self._state = state

    def methods(self) -> Methods:
        """By name."""
        return {
            "getMe": self.get_me,
            "getChat": self.get_chat,
            "getChatMember": self.get_member,
            "getChatAdministrators": self.get_administrators,
            "getChatMemberCount": self.count_members,
            "getFile": self.get_file,
            "getMyStarBalance": self.get_stars,
        }

    async def get_me(self, _parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#getme"""
        return objects.bot_about_itself(self._state.settings)

    async def get_chat(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#getchat"""
        return objects.full_chat(self._state.chats.readable(parameters.text("chat_id")).card)

    async def get_member(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#getchatmember"""
        chat = self._state.chats.readable(parameters.text("chat_id"))
        user_id = parameters.integer("user_id")
        if user_id == self._state.settings.bot_id:
            return objects.member(self._state.me, "member" if chat.private else chat.role)
        human = self._state.world.who(PLATFORM, user_id)
        if human is None:
            raise bad_request("user not found")
        return objects.member(objects.user(human), _status(chat, human))

    async def get_administrators(self, parameters: Parameters) -> list[Object]:
        """https://core.telegram.org/bots/api#getchatadministrators"""
        chat = self._state.chats.readable(parameters.text("chat_id"))
        if chat.group is None:
            raise bad_request("there are no administrators in the private chat")
        owners = [self._state.world.people[owner] for owner in chat.group.members[:1]]
        creators = [objects.member(objects.user(owner), "creator") for owner in owners]
        if chat.role != "administrator":
            return creators
        return [*creators, objects.member(self._state.me, "administrator")]

    async def count_members(self, parameters: Parameters) -> int:
        """https://core.telegram.org/bots/api#getchatmembercount"""
        chat = self._state.chats.readable(parameters.text("chat_id"))
        return 2 if chat.group is None else len(chat.group.members) + 1

    async def get_stars(self, _parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#getmystarbalance"""
        return self._state.purse.amount()

    async def get_file(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#getfile"""
        stored = self._state.files.by_id(parameters.text("file_id"))
        return stored.description() | {"file_path": stored.path}


def _status(chat: Chat, human: Human) -> str:
    """Whoever stands first in a group made it."""
    if chat.group is None:
        return "member"
    if human.id not in chat.group.members:
        return "left"
    return "creator" if human.id == chat.group.members[0] else "member"
