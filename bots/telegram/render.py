"""Renders what is to be said as requests of the Bot API; pure."""

from dataclasses import replace
from typing import Any, assert_never

from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageText,
    SendChatAction,
    SendMediaGroup,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import MessageEntity, ReplyParameters

from bots.telegram import LIMITS
from bots.telegram.keyboard import asks_for_contact, inline, keyboard, spelled_out
from bots.telegram.media import ITEMS, Files, album, item, single
from bots.telegram.unsayable import Unsayable
from vestnik.outbound import Acknowledge, ContactButton, Edit, Seen, Send, Template, Text
from vestnik.richtext import RichText, Style, utf16_units

_ENTITIES: dict[Style, str] = {
    "bold": "bold",
    "italic": "italic",
    "strike": "strikethrough",
    "code": "code",
    "link": "text_link",
}


def render(send: Send, chat: int | str, *, paid: bool = False) -> TelegramMethod[Any] | None:
    """The request that says it to a chat, None where nothing needs one; raises Unsayable.

    `paid`: parts of broadcasts may go faster than Telegram lets others, for Stars.
    """
    match send.outbound:
        case Text() as text:
            if text.replaces is not None and _can_replace(text, text.replaces):
                return _replacement(text, _place(chat, text.replaces), send.files)
            return message(text, chat, send.files, paid=paid and send.bulk)
        case Edit(reference, text):
            return _edit(text, _place(chat, reference))
        case Acknowledge(press, notice):
            return AnswerCallbackQuery(callback_query_id=press, text=notice or None)
        case Seen(_, typing):
            # People in Telegram are not shown that a bot has read their message.
            return SendChatAction(chat_id=chat, action="typing") if typing else None
        case Template():
            raise Unsayable("template_unsupported")
    assert_never(send.outbound)


def objection(text: Text) -> str | None:
    """Why the files do not go together, or what the buttons cannot hold is too much below it."""
    body, most = _with_lines(text), LIMITS.text
    if text.media:
        most = LIMITS.caption or most
        media = tuple(replace(it, id=it.id or it.file) for it in text.media)
        try:
            message(replace(text, media=media, reply_to=None), 0, {}, paid=False)
        except Unsayable as why:
            return str(why)
    return f"text_over_{most}" if LIMITS.measure(body.text) > most else None


def message(text: Text, chat: int | str, files: Files, *, paid: bool) -> TelegramMethod[Any]:
    """The request that says a text anew; `paid` as Telegram has it. Raises Unsayable."""
    shared: dict[str, Any] = {"chat_id": chat, "allow_paid_broadcast": paid or None}
    if text.reply_to is not None:
        shared["reply_parameters"] = ReplyParameters(
            message_id=_number(text.reply_to), allow_sending_without_reply=True
        )
    body = _with_lines(text)
    if len(text.media) > 1:
        if text.buttons:
            raise Unsayable("album_with_buttons")
        return SendMediaGroup(media=album(text.media, files, _caption(body)), **shared)
    shared["reply_markup"] = keyboard(text.buttons)
    if not text.media:
        return SendMessage(text=body.text, entities=entities(body), **shared)
    [media] = text.media
    if media.kind != "sticker":
        return single(media, files, shared | _caption(body))
    if body.text:
        raise Unsayable("sticker_with_text")
    return single(media, files, shared)


def _can_replace(text: Text, reference: str) -> bool:
    """Whether it can be said by an edit: one file at most, nothing below the input field."""
    few = not text.media or (len(text.media) == 1 and text.media[0].kind in ITEMS)
    return few and _is_number(reference) and not asks_for_contact(text.buttons)


def _replacement(text: Text, place: dict[str, Any], files: Files) -> TelegramMethod[Any]:
    if not text.media:
        return _edit(text, place)
    media = item(text.media[0], files, _caption(_with_lines(text)))
    return EditMessageMedia(media=media, reply_markup=inline(text.buttons), **place)


def _edit(text: Text, place: dict[str, Any]) -> TelegramMethod[Any]:
    buttons = [button for button in text.buttons if not isinstance(button, ContactButton)]
    body = _with_lines(replace(text, buttons=tuple(buttons)))
    shared = place | {"reply_markup": inline(buttons)}
    if not text.media:
        return EditMessageText(text=body.text, entities=entities(body), **shared)
    # The picture stays: an edit is about the words and the buttons.
    return EditMessageCaption(caption=body.text, caption_entities=entities(body), **shared)


def _place(chat: int | str, reference: str) -> dict[str, Any]:
    return {"chat_id": chat, "message_id": _number(reference)}


def _caption(body: RichText) -> dict[str, Any]:
    return {"caption": body.text or None, "caption_entities": entities(body)}


def _number(reference: str) -> int:
    if not _is_number(reference):
        raise Unsayable("reference_of_another_channel")
    return int(reference)


def _is_number(reference: str) -> bool:
    return reference.isascii() and reference.isdigit()


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


def _with_lines(text: Text) -> RichText:
    """The body, with what its buttons cannot hold below it."""
    lines = spelled_out(text.buttons)
    return text.body + RichText("\n\n" + "\n".join(lines)) if lines else text.body
