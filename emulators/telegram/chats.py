"""The chats of the bot: who let it in, who shut it out, what was written there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from emulators.clock import Clock
from emulators.telegram import objects
from emulators.telegram.counters import counter
from emulators.telegram.errors import ApiError, bad_request, forbidden
from emulators.telegram.settings import TelegramSettings
from emulators.world import Group, Human, World

PLATFORM = "telegram"
Standing = Literal["open", "blocked", "deleted", "kicked", "left", "migrated"]
Role = Literal["administrator", "member", "restricted"]

# What the bot hears when it writes to a chat that is not open; {kind} is the Chat's type.
CLOSED = {
    "blocked": "bot was blocked by the user",
    "deleted": "user is deactivated",
    "kicked": "bot was kicked from the {kind} chat",
    "left": "bot is not a member of the {kind} chat",
}


_NUMBER = re.compile(r"-?[0-9]{1,18}")


def number(told: Any) -> int:
    """An id, told as text or as a number; 0 when it is neither."""
    return int(told) if _NUMBER.fullmatch(str(told)) else 0


@dataclass(slots=True)
class Topic:
    """A topic of a forum; `root` is the service message that began it."""

    name: str
    icon_color: int
    root: dict[str, Any]
    closed: bool = False


@dataclass(slots=True, eq=False)
class Chat:
    """One chat; `card` is how the API shows it, `keyboard` what stands in place of typing.

    `role` is the bot's in a group; `reactions` are those to each message, by who left them.
    """

    id: int
    card: dict[str, Any]
    numbers: Iterator[int]
    human: Human | None = None
    group: Group | None = None
    standing: Standing = "open"
    role: Role = "administrator"
    migrated_to: int | None = None
    keyboard: dict[str, Any] | None = None
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    reactions: dict[int, dict[int, list[dict[str, Any]]]] = field(default_factory=dict)

    @property
    def screen(self) -> str:
        """Under which name its screen is kept."""
        return str(self.id)

    @property
    def private(self) -> bool:
        """Whether it is a chat with one person."""
        return self.group is None

    @property
    def forum(self) -> bool:
        """Whether it has topics."""
        return bool(self.card.get("is_forum"))

    @property
    def closed(self) -> ApiError:
        """What the bot hears of a chat that is not open and has not moved."""
        return forbidden(CLOSED[self.standing].format(kind=self.card["type"]))


class Chats:
    """Private chats that people started, and the world's Telegram groups."""

    def __init__(self, world: World, settings: TelegramSettings, clock: Clock) -> None:
        self._world = world
        self._settings = settings
        self._clock = clock
        self._chats: dict[int, Chat] = {}
        # Private chats and basic groups share one sequence; a supergroup has its own.
        self._own_numbers = counter(clock)

    def get(self, chat_id: int) -> Chat | None:
        """The chat, or None when the bot does not know it."""
        chat = self._chats.get(chat_id)
        return self._met_group(chat_id) if chat is None and chat_id < 0 else chat

    def opened(self, user_id: int) -> Chat:
        """The private chat with somebody, begun now if it was not."""
        chat = self._chats.get(user_id)
        if chat is None:
            human = self._world.who(PLATFORM, user_id)
            card = objects.private_chat(user_id, human)
            chat = self._chats[user_id] = Chat(user_id, card, self._own_numbers, human)
        return chat

    def readable(self, told: str) -> Chat:
        """The chat that a request names; raises ApiError."""
        chat = self._found(told)
        if chat is None:
            raise bad_request("chat not found")
        if chat.standing in ("kicked", "left"):
            raise chat.closed
        return chat

    def writable(self, told: str) -> Chat:
        """The chat that a request names, when the bot may write there; raises ApiError."""
        chat = self._found(told)
        if chat is None:
            raise self._unreachable(told)
        if chat.standing == "migrated":
            why = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, why, migrate_to_chat_id=chat.migrated_to)
        if chat.standing != "open":
            raise chat.closed
        return chat

    def _found(self, told: str) -> Chat | None:
        if not told:
            raise bad_request("chat_id is empty")
        return self.get(number(told))

    def _met_group(self, chat_id: int) -> Chat | None:
        for group in self._world.groups:
            if group.platform == PLATFORM and group.chat == str(chat_id):
                forum = group.role in self._settings.forum_roles
                card = objects.group(chat_id, group.title, forum=forum)
                basic = card["type"] == "group"
                numbers = self._own_numbers if basic else counter(self._clock)
                chat = Chat(chat_id, card, numbers, group=group)
                self._chats[chat_id] = chat
                return chat
        return None

    def _unreachable(self, told: str) -> ApiError:
        """Whoever shares a group with the bot is known to it, but must speak first."""
        if told == str(self._settings.bot_id):
            return forbidden("bot can't send messages to bots")
        human = self._world.who(PLATFORM, told)
        groups = (group for group in self._world.groups if group.platform == PLATFORM)
        if human is not None and any(human.id in group.members for group in groups):
            return forbidden("bot can't initiate conversation with a user")
        return bad_request("chat not found")
