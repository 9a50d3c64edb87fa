"""Makes the body of a `/messages` request out of what is to be said. Pure.

Shapes and limits: the pages below messages/ of Meta's documentation (see settings.LIMITS.page).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bots.whatsapp.marks import marked
from bots.whatsapp.settings import LIMITS
from vestnik.outbound import (
    Button,
    ContactButton,
    LinkButton,
    Media,
    MediaKind,
    Recipient,
    Send,
    Template,
    Text,
)

# Reply buttons and a link's button take so much; a list takes a long body and longer titles.
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


@dataclass(frozen=True, slots=True)
class _Keys:
    presses: Sequence[Button]
    links: Sequence[LinkButton]
    contact: bool


def render(send: Send, said: Text | Template) -> Body:
    """The request's body; raises Unsayable."""
    body: Body = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient(send.address.handle, send.recipient),
    }
    if send.handle:
        body["biz_opaque_callback_data"] = send.handle
    match said:
        case Text():
            if said.reply_to:
                body["context"] = {"message_id": said.reply_to}
            return body | _text(said, send.recipient.language)
        case Template():
            return body | _template(said)
    assert_never(said)


def recipient(handle: str, known: Recipient) -> Body:
    """Whom it goes to: a number wherever one is known, which keeps it visible to us."""
    number = handle if handle.startswith("+") else known.phone
    return {"to": number} if number else {"recipient": handle}


def _text(text: Text, language: str | None) -> Body:
    keys = _Keys(
        presses=[button for button in text.buttons if isinstance(button, Button)],
        links=[button for button in text.buttons if isinstance(button, LinkButton)],
        contact=any(isinstance(button, ContactButton) for button in text.buttons),
    )
    body = marked(text.body, LIMITS.text)
    interactive = _interactive(body, keys, language)
    if interactive is None:
        return _plain(_with_lines(body, keys.links), text.media[0] if text.media else None)
    if text.media:
        interactive = {"header": _header(text.media[0], interactive["type"]), **interactive}
    return {"type": "interactive", "interactive": interactive}


def _interactive(body: str, keys: _Keys, language: str | None) -> Body | None:
    if keys.contact:
        # It takes no other buttons: a person answers those with their number.
        numbered = [f"{place}. {press.label}" for place, press in enumerate(keys.presses, 1)]
        action: Body = {"name": "request_contact_info"}
        return _shape("contact_request", _with_lines(body, keys.links, numbered), action)
    if keys.presses:
        body = _with_lines(body, keys.links)
        if _as_replies(body, keys.presses):
            return _shape("button", body, {"buttons": [_reply(press) for press in keys.presses]})
        return _shape("list", body, _rows(keys.presses, language))
    match keys.links:
        case [LinkButton(label, url)] if len(label) <= REPLY_TITLE and len(body) <= SHORT_BODY:
            parameters = {"display_text": label, "url": url}
            return _shape("cta_url", body, {"name": "cta_url", "parameters": parameters})
        case _:
            return None


def _as_replies(body: str, presses: Sequence[Button]) -> bool:
    """Whether reply buttons can carry it; a list carries more, one tap further away."""
    titles = {press.label for press in presses}
    fits = len(presses) <= REPLY_BUTTONS and all(len(title) <= REPLY_TITLE for title in titles)
    return fits and len(titles) == len(presses) and len(body) <= SHORT_BODY


def _shape(kind: str, body: str, action: Body) -> Body:
    return {"type": kind, "body": {"text": body}, "action": action}


def _reply(press: Button) -> Body:
    return {"type": "reply", "reply": {"id": press.payload, "title": press.label}}


def _rows(presses: Sequence[Button], language: str | None) -> Body:
    known = (language or DEFAULT_LANGUAGE)[:2].lower()
    button, section = LIST_WORDS.get(known, LIST_WORDS["en"])
    rows = [{"id": press.payload, "title": press.label} for press in presses]
    return {"button": button, "sections": [{"title": section, "rows": rows}]}


def _with_lines(body: str, links: Sequence[LinkButton], more: Sequence[str] = ()) -> str:
    lines = [*more, *(f"{link.label}: {link.url}" for link in links)]
    return "\n\n".join(part for part in (body, "\n".join(lines)) if part)


def _plain(body: str, media: Media | None) -> Body:
    if media is None:
        return {"type": "text", "text": {"body": body}}
    kind = _media_type(media)
    file = _file(media)
    if body and kind not in CAPTIONED:
        raise Unsayable(f"{kind}_takes_no_text")
    return {"type": kind, kind: file | {"caption": body} if body else file}


def _header(media: Media, interactive: str) -> Body:
    kind = _media_type(media)
    if interactive not in ("button", "cta_url") or kind not in HEADERS:
        raise Unsayable(f"{kind}_with_{interactive}")
    return {"type": kind, kind: _file(media)}


def _media_type(media: Media) -> str:
    if media.kind not in MEDIA_TYPES:
        raise Unsayable(f"{media.kind}_unsupported")
    return MEDIA_TYPES[media.kind]


def _file(media: Media) -> Body:
    if media.id:
        return {"id": media.id}
    if media.url:
        return {"link": media.url}
    raise Unsayable("media_without_a_file")


def _template(template: Template) -> Body:
    components: list[Body] = []
    if template.values:
        values = [{"type": "text", "text": value} for value in template.values]
        components.append({"type": "body", "parameters": values})
    components += [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": payload}],
        }
        for index, payload in enumerate(template.payloads)
    ]
    told: Body = {"name": template.name, "language": {"code": template.language}}
    if components:
        told["components"] = components
    return {"type": "template", "template": told}
