"""Methods that put one new message before people, and those that only announce one."""

from collections.abc import Awaitable, Callable
from typing import Any

from emulators.telegram.errors import bad_request
from emulators.telegram.formatted import MAX_TEXT, read, read_message
from emulators.telegram.media import BARE, KINDS, sent_file
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.posting import Posting
from emulators.telegram.state import State
from emulators.utf16 import units

Object = dict[str, Any]

# https://core.telegram.org/bots/api#sendchataction
ACTIONS = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice"),
        *("upload_voice", "upload_document", "choose_sticker", "find_location", "cancel"),
        *("record_video_note", "upload_video_note"),
    }
)


class Sending:
    """What a message holds is read here; the rest is emulators.telegram.posting."""

    def __init__(self, state: State, posting: Posting) -> None:
        self._state = state
        self._posting = posting

    def methods(self) -> Methods:
        """By name."""
        return {
            "sendMessage": self.send_message,
            **{f"send{kind.title().replace('_', '')}": self._sends(kind) for kind in KINDS},
            "sendContact": self.send_contact,
            "sendMessageDraft": self.send_draft,
            "sendChatAction": self.send_chat_action,
        }

    async def send_message(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#sendmessage"""
        content = read_message(parameters).fields()
        if parameters.text("link_preview_options"):
            what = "Can't parse link preview options JSON object"
            options = parameters.parsed("link_preview_options", what)
            if not isinstance(options, dict):
                raise bad_request("Object expected as link preview options")
            content["link_preview_options"] = options
        return self._posting.send(parameters, content)

    def _sends(self, kind: str) -> Callable[[Parameters], Awaitable[Object]]:
        """sendPhoto and its like, https://core.telegram.org/bots/api#sendphoto"""

        async def send(parameters: Parameters) -> Object:
            content = sent_file(kind, self._state.files, parameters)
            if kind not in BARE:
                content |= self._posting.caption(parameters)
            return self._posting.send(parameters, content)

        return send

    async def send_contact(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#sendcontact"""
        card = {name: parameters.needed(name) for name in ("phone_number", "first_name")}
        more = {name: parameters.text(name) for name in ("last_name", "vcard")}
        card |= {name: text for name, text in more.items() if text}
        return self._posting.send(parameters, {"contact": card})

    async def send_draft(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#sendmessagedraft; nothing of it stays."""
        text = read(parameters, "text", "entities").text
        if units(text) > MAX_TEXT:
            raise bad_request("Message is too long")
        parameters.needed("draft_id")
        if not self._state.chats.writable(parameters.text("chat_id")).private:
            raise bad_request("TEXTDRAFT_PEER_INVALID")
        return True

    async def send_chat_action(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#sendchataction; no topic is looked at."""
        if parameters.text("action").lower() not in ACTIONS:
            raise bad_request("Wrong parameter action in request")
        self._state.chats.writable(parameters.text("chat_id"))
        return True
