"""Shows cards side by side, where VK takes them for a carousel.

vk.com/dev/bot_docs_templates: the first card sets the structure of all; a text goes before them.
"""

import json
from collections.abc import Mapping
from typing import Any

from bots.vk.keyboard import Press, keys
from vestnik.outbound import Card, Media, Text

CARDS = 10
BUTTONS = 3
TITLE = 80
TEXT = 80


def is_carousel(text: Text) -> bool:
    """Whether VK takes the cards of a message as they are."""
    cards = text.cards
    alike = len({(bool(card.text), bool(card.media), len(card.buttons)) for card in cards}) == 1
    whole = bool(text.body.text) and not text.media
    return alike and whole and len(cards) <= CARDS and all(map(_fits, cards))


def written(cards: tuple[Card, ...], press: Press, uploads: Mapping[str, str]) -> str:
    """The parameter `template`; `uploads` are VK's names of files of ours."""
    elements = [_element(card, press, uploads) for card in cards]
    template = {"type": "carousel", "elements": elements}
    return json.dumps(template, ensure_ascii=False, separators=(",", ":"))


def _fits(card: Card) -> bool:
    media = card.media
    shown = media is None or (media.kind == "image" and bool(media.id or media.file))
    sized = 0 < len(card.title) <= TITLE and len(card.text) <= TEXT
    return shown and sized and 0 < len(card.buttons) <= BUTTONS


def _element(card: Card, press: Press, uploads: Mapping[str, str]) -> dict[str, Any]:
    element: dict[str, Any] = {"title": card.title, "buttons": keys(press, card.buttons)}
    if card.text:
        element["description"] = card.text
    if card.media:
        element["photo_id"] = _photo_id(card.media, uploads)
    return element


def _photo_id(media: Media, uploads: Mapping[str, str]) -> str:
    """-1_2 of photo-1_2_key."""
    name = media.id or uploads.get(media.file or "", "")
    return "_".join(name.removeprefix("photo").split("_")[:2])
