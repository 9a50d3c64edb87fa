"""Writes a message as the parameters of messages.send and messages.edit."""

import json
from collections.abc import Sequence
from typing import Any

from bots.vk.payload import wrap
from bots.vk.reference import place_in
from vestnik.outbound import AnyButton, Button, LinkButton, Media, Text
from vestnik.richtext import RichText, Span, utf16_units

Params = dict[str, str | int]

# Inline keyboards have 6 rows (dev.vk.com/ru/api/bots/development/keyboard). Two labels longer
# than this side by side are cut short on a phone.
ROWS = 6
HALF_LABEL = 16
NOTICE = 90  # characters of a snackbar (unverified)
ELLIPSIS = "…"

# dev.vk.com/en/reference/objects/message#format_data; it has no strike and no code.
FORMAT_VERSION = 1
STYLES = {"bold": "bold", "italic": "italic", "link": "url"}


def content(text: Text) -> Params:
    """What a new message and an edited one have in common."""
    given = {
        "message": _message(text),
        "keyboard": _keyboard(text.buttons),
        "format_data": _format_data(text.body),
        "attachment": text.media[0].id if text.media else None,
    }
    # A text that quotes a customer must not ring everybody in the operators' chat.
    return {"disable_mentions": 1, **{name: value for name, value in given.items() if value}}


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
    text = notice if len(notice) <= NOTICE else notice[: NOTICE - 1] + ELLIPSIS
    return {"event_data": _json({"type": "show_snackbar", "text": text})}


def _message(text: Text) -> str:
    """The words; a file known by its link only is a line, for which VK shows a preview."""
    media = text.media[0] if text.media else None
    return "\n\n".join(filter(None, (text.body.text, _link(media))))


def _link(media: Media | None) -> str | None:
    return media.url if media and not media.id else None


def _keyboard(buttons: Sequence[AnyButton]) -> str | None:
    keys = [_key(button) for button in buttons if isinstance(button, Button | LinkButton)]
    if not keys:
        return None
    width = _width([button.label for button in buttons])
    rows = [keys[start : start + width] for start in range(0, len(keys), width)]
    return _json({"inline": True, "buttons": rows})


def _width(labels: Sequence[str]) -> int:
    """One button a row where there is room and reason, else two."""
    if len(labels) > ROWS:
        return 2
    return 1 if len(labels) <= 3 or max(map(len, labels)) > HALF_LABEL else 2


def _key(button: Button | LinkButton) -> dict[str, Any]:
    match button:
        case Button(label, payload):
            return {"action": {"type": "callback", "label": label, "payload": wrap(payload)}}
        case LinkButton(label, url):
            return {"action": {"type": "open_link", "label": label, "link": url}}


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
