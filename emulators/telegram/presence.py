"""How people shut the bot out, let it in again, or disappear."""

from collections.abc import Mapping
from typing import Any

from emulators.telegram import objects
from emulators.telegram.chats import Chat, Standing
from emulators.telegram.people import own_chat
from emulators.telegram.state import State
from emulators.told import Told
from emulators.world import Gesture, Human, Refused

Object = dict[str, Any]


class Presence:
    """All of them `{who}`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def gestures(self) -> Mapping[str, Gesture]:
        """By name."""
        return {
            "block": self.block,
            "unblock": self.unblock,
            "delete_chat": self.delete_chat,
            "delete_account": self.delete_account,
        }

    async def block(self, told: Told) -> Object:
        """Block the bot."""
        return self._turn(told, "open", "has no open chat with the bot to block", blocked=True)

    async def unblock(self, told: Told) -> Object:
        """Let the bot in again, without a word."""
        return self._turn(told, "blocked", "has not blocked the bot", blocked=False)

    def _turn(self, told: Told, before: Standing, otherwise: str, *, blocked: bool) -> Object:
        human = self._state.world.human(told)
        chat = self._state.chats.get(human.telegram)
        if chat is None or chat.standing != before:
            raise Refused(f"{human.name} {otherwise}")
        set_blocked(self._state, chat, human, blocked=blocked)
        return {}

    async def delete_chat(self, told: Told) -> Object:
        """Empty the chat on one's own phone; the bot is not told and may write on."""
        self._state.display.clear(own_chat(self._state, self._state.world.human(told)))
        return {}

    async def delete_account(self, told: Told) -> Object:
        """Leave Telegram for good."""
        chat = own_chat(self._state, self._state.world.human(told))
        chat.standing = "deleted"
        self._state.display.note(chat, "аккаунт удалён")
        return {}


def set_blocked(state: State, chat: Chat, human: Human, *, blocked: bool) -> None:
    """Telegram speaks of a block as of a ban of the bot."""
    chat.standing = "blocked" if blocked else "open"
    state.display.note(chat, "бот заблокирован" if blocked else "")
    turn = ("member", "kicked") if blocked else ("kicked", "member")
    change = objects.member_change(chat.card, human, state.clock.now(), state.me, turn)
    state.updates.add("my_chat_member", chat.id, change)
