"""How every message of the bot gets into a chat: checked, counted, written, logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from emulators.telegram.chats import PLATFORM, Chat
from emulators.telegram.display import shown_text
from emulators.telegram.errors import bad_request
from emulators.telegram.fields import BadField, flag_in, number_in
from emulators.telegram.formatted import read_caption
from emulators.telegram.markup import Markup, read_markup
from emulators.telegram.media import kind_of
from emulators.telegram.parameters import Parameters
from emulators.telegram.rights import check_content, check_topic
from emulators.telegram.state import State

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is to stand: the chat, its topic (0: none), what it answers."""

    chat: Chat
    thread: int
    reply_to: Object | None


class Posting:
    """Checks the chat, its topic, the rights and the limits in this order, then writes and logs."""

    def __init__(self, state: State) -> None:
        self._state = state

    def send(self, parameters: Parameters, content: Object) -> Object:
        """One message with its buttons; raises ApiError."""
        place = self.place(parameters)
        markup = read_markup(parameters, private=place.chat.private)
        (message,) = self.post(parameters, place, [content], markup)
        return message

    def place(self, parameters: Parameters) -> Place:
        """Where a request wants to write; raises ApiError."""
        chat = self._state.chats.writable(parameters.text("chat_id"))
        thread = self._thread(parameters, chat)
        return Place(chat, thread, self._reply(parameters, chat))

    def post(
        self,
        parameters: Parameters,
        place: Place,
        contents: Sequence[Object],
        markup: Markup | None = None,
    ) -> list[Object]:
        """Write messages that belong together; raises ApiError (429) before the first of them."""
        state, chat = self._state, place.chat
        if parameters.text("business_connection_id"):
            raise bad_request("business connection not found")
        for content in contents:
            check_content(chat, content)
        paid = parameters.boolean("allow_paid_broadcast")
        state.limiter.take(chat.id, messages=len(contents), paid=paid)
        guard = {"has_protected_content": True} if parameters.boolean("protect_content") else {}
        messages = []
        for content in contents:
            message = state.messages.post(
                chat, state.me, content | guard,
                thread=place.thread, reply_to=place.reply_to, markup=markup,
            )  # fmt: skip
            self._log(chat, message)
            messages.append(message)
        return messages

    def caption(self, parameters: Parameters) -> Object:
        """The caption of a request as fields of a Message; raises ApiError."""
        return read_caption(parameters).fields("caption", "caption_entities")

    def _log(self, chat: Chat, message: Object) -> None:
        kind = kind_of(message) or next(kind for kind in ("text", "contact") if kind in message)
        part = "text" if kind == "text" else "caption"
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [[button["text"] for button in row] for row in rows]
        detail: Object = {"buttons": buttons} if buttons else {}
        if album := message.get("media_group_id"):
            detail["album"] = album
        self._state.world.accept(
            platform=PLATFORM,
            to=str(chat.id),
            kind=kind,
            text=shown_text(message) if kind == "contact" else message.get(part, ""),
            reference=str(message["message_id"]),
            detail=detail,
        )

    def _thread(self, parameters: Parameters, chat: Chat) -> int:
        """The topic to write into; groups without topics pay no heed to it."""
        thread = parameters.integer("message_thread_id")
        if thread <= 0 or not (chat.forum or chat.private):
            return 0
        if thread not in chat.topics:
            raise bad_request("message thread not found")
        check_topic(chat, chat.topics[thread])
        return thread

    def _reply(self, parameters: Parameters, chat: Chat) -> Object | None:
        told: Any = {"message_id": parameters.integer("reply_to_message_id")}
        if parameters.text("reply_parameters"):
            told = parameters.parsed("reply_parameters", "Can't parse reply parameters JSON object")
        if not isinstance(told, dict):
            raise bad_request("Object expected as reply parameters")
        if not told:
            return None
        try:
            number = number_in(told, "message_id", needed=True)
            allowed = flag_in(told, "allow_sending_without_reply")
        except BadField as error:
            raise bad_request(str(error)) from None
        if number <= 0:
            return None
        replied = chat.messages.get(number)
        allowed = allowed or parameters.boolean("allow_sending_without_reply")
        if replied is None and not allowed:
            raise bad_request("message to be replied not found")
        return replied
