"""Methods for the topics of a forum group."""

from typing import Any

from emulators.telegram import objects
from emulators.telegram.chats import Chat, Topic
from emulators.telegram.errors import bad_request
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.rights import check_manages
from emulators.telegram.state import State

Object = dict[str, Any]

# https://core.telegram.org/bots/api#createforumtopic; a longer name is cut (ForumTopicManager.cpp).
MAX_NAME = 128
COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
# Icons that every bot may use, by custom_emoji_id; the ids are made up.
ICONS = {"5100000000000000001": "✅", "5100000000000000002": "❗", "5100000000000000003": "💬"}


class Topics:
    """What happens to a topic is written into it and told to the bot, even its own doing."""

    def __init__(self, state: State) -> None:
        self._state = state

    def methods(self) -> Methods:
        """By name."""
        return {
            "createForumTopic": self.create,
            "editForumTopic": self.edit,
            "closeForumTopic": self.close,
            "reopenForumTopic": self.reopen,
            "deleteForumTopic": self.delete,
            "getForumTopicIconStickers": self.icons,
        }

    async def create(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#createforumtopic"""
        chat = self._forum(parameters)
        check_manages(chat, "create a topic")
        name = parameters.text("name").strip()[:MAX_NAME]
        if not name:
            raise bad_request("Name must be non-empty")
        colour = parameters.integer("icon_color") or COLOURS[0]
        if colour not in COLOURS:
            raise bad_request("TOPIC_ICON_COLOR_INVALID")
        icon = {"name": name, "icon_color": colour}
        if emoji := _icon(parameters):
            icon["icon_custom_emoji_id"] = emoji
        root = self._state.messages.post(chat, self._state.me, {"forum_topic_created": icon})
        thread = root["message_id"]
        root |= {"message_thread_id": thread, "is_topic_message": True}
        chat.topics[thread] = Topic(name, colour, root)
        self._state.updates.add("message", chat.id, root)
        return {"message_thread_id": thread, **icon}

    async def edit(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#editforumtopic"""
        chat, thread, topic = self._topic(parameters)
        name = parameters.text("name").strip()[:MAX_NAME]
        if parameters.text("name") and not name:
            raise bad_request("Name must be non-empty")
        with_icon = "icon_custom_emoji_id" in parameters
        if not name and not with_icon:
            return True
        if name == topic.name and not with_icon:
            raise bad_request("TOPIC_NOT_MODIFIED")
        changed = {"name": name} if name and name != topic.name else {}
        if with_icon:
            changed["icon_custom_emoji_id"] = _icon(parameters)
        topic.name = name or topic.name
        self._tell(chat, thread, self._state.me, {"forum_topic_edited": changed})
        return True

    async def close(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#closeforumtopic"""
        chat, thread, _ = self._topic(parameters)
        return self.toggle(chat, thread, self._state.me, closed=True)

    async def reopen(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#reopenforumtopic"""
        chat, thread, _ = self._topic(parameters)
        return self.toggle(chat, thread, self._state.me, closed=False)

    async def delete(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#deleteforumtopic"""
        chat, thread, _ = self._topic(parameters)
        check_manages(chat, "delete the topic")
        self.forget(chat, thread)
        return True

    async def icons(self, _parameters: Parameters) -> list[Object]:
        """https://core.telegram.org/bots/api#getforumtopiciconstickers"""
        return [objects.icon(emoji_id, emoji) for emoji_id, emoji in ICONS.items()]

    def toggle(self, chat: Chat, thread: int, by: Object, *, closed: bool) -> bool:
        """Close a topic or open it again; raises ApiError when it is so already."""
        topic = chat.topics[thread]
        if topic.closed is closed:
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        self._tell(chat, thread, by, {f"forum_topic_{'closed' if closed else 'reopened'}": {}})
        return True

    def forget(self, chat: Chat, thread: int) -> None:
        """A topic disappears with everything in it."""
        del chat.topics[thread]
        inside = [n for n, m in chat.messages.items() if m.get("message_thread_id") == thread]
        for number in inside:
            self._state.messages.remove(chat, number)

    def _tell(self, chat: Chat, thread: int, by: Object, content: Object) -> None:
        state = self._state
        message = state.messages.post(chat, by, content, thread=thread)
        state.updates.add("message", chat.id, message)

    def _forum(self, parameters: Parameters) -> Chat:
        chat = self._state.chats.writable(parameters.text("chat_id"))
        if not chat.forum:
            raise bad_request("the chat is not a forum")
        return chat

    def _topic(self, parameters: Parameters) -> tuple[Chat, int, Topic]:
        chat = self._forum(parameters)
        thread = parameters.integer("message_thread_id")
        if thread <= 0:
            raise bad_request("Invalid forum topic identifier specified")
        if thread not in chat.topics:
            raise bad_request("TOPIC_ID_INVALID")
        return chat, thread, chat.topics[thread]


def _icon(parameters: Parameters) -> str:
    emoji = parameters.text("icon_custom_emoji_id")
    if emoji and emoji not in ICONS:
        raise bad_request("DOCUMENT_INVALID")
    return emoji
