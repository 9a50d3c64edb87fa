"""Reactions under messages: the bot's own, and what people leave (told to the bot on request)."""

from typing import Any

from emulators.telegram.chats import Chat
from emulators.telegram.errors import bad_request
from emulators.telegram.fields import BadField, text_in
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.state import State

Object = dict[str, Any]

# https://core.telegram.org/bots/api#reactiontypeemoji
_EMOJI = """
❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮
💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡
🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻
👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿
🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
EMOJI = frozenset(_EMOJI.split())
# https://core.telegram.org/bots/api#setmessagereaction: as many as somebody without Premium.
MOST = 1
# An emoji is the same with the sign that asks for its coloured shape and without it.
COLOURED = "\ufe0f"


class Reactions:
    """One person, or the bot, leaves one reaction at the most; the next takes its place."""

    def __init__(self, state: State) -> None:
        self._state = state

    def methods(self) -> Methods:
        """By name."""
        return {"setMessageReaction": self.set}

    async def set(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#setmessagereaction"""
        now = _told(parameters)
        chat = self._state.chats.readable(parameters.text("chat_id"))
        number = parameters.integer("message_id")
        message = self._state.messages.find(chat, number, "message to react")
        if len(now) > MOST:
            raise bad_request("REACTIONS_TOO_MANY")
        self.leave(chat, message, self._state.settings.bot_id, now)
        return True

    def leave(self, chat: Chat, message: Object, who: int, now: list[Object]) -> list[Object]:
        """Put these in place of somebody's reactions to a message; gives what was there."""
        left = chat.reactions.setdefault(message["message_id"], {})
        before = left.pop(who, [])
        if now:
            left[who] = now
        emoji = [reaction["emoji"] for theirs in left.values() for reaction in theirs]
        self._state.display.react(chat, message["message_id"], emoji)
        return before


def reaction(emoji: str) -> Object | None:
    """A ReactionType, or None when nobody can react so."""
    plain = emoji.replace(COLOURED, "")
    return {"type": "emoji", "emoji": plain} if plain in EMOJI else None


def _told(parameters: Parameters) -> list[Object]:
    if not parameters.text("reaction"):
        return []
    told = parameters.parsed("reaction", "Can't parse reaction types JSON object")
    if not isinstance(told, list):
        raise bad_request("Expected an Array of ReactionType")
    try:
        found = [reaction(_emoji(item)) for item in told]
    except BadField as error:
        raise bad_request(f"Can't parse ReactionType: {error}") from None
    known = [item for item in found if item is not None]
    if len(known) < len(found):
        raise bad_request("REACTION_INVALID")
    return known


def _emoji(told: Any) -> str:
    """What stands in a ReactionType; custom emoji are nobody's here."""
    if not isinstance(told, dict):
        raise BadField("expected an Object")
    kind = text_in(told, "type", needed=True)
    if kind not in ("emoji", "custom_emoji"):
        raise BadField("invalid reaction type specified")
    told_emoji = text_in(told, "emoji" if kind == "emoji" else "custom_emoji_id", needed=True)
    return told_emoji if kind == "emoji" else ""
