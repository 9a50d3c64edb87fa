"""Gives a text the form that carries it: words, a captioned file, buttons, a list. Pure.

Shapes and limits: the pages below messages/ of Meta's documentation (see settings.LIMITS.page).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bots.whatsapp.files import id_and_name
from bots.whatsapp.marks import marked
from bots.whatsapp.settings import LIMITS
from vestnik.clusters import shorten
from vestnik.outbound import Button, ContactButton, LinkButton, Media, MediaKind, Text
from vestnik.richtext import RichText

# Captions, and the bodies of everything with buttons but a list's, take so much.
SHORT_BODY = 1024
REPLY_BUTTONS = 3
REPLY_TITLE = 20

# A list needs words for the button that opens it (20 characters) and for its section (24).
LIST_WORDS: Mapping[str, tuple[str, str]] = {
    "ru": ("Выбрать", "Варианты"),
    "en": ("Choose", "Options"),
}
DEFAULT_LANGUAGE = "ru"

MEDIA_TYPES: Mapping[MediaKind, str] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "audio",
    "document": "document",
    "sticker": "sticker",
}
CAPTIONED = HEADERS = frozenset({"image", "video", "document"})

Body = dict[str, Any]


class Unsayable(ValueError):
    """WhatsApp has no such message; the text is a code for the report."""


def objection(text: Text) -> str | None:
    """Why no form carries the text, None where one does; files of ours go up before it."""
    media = tuple(replace(it, id=it.id or it.file) for it in text.media)
    try:
        laid_out(replace(text, media=media), None)
    except Unsayable as why:
        return str(why)
    return None


def laid_out(text: Text, language: str | None) -> Body:
    """The part of a request that says the text."""
    if len(text.media) > 1:
        raise Unsayable("album_unsupported")
    if text.cards:
        raise Unsayable("cards_unsupported")
    presses = [button for button in text.buttons if isinstance(button, Button)]
    links = [button for button in text.buttons if isinstance(button, LinkButton)]
    file = _file(text.media[0]) if text.media else None
    asks = any(isinstance(button, ContactButton) for button in text.buttons)
    if not (presses or asks):
        return _linked(text.body, links, file)
    choose, section = _list_words(language)
    # No form with buttons goes without words.
    body = text.body if text.body.text.strip() else RichText(choose)
    if asks:
        # It takes no other buttons: a person answers those with their number.
        action: Body = {"name": "request_contact_info"}
        return _shape("request_contact_info", body, _numbered(presses, links), action, file)
    if file:
        return _beside(body, presses, links, file)
    lines = _written(links)
    if _as_replies(presses) and _length(body, lines) <= SHORT_BODY:
        return _replies(body, presses, lines, None)
    return _shape("list", body, lines, _rows(presses, choose, section))


def _as_replies(presses: Sequence[Button]) -> bool:
    """Whether reply buttons can carry them; a list carries more, one tap further away."""
    titles = {press.label for press in presses}
    fits = len(presses) <= REPLY_BUTTONS and all(len(title) <= REPLY_TITLE for title in titles)
    return fits and len(titles) == len(presses)


def _beside(
    body: RichText, presses: Sequence[Button], links: Sequence[LinkButton], file: Body
) -> Body:
    """Buttons below a file: no list takes one, so labels are shortened, or they are numbered."""
    short = [replace(press, label=shorten(press.label, REPLY_TITLE)) for press in presses]
    if _as_replies(short):
        return _replies(body, short, _written(links), file)
    return _plain(body, _numbered(presses, links), file)


def _replies(
    body: RichText, presses: Sequence[Button], lines: Sequence[str], file: Body | None
) -> Body:
    buttons = [
        {"type": "reply", "reply": {"id": press.payload, "title": press.label}} for press in presses
    ]
    return _shape("button", body, lines, {"buttons": buttons}, file)


def _list_words(language: str | None) -> tuple[str, str]:
    known = (language or DEFAULT_LANGUAGE)[:2].lower()
    return LIST_WORDS.get(known, LIST_WORDS["en"])


def _rows(presses: Sequence[Button], choose: str, section: str) -> Body:
    rows = [{"id": press.payload, "title": press.label} for press in presses]
    return {"button": choose, "sections": [{"title": section, "rows": rows}]}


def _linked(body: RichText, links: Sequence[LinkButton], file: Body | None) -> Body:
    match links:
        case [LinkButton(label, url)] if (
            len(label) <= REPLY_TITLE and _length(body) <= SHORT_BODY and body.text
        ):
            action = {"name": "cta_url", "parameters": {"display_text": label, "url": url}}
            return _shape("cta_url", body, (), action, file)
        case _:
            return _plain(body, _written(links), file)


def _shape(
    kind: str, body: RichText, lines: Sequence[str], action: Body, file: Body | None = None
) -> Body:
    most = LIMITS.text if kind == "list" else SHORT_BODY
    told: Body = {"type": kind, "body": {"text": _words(body, lines, most)}, "action": action}
    if file:
        if kind == "request_contact_info" or file["type"] not in HEADERS:
            raise Unsayable(f"{file['type']}_with_{kind}")
        told = {"header": file, **told}
    return {"type": "interactive", "interactive": told}


def _plain(body: RichText, lines: Sequence[str], file: Body | None) -> Body:
    if file is None:
        return {"type": "text", "text": {"body": _words(body, lines, LIMITS.text)}}
    kind = file["type"]
    caption = _words(body, lines, SHORT_BODY)
    if not caption:
        return file
    if kind not in CAPTIONED:
        raise Unsayable(f"{kind}_takes_no_text")
    return {"type": kind, kind: file[kind] | {"caption": caption}}


def _words(body: RichText, lines: Sequence[str], most: int) -> str:
    """The text with its marks, or without where they leave no room, and the lines below it."""
    below = len(_joined(".", lines)) - 1
    whole = _joined(marked(body, most - below), lines)
    if len(whole) > most:
        raise Unsayable(f"text_over_{most}")
    return whole


def _length(body: RichText, lines: Sequence[str] = ()) -> int:
    return len(_joined(body.spelled().text, lines))


def _joined(words: str, lines: Sequence[str]) -> str:
    return "\n\n".join(part for part in (words, "\n".join(lines)) if part)


def _written(links: Sequence[LinkButton]) -> list[str]:
    return [f"{link.label}: {link.url}" for link in links]


def _numbered(presses: Sequence[Button], links: Sequence[LinkButton]) -> list[str]:
    return [f"{place}. {press.label}" for place, press in enumerate(presses, 1)] + _written(links)


def _file(media: Media) -> Body:
    if media.kind not in MEDIA_TYPES:
        raise Unsayable(f"{media.kind}_unsupported")
    kind = MEDIA_TYPES[media.kind]
    if not (media.id or media.url):
        raise Unsayable("media_without_a_file")
    media_id, name = id_and_name(media.id or "")
    told: Body = {"id": media_id} if media_id else {"link": media.url}
    if kind == "document" and name:
        told["filename"] = name
    return {"type": kind, kind: told}
