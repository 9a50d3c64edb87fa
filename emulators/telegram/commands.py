"""The bot's menu of commands, kept by scope and language as they were set."""

import re
from typing import Any

from emulators.telegram.chats import number
from emulators.telegram.errors import bad_request
from emulators.telegram.fields import BadField, Told, text_in
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.state import State

Object = dict[str, Any]
Scope = tuple[str, str, int, str]

# https://core.telegram.org/bots/api#botcommand and #setmycommands
MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"(?:[a-z]{2})?")
WHOLE = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
OF_A_CHAT = frozenset({"chat", "chat_administrators", "chat_member"})


class Commands:
    """Nothing falls back to another scope here: the apps do that when they show a menu."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._commands: dict[Scope, list[Object]] = {}

    def methods(self) -> Methods:
        """By name."""
        return {
            "setMyCommands": self.set,
            "getMyCommands": self.get,
            "deleteMyCommands": self.delete,
        }

    async def set(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#setmycommands"""
        told = parameters.parsed("commands", "Can't parse commands JSON object") or []
        if not isinstance(told, list):
            raise bad_request("Expected an Array of BotCommand")
        if len(told) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        commands = [_command(command) for command in told]
        self._commands[self._scope(parameters)] = commands
        return True

    async def get(self, parameters: Parameters) -> list[Object]:
        """https://core.telegram.org/bots/api#getmycommands"""
        return self._commands.get(self._scope(parameters), [])

    async def delete(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#deletemycommands"""
        self._commands.pop(self._scope(parameters), None)
        return True

    def _scope(self, parameters: Parameters) -> Scope:
        language = parameters.text("language_code")
        if not LANGUAGE.fullmatch(language):
            raise bad_request("Invalid language code specified")
        if not parameters.text("scope"):
            return "default", "", 0, language
        told = parameters.parsed("scope", "Can't parse BotCommandScope JSON object")
        try:
            kind, chat_id, user_id = _scope(told)
        except BadField as error:
            raise bad_request(f"Can't parse BotCommandScope: {error}") from None
        if chat_id:
            self._state.chats.readable(chat_id)
        return kind, chat_id, user_id, language


def _scope(told: Any) -> tuple[str, str, int]:
    if not isinstance(told, dict):
        raise BadField("BotCommandScope must be an Object")
    kind = text_in(told, "type", needed=True)
    if kind in WHOLE:
        return kind, "", 0
    if kind not in OF_A_CHAT:
        raise BadField("Unsupported type specified")
    chat_id = text_in(told, "chat_id", needed=True)
    if not chat_id:
        raise BadField("Empty chat_id specified")
    user_id = number(text_in(told, "user_id", needed=True)) if kind == "chat_member" else 0
    if kind == "chat_member" and user_id <= 0:
        raise BadField("Invalid user_id specified")
    return kind, chat_id, user_id


def _command(told: Any) -> Object:
    try:
        command, description = _fields(told)
    except BadField as error:
        raise bad_request(f"Can't parse BotCommand: {error}") from None
    if not COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 0 < len(description) <= MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


def _fields(told: Told | Any) -> tuple[str, str]:
    if not isinstance(told, dict):
        raise BadField("expected an Object")
    command = text_in(told, "command", needed=True).removeprefix("/")
    return command, text_in(told, "description", needed=True).strip()
