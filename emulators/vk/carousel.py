"""Carousels: cards side by side in one message, each with its own keys."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulators.vk.errors import VkError
from emulators.vk.keyboard import BadKeyboard, Button, Rows, read_button

# vk.com/dev/bot_docs_templates: 80 characters, 3 buttons, all built like the first. 10 elements
# is what builders of bots hold to.
ELEMENTS = 10
ELEMENT_BUTTONS = 3
ELEMENT_TEXT = 80
PARTS = ("title", "description", "photo_id")
PHOTO = re.compile(r"-?\d+_\d+")


@dataclass(frozen=True, slots=True)
class Carousel:
    """A checked template: what is read on its cards, and a row of keys for each."""

    texts: Sequence[str]
    rows: Rows
    raw: Mapping[str, Any]


def read_carousel(raw: Mapping[str, Any]) -> Carousel:
    """A carousel from the parameter `template`; raises error 100, or 911 for its buttons."""
    elements = raw.get("elements")
    if raw.get("type") != "carousel" or not isinstance(elements, list):
        raise VkError(100, "template is invalid")
    if not 1 <= len(elements) <= ELEMENTS:
        raise VkError(100, f"template should contain from 1 to {ELEMENTS} elements")
    cards = [_card(element, number) for number, element in enumerate(elements)]
    shape = _shape(elements[0])
    for number, element in enumerate(elements):
        if _shape(element) != shape:
            raise VkError(100, f"template element {number} should have the structure of the first")
    return Carousel([text for text, _ in cards], [row for _, row in cards], raw)


def _card(element: Any, number: int) -> tuple[str, list[Button]]:
    if not isinstance(element, dict) or not (element.get("title") or element.get("photo_id")):
        raise VkError(100, f"template element {number} should have title or photo_id")
    if any(not isinstance(element.get(part, ""), str) for part in PARTS):
        raise VkError(100, f"template element {number} is invalid")
    texts = [element[part] for part in ("title", "description") if element.get(part)]
    if any(len(text) > ELEMENT_TEXT for text in texts):
        raise VkError(100, f"template element {number} text is longer than {ELEMENT_TEXT}")
    if element.get("photo_id") and not PHOTO.fullmatch(element["photo_id"]):
        raise VkError(100, f"template element {number} photo_id is invalid")
    _check_action(element, number)
    return "\n".join(texts), _buttons(element.get("buttons"), number)


def _buttons(buttons: Any, number: int) -> list[Button]:
    # The place as VK names it: github.com/vkbottle/vkbottle/issues/449.
    where = f"template['elements'][{number}]['buttons']"
    if not isinstance(buttons, list):
        raise BadKeyboard(f"{where} should be array")
    if not 1 <= len(buttons) <= ELEMENT_BUTTONS:
        raise VkError(100, f"template element {number} should have 1 to {ELEMENT_BUTTONS} buttons")
    return [read_button(button, f"{where}[{place}]") for place, button in enumerate(buttons)]


def _check_action(element: Mapping[str, Any], number: int) -> None:
    """What a tap on the card does: it opens a link or the card's own photo."""
    match element.get("action"):
        case None:
            return
        case {"type": "open_link", "link": str(link)} if link.startswith(("http://", "https://")):
            return
        case {"type": "open_photo"} if element.get("photo_id"):
            return
        case _:
            raise VkError(100, f"template element {number} action is invalid")


def _shape(element: Mapping[str, Any]) -> tuple[frozenset[str], int]:
    """Which parts a card has, and how many keys."""
    return frozenset(part for part in PARTS if element.get(part)), len(element["buttons"])
