"""Methods that change what the bot wrote, or answer a pressed button."""

from typing import Any

from emulators.telegram.chats import Chat
from emulators.telegram.errors import bad_request
from emulators.telegram.formatted import Formatted, read_caption, read_message
from emulators.telegram.input_media import read_input_media
from emulators.telegram.markup import read_inline
from emulators.telegram.media import BARE, KINDS, kind_of
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.state import State

Object = dict[str, Any]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
# What disappears of a message whose file, or text, is replaced by another file.
REPLACED = (
    *("text", "entities", "link_preview_options", "caption", "caption_entities"),
    *("has_media_spoiler", "show_caption_above_media", *KINDS),
)
# https://core.telegram.org/bots/api#answercallbackquery
MAX_ANSWER = 200


class Editing:
    """Only the bot's own messages can be edited, and only into something else."""

    def __init__(self, state: State) -> None:
        self._state = state

    def methods(self) -> Methods:
        """By name."""
        return {
            "editMessageText": self.edit_text,
            "editMessageCaption": self.edit_caption,
            "editMessageMedia": self.edit_media,
            "editMessageReplyMarkup": self.edit_markup,
            "answerCallbackQuery": self.answer_press,
        }

    async def edit_text(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#editmessagetext"""
        text = read_message(parameters)
        chat, message = self._own(parameters)
        if "text" not in message:
            raise bad_request("there is no text in the message to edit")
        return self._edit(parameters, chat, message, _changes(text, "text", "entities"))

    async def edit_caption(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#editmessagecaption"""
        caption = read_caption(parameters)
        chat, message = self._own(parameters)
        if kind_of(message) in (None, *BARE):
            raise bad_request("there is no caption in the message to edit")
        changes = _changes(caption, "caption", "caption_entities")
        return self._edit(parameters, chat, message, changes)

    async def edit_media(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#editmessagemedia"""
        parameters.needed("media")
        told = parameters.parsed("media", "Can't parse input media JSON object")
        content = read_input_media(parameters, self._state.files, told)
        chat, message = self._own(parameters)
        was, now = kind_of(message), kind_of(content)
        if was in BARE or (was is None and "text" not in message):
            raise bad_request("there is no media in the message to edit")
        if "media_group_id" in message and _album_kind(was) != _album_kind(now):
            raise bad_request("Can't use the media of the specified type in the album")
        # The same picture with the same caption is no change, whatever else is told of it.
        return self._edit(parameters, chat, message, dict.fromkeys(REPLACED) | content)

    async def edit_markup(self, parameters: Parameters) -> Object:
        """https://core.telegram.org/bots/api#editmessagereplymarkup"""
        chat, message = self._own(parameters)
        return self._edit(parameters, chat, message, {})

    async def answer_press(self, parameters: Parameters) -> bool:
        """https://core.telegram.org/bots/api#answercallbackquery"""
        text = parameters.text("text")
        if len(text) > MAX_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        chat = self._state.presses.answer(parameters.text("callback_query_id"))
        if text:
            self._state.display.toast(chat, text)
        return True

    def _own(self, parameters: Parameters) -> tuple[Chat, Object]:
        if not parameters.text("chat_id") and not parameters.integer("message_id"):
            raise bad_request("Message identifier is not specified")
        chat = self._state.chats.writable(parameters.text("chat_id"))
        number = parameters.integer("message_id")
        message = self._state.messages.find(chat, number, "message to edit")
        mine = message["from"]["id"] == self._state.settings.bot_id
        if not mine or "forward_origin" in message:
            raise bad_request("message can't be edited")
        return chat, message

    def _edit(self, parameters: Parameters, chat: Chat, message: Object, changes: Object) -> Object:
        changes = changes | {"reply_markup": read_inline(parameters)}
        if all(message.get(name) == value for name, value in changes.items()):
            raise bad_request(NOT_MODIFIED)
        # A change of the buttons alone is not shown as an edit.
        if len(changes) > 1:
            changes["edit_date"] = int(self._state.clock.now())
        self._state.messages.edit(chat, message, changes)
        return {name: value for name, value in message.items() if name != "reply_to_message"}


def _album_kind(kind: str | None) -> str | None:
    """Photos and videos may take each other's place in an album, nothing else."""
    return "photo" if kind == "video" else kind


def _changes(formatted: Formatted, text: str, entities: str) -> Object:
    return {text: None, entities: None} | formatted.fields(text, entities)
