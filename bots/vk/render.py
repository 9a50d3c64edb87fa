"""Writes a message as the parameters of messages.send and messages.edit."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bots.vk import carousel, keyboard
from bots.vk.reference import place_in
from bots.vk.suit import Suited
from vestnik.clusters import shorten
from vestnik.outbound import Media, Text
from vestnik.richtext import RichText, Span, utf16_units

Params = dict[str, str | int]

NOTICE = 90  # characters of a snackbar (unverified)

# dev.vk.com/en/reference/objects/message#format_data; it has no strike and no code.
FORMAT_VERSION = 1
STYLES = {"bold": "bold", "italic": "italic", "link": "url"}


def content(suited: Suited, uploads: Mapping[str, str]) -> Params:
    """What a new message and an edited one have in common.

    `uploads` are VK's names of files of ours by their keys; a file without one is left out.
    """
    text, form, press = suited.text, suited.form, suited.press
    given = {
        "message": _message(text),
        "keyboard": keyboard.written(form, press, text.buttons) if form else None,
        "template": carousel.written(text.cards, press, uploads) if text.cards else None,
        "format_data": _format_data(text.body),
        **_attached(text, uploads),
    }
    # A text that quotes a customer must not ring everybody in the operators' chat.
    return {"disable_mentions": 1, **{name: value for name, value in given.items() if value}}


def files(text: Text) -> Iterator[Media]:
    """What has to be uploaded before: the files of ours that have no name of VK's."""
    shown = (*text.media, *(card.media for card in text.cards))
    return (media for media in shown if media and media.file and not media.id)


def quote(peer_id: str, reply_to: str) -> Params:
    """The message that a new one answers; raises Foreign."""
    place = place_in(reply_to)
    if place is None:
        named: dict[str, list[int]] = {"message_ids": [int(reply_to)]}
    else:
        named = {"conversation_message_ids": [place]}
    return {"forward": _json({"peer_id": int(peer_id), "is_reply": True, **named})}


def which(reference: str) -> Params:
    """The message to edit; raises Foreign."""
    place = place_in(reference)
    return {"message_id": int(reference)} if place is None else {"cmid": place}


def event_data(notice: str) -> Params:
    """What a press is answered with; without a notice it only stops the spinner."""
    if not notice:
        return {}
    text = shorten(notice, NOTICE)
    return {"event_data": _json({"type": "show_snackbar", "text": text})}


def _message(text: Text) -> str:
    """The words; a file known by its link only is a line, for which VK shows a preview."""
    return "\n\n".join(filter(None, (text.body.text, *map(_link, text.media))))


def _link(media: Media) -> str | None:
    return None if media.id or media.file else media.url


def _attached(text: Text, uploads: Mapping[str, str]) -> dict[str, str]:
    """The files; a sticker goes alone, in a parameter of its own."""
    names = [media.id or uploads.get(media.file or "") for media in text.media]
    if [media.kind for media in text.media] == ["sticker"] and names[0] and not text.body.text:
        return {"sticker_id": names[0]}
    return {"attachment": ",".join(filter(None, names))}


def _format_data(body: RichText) -> str | None:
    items = [_item(body.text, span) for span in body.spans if span.style in STYLES]
    return _json({"version": FORMAT_VERSION, "items": items}) if items else None


def _item(text: str, span: Span) -> dict[str, Any]:
    """A span in UTF-16 units, as VK counts."""
    item = {
        "type": STYLES[span.style],
        "offset": utf16_units(text[: span.start]),
        "length": utf16_units(text[span.start : span.end]),
    }
    return {**item, "url": span.url or ""} if span.style == "link" else item


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
