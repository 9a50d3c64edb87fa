"""Methods for the topics of a forum group."""

from typing import Any

from emulators.telegram.chats import Chat, Topic
from emulators.telegram.errors import bad_request
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.state import State

Object = dict[str, Any]

# https://core.telegram.org/bots/api#createforumtopic
MAX_NAME = 128
COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


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
        }

    async def create(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#createforumtopic"""
        chat = self._forum(parameters)
        name = parameters.text("name").strip()
        if not 0 < len(name) <= MAX_NAME:
            raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_INVALID")
        colour = parameters.integer("icon_color", COLOURS[0])
        if colour not in COLOURS:
            raise bad_request("TOPIC_ICON_COLOR_INVALID")
        icon = {"name": name, "icon_color": colour}
        if emoji := parameters.text("icon_custom_emoji_id"):
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
        name = parameters.text("name").strip() or topic.name
        if len(name) > MAX_NAME:
            raise bad_request("TOPIC_TITLE_INVALID")
        emoji = parameters.text("icon_custom_emoji_id")
        if name == topic.name and "icon_custom_emoji_id" not in parameters:
            raise bad_request("TOPIC_NOT_MODIFIED")
        changed = {"name": name} if name != topic.name else {}
        if "icon_custom_emoji_id" in parameters:
            changed["icon_custom_emoji_id"] = emoji
        topic.name = name
        self._tell(chat, thread, {"forum_topic_edited": changed})
        return True

    async def close(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#closeforumtopic"""
        return self._toggle(parameters, closed=True)

    async def reopen(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#reopenforumtopic"""
        return self._toggle(parameters, closed=False)

    async def delete(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#deleteforumtopic"""
        chat, thread, _ = self._topic(parameters)
        self.forget(chat, thread)
        return True

    def forget(self, chat: Chat, thread: int) -> None:
        """A topic disappears with everything in it."""
        del chat.topics[thread]
        inside = [n for n, m in chat.messages.items() if m.get("message_thread_id") == thread]
        for number in inside:
            self._state.messages.remove(chat, number)

    def _toggle(self, parameters: Parameters, *, closed: bool) -> bool:
        chat, thread, topic = self._topic(parameters)
        if topic.closed is closed:
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        self._tell(chat, thread, {f"forum_topic_{'closed' if closed else 'reopened'}": {}})
        return True

    def _tell(self, chat: Chat, thread: int, content: Object) -> None:
        state = self._state
        message = state.messages.post(chat, state.me, content, thread=thread)
        state.updates.add("message", chat.id, message)

    def _forum(self, parameters: Parameters) -> Chat:
        chat = self._state.chats.writable(parameters.text("chat_id"))
        if not chat.forum:
            raise bad_request("the chat is not a forum")
        return chat

    def _topic(self, parameters: Parameters) -> tuple[Chat, int, Topic]:
        chat = self._forum(parameters)
        thread = parameters.integer("message_thread_id")
        if thread not in chat.topics:
            raise bad_request("message thread not found")
        return chat, thread, chat.topics[thread]
