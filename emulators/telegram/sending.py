"""Methods that put a message before people: send, copy, forward."""

from typing import Any

from emulators.telegram.chats import PLATFORM, Chat
from emulators.telegram.display import shown_text
from emulators.telegram.errors import bad_request
from emulators.telegram.files import document, photo_sizes
from emulators.telegram.formatted import read_caption, read_message
from emulators.telegram.markup import read_markup
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.state import State

Object = dict[str, Any]

# What makes up a message, as opposed to where and when it was written.
CONTENT = (
    *("text", "entities", "link_preview_options", "photo", "document", "contact"),
    *("caption", "caption_entities"),
)
# https://core.telegram.org/bots/api#sendchataction
ACTIONS = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice"),
        *("upload_voice", "upload_document", "choose_sticker", "find_location", "cancel"),
        *("record_video_note", "upload_video_note"),
    }
)


class Sending:
    """Each checks the request, the chat and the limits in this order, then writes and logs."""

    def __init__(self, state: State) -> None:
        self._state = state

    def methods(self) -> Methods:
        """By name."""
        return {
            "sendMessage": self.send_message,
            "sendPhoto": self.send_photo,
            "sendDocument": self.send_document,
            "copyMessage": self.copy_message,
            "forwardMessage": self.forward_message,
            "sendChatAction": self.send_chat_action,
        }

    async def send_message(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#sendmessage"""
        content = read_message(parameters).fields()
        what = "Can't parse link preview options JSON object"
        if isinstance(options := parameters.parsed("link_preview_options", what), dict):
            content["link_preview_options"] = options
        return self._send(parameters, content)

    async def send_photo(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#sendphoto"""
        content = {"photo": photo_sizes(self._state.files.received("photo", parameters))}
        return self._send(parameters, content | self._caption(parameters))

    async def send_document(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#senddocument"""
        content = {"document": document(self._state.files.received("document", parameters))}
        return self._send(parameters, content | self._caption(parameters))

    async def copy_message(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#copymessage"""
        content = self._content(self._source(parameters, "message to copy"), "copied")
        if "caption" in parameters and "text" not in content:
            content = {k: v for k, v in content.items() if not k.startswith("caption")}
            content |= self._caption(parameters)
        return {"message_id": self._send(parameters, content)["message_id"]}

    async def forward_message(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#forwardmessage"""
        source = self._source(parameters, "message to forward")
        content = self._content(source, "forwarded")
        first_seen = {"type": "user", "sender_user": source["from"], "date": source["date"]}
        origin = source.get("forward_origin", first_seen)
        return self._send(parameters, {"forward_origin": origin} | content)

    async def send_chat_action(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#sendchataction"""
        if parameters.text("action").lower() not in ACTIONS:
            raise bad_request("Wrong parameter action in request")
        chat = self._state.chats.writable(parameters.text("chat_id"))
        self._thread(parameters, chat)
        return True

    def _send(self, parameters: Parameters, content: Object) -> Object:
        state = self._state
        chat = state.chats.writable(parameters.text("chat_id"))
        thread = self._thread(parameters, chat)
        reply_to = self._reply(parameters, chat)
        markup = read_markup(parameters, private=chat.private)
        state.limiter.take(chat.id)
        message = state.messages.post(
            chat, state.me, content, thread=thread, reply_to=reply_to, markup=markup
        )
        self._log(chat, message)
        return message

    def _log(self, chat: Chat, message: Object) -> None:
        kind = next(kind for kind in ("text", "photo", "document", "contact") if kind in message)
        part = "text" if kind == "text" else "caption"
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [[button["text"] for button in row] for row in rows]
        self._state.world.accept(
            platform=PLATFORM,
            to=str(chat.id),
            kind=kind,
            text=shown_text(message) if kind == "contact" else message.get(part, ""),
            reference=str(message["message_id"]),
            detail={"buttons": buttons} if buttons else {},
        )

    def _thread(self, parameters: Parameters, chat: Chat) -> int:
        """The topic to write into; groups without topics pay no heed to it."""
        thread = parameters.integer("message_thread_id")
        if not thread or not (chat.forum or chat.private):
            return 0
        if thread not in chat.topics:
            raise bad_request("message thread not found")
        return thread

    def _reply(self, parameters: Parameters, chat: Chat) -> Object | None:
        told = parameters.parsed("reply_parameters", "Can't parse reply parameters JSON object")
        if told is None:
            told = {"message_id": parameters.integer("reply_to_message_id")}
        if not isinstance(told, dict):
            raise bad_request("Object expected as reply parameters")
        number = told.get("message_id")
        if not number:
            return None
        replied = chat.messages.get(number) if isinstance(number, int) else None
        allowed = told.get("allow_sending_without_reply") or parameters.boolean(
            "allow_sending_without_reply"
        )
        if replied is None and not allowed:
            raise bad_request("message to be replied not found")
        return replied

    def _caption(self, parameters: Parameters) -> Object:
        return read_caption(parameters).fields("caption", "caption_entities")

    def _source(self, parameters: Parameters, called: str) -> Object:
        chat = self._state.chats.readable(parameters.text("from_chat_id"))
        return self._state.messages.find(chat, parameters.integer("message_id"), called)

    def _content(self, source: Object, done: str) -> Object:
        content = {name: source[name] for name in CONTENT if name in source}
        if not content:
            raise bad_request(f"the message can't be {done}")
        return content
