"""Renders what is to be said as requests of the Bot API; pure."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, assert_never

from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageCaption,
    EditMessageText,
    SendAudio,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVideo,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

from vestnik.outbound import (
    Acknowledge,
    AnyButton,
    Button,
    ContactButton,
    Edit,
    LinkButton,
    MediaKind,
    Outbound,
    Seen,
    Template,
    Text,
)
from vestnik.richtext import RichText, Style, utf16_units

ROW_LABEL = 18
"""Longer labels, in characters, have a row of their own: two of them are cut on a phone."""
FEW = 3
"""So many buttons stand one below the other."""

_ENTITIES: dict[Style, str] = {
    "bold": "bold",
    "italic": "italic",
    "strike": "strikethrough",
    "code": "code",
    "link": "text_link",
}

_MEDIA: dict[MediaKind, tuple[Callable[..., TelegramMethod[Any]], str]] = {
    "image": (SendPhoto, "photo"),
    "video": (SendVideo, "video"),
    "audio": (SendAudio, "audio"),
    "voice": (SendVoice, "voice"),
    "document": (SendDocument, "document"),
}

T = TypeVar("T", bound=AnyButton)


class Unsayable(ValueError):
    """The Bot API has no words for this; the text is the code of the rejection."""


def render(outbound: Outbound, chat: int | str) -> TelegramMethod[Any]:
    """The request that says it to a chat; raises Unsayable."""
    match outbound:
        case Text():
            return _message(outbound, chat)
        case Edit():
            return _edit(outbound, chat)
        case Acknowledge(press, notice):
            return AnswerCallbackQuery(callback_query_id=press, text=notice or None)
        case Seen():
            raise Unsayable("read_marks_unsupported")
        case Template():
            raise Unsayable("template_unsupported")
        case _:
            assert_never(outbound)


def _message(text: Text, chat: int | str) -> TelegramMethod[Any]:
    shared: dict[str, Any] = {"chat_id": chat, "reply_markup": keyboard(text.buttons)}
    if text.reply_to is not None:
        shared["reply_parameters"] = ReplyParameters(
            message_id=_number(text.reply_to), allow_sending_without_reply=True
        )
    body = _with_stray_links(text)
    if not text.media:
        return SendMessage(text=body.text, entities=entities(body), **shared)
    [media] = text.media
    file = media.id or media.url
    if media.kind not in _MEDIA or not file:
        raise Unsayable(f"media_unsupported:{media.kind}")
    method, field = _MEDIA[media.kind]
    return method(
        caption=body.text or None, caption_entities=entities(body), **{field: file}, **shared
    )


def _edit(edit: Edit, chat: int | str) -> TelegramMethod[Any]:
    body = edit.text.body
    shared: dict[str, Any] = {
        "chat_id": chat,
        "message_id": _number(edit.reference),
        "reply_markup": inline(edit.text.buttons),
    }
    if not edit.text.media:
        return EditMessageText(text=body.text, entities=entities(body), **shared)
    # The picture stays: an edit is about the words and the buttons.
    return EditMessageCaption(caption=body.text, caption_entities=entities(body), **shared)


def _number(reference: str) -> int:
    if not (reference.isascii() and reference.isdigit()):
        raise Unsayable("reference_of_another_channel")
    return int(reference)


def entities(body: RichText) -> list[MessageEntity] | None:
    """The styled stretches, measured in UTF-16 units as Telegram wants them."""
    found = [
        MessageEntity(
            type=_ENTITIES[span.style],
            offset=utf16_units(body.text[: span.start]),
            length=utf16_units(body.text[span.start : span.end]),
            url=span.url,
        )
        for span in body.spans
    ]
    return found or None


def keyboard(buttons: Sequence[AnyButton]) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """Buttons under the message, or below the input field when a phone number is asked for.

    Only the latter can ask for a contact. Press buttons beside it come back as their label.
    """
    if not any(isinstance(button, ContactButton) for button in buttons):
        return inline(buttons)
    shown = [button for button in buttons if not isinstance(button, LinkButton)]
    return ReplyKeyboardMarkup(
        keyboard=[
            [
                KeyboardButton(
                    text=button.label, request_contact=isinstance(button, ContactButton) or None
                )
                for button in row
            ]
            for row in rows(shown)
        ],
        resize_keyboard=True,
        one_time_keyboard=True,
    )


def inline(buttons: Sequence[AnyButton]) -> InlineKeyboardMarkup | None:
    """Press and link buttons under the message; None without any."""
    shown = [button for button in buttons if isinstance(button, Button | LinkButton)]
    if not shown:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[[_inline_button(button) for button in row] for row in rows(shown)]
    )


def _inline_button(button: Button | LinkButton) -> InlineKeyboardButton:
    if isinstance(button, LinkButton):
        return InlineKeyboardButton(text=button.label, url=button.url)
    return InlineKeyboardButton(text=button.label, callback_data=button.payload)


def rows(buttons: Sequence[T]) -> list[list[T]]:
    """Two buttons a row; one a row where they are few or a label is long."""
    long = any(len(button.label) > ROW_LABEL for button in buttons)
    width = 1 if long or len(buttons) <= FEW else 2
    return [list(buttons[start : start + width]) for start in range(0, len(buttons), width)]


def _with_stray_links(text: Text) -> RichText:
    """The body, with the links below it that cannot stand beside a contact button."""
    if not any(isinstance(button, ContactButton) for button in text.buttons):
        return text.body
    links = [
        f"{button.label}: {button.url}" for button in text.buttons if isinstance(button, LinkButton)
    ]
    return text.body + RichText("\n\n" + "\n".join(links)) if links else text.body
