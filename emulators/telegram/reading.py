"""Methods that tell the bot something: itself, its commands, chats, members, files."""

import re
from typing import Any

from emulators.telegram import objects
from emulators.telegram.chats import PLATFORM, Chat, number
from emulators.telegram.errors import bad_request
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.state import State
from emulators.world import Human

Object = dict[str, Any]
Scope = tuple[str, str, int, str]

# https://core.telegram.org/bots/api#botcommand and #setmycommands
MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SCOPES = frozenset(
    {
        *("default", "all_private_chats", "all_group_chats", "all_chat_administrators"),
        *("chat", "chat_administrators", "chat_member"),
    }
)


class Reading:
    """Commands are kept by scope and language, as they were set."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._commands: dict[Scope, list[Object]] = {}

    def methods(self) -> Methods:
        """By name."""
        return {
            "getMe": self.get_me,
            "setMyCommands": self.set_commands,
            "getMyCommands": self.get_commands,
            "deleteMyCommands": self.delete_commands,
            "getChat": self.get_chat,
            "getChatMember": self.get_member,
            "getChatAdministrators": self.get_administrators,
            "getFile": self.get_file,
        }

    async def get_me(self, _parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#getme"""
        return objects.bot_about_itself(self._state.settings)

    async def set_commands(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#setmycommands"""
        told = parameters.parsed("commands", "Can't parse commands JSON object") or []
        if not isinstance(told, list):
            raise bad_request("Expected an Array of BotCommand")
        if len(told) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        commands = [_command(command) for command in told]
        self._commands[self._scope(parameters)] = commands
        return True

    async def get_commands(self, parameters: Parameters) -> list[Object]:
        """https://core.telegram.org/bots/api#getmycommands"""
        return self._commands.get(self._scope(parameters), [])

    async def delete_commands(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#deletemycommands"""
        self._commands.pop(self._scope(parameters), None)
        return True

    async def get_chat(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#getchat"""
        return objects.full_chat(self._state.chats.readable(parameters.text("chat_id")).card)

    async def get_member(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#getchatmember"""
        chat = self._state.chats.readable(parameters.text("chat_id"))
        user_id = parameters.integer("user_id")
        if user_id == self._state.settings.bot_id:
            return objects.member(self._state.me, "member" if chat.private else "administrator")
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
        return [*creators, objects.member(self._state.me, "administrator")]

    async def get_file(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#getfile"""
        stored = self._state.files.by_id(parameters.text("file_id"))
        return stored.description() | {"file_path": stored.path}

    def _scope(self, parameters: Parameters) -> Scope:
        told = parameters.parsed("scope", "Can't parse BotCommandScope JSON object")
        if told is None:
            told = {"type": "default"}
        kind = str(told.get("type")) if isinstance(told, dict) else ""
        if kind not in SCOPES:
            raise bad_request("Can't parse BotCommandScope: Unsupported type specified")
        chat_id = str(told.get("chat_id", ""))
        if kind.startswith("chat"):
            self._state.chats.readable(chat_id)
        return kind, chat_id, number(told.get("user_id")), parameters.text("language_code")


def _status(chat: Chat, human: Human) -> str:
    """Whoever stands first in a group made it."""
    if chat.group is None:
        return "member"
    if human.id not in chat.group.members:
        return "left"
    return "creator" if human.id == chat.group.members[0] else "member"


def _command(told: Any) -> Object:
    if not isinstance(told, dict):
        raise bad_request("Can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(told.get(name), str):
            raise bad_request(f"Can't parse BotCommand: Can't find field \"{name}\"")
    command, description = told["command"].removeprefix("/"), told["description"].strip()
    if not COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 0 < len(description) <= MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}
