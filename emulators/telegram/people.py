"""Who makes a gesture, and in which chat."""

from collections.abc import Mapping
from typing import Any

from emulators.telegram.chats import Chat, number
from emulators.telegram.state import State
from emulators.world import Human, Refused


def acting(state: State, told: Mapping[str, Any]) -> tuple[Human, Chat]:
    """`who` and the chat `chat`, by default the private one, which begins now if need be.

    Raises Refused when this person cannot write there.
    """
    human, chat = member_of(state, told)
    if chat.standing != "open":
        raise Refused(f"{human.name} cannot do this: the chat is {chat.standing}")
    return human, chat


def member_of(state: State, told: Mapping[str, Any]) -> tuple[Human, Chat]:
    """The same, whatever became of the chat; raises Refused for somebody who is not in it."""
    human = state.world.human(told)
    if told.get("chat") in (None, "", str(human.telegram)):
        return human, own_chat(state, human)
    return human, _group(state, human, str(told["chat"]))


def own_chat(state: State, human: Human) -> Chat:
    """Somebody's private chat with the bot, begun now if need be; raises Refused."""
    chat = state.chats.opened(human.telegram)
    if chat.standing == "deleted":
        raise Refused(f"{human.name} has left Telegram")
    return chat


def _group(state: State, human: Human, told: str) -> Chat:
    chat = state.chats.get(number(told))
    if chat is None or chat.group is None or human.id not in chat.group.members:
        raise Refused(f"{human.name} is not in a group {told!r}")
    return chat
