"""Carousels: cards side by side in one message, each with its own keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulators.vk.errors import VkError
from emulators.vk.keyboard import Button, Rows, read_button

# dev.vk.com/api/bots/development/messages, templates: 10 elements, 3 buttons, 80 characters.
ELEMENTS = 10
ELEMENT_BUTTONS = 3
ELEMENT_TEXT = 80


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
    return Carousel([text for text, _ in cards], [row for _, row in cards], raw)


def _card(element: Any, number: int) -> tuple[str, list[Button]]:
    if not isinstance(element, dict) or not (element.get("title") or element.get("photo_id")):
        raise VkError(100, f"template element {number} should have title or photo_id")
    texts = [str(element[part]) for part in ("title", "description") if element.get(part)]
    if any(len(text) > ELEMENT_TEXT for text in texts):
        raise VkError(100, f"template element {number} text is longer than {ELEMENT_TEXT}")
    buttons = element.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= ELEMENT_BUTTONS:
        raise VkError(100, f"template element {number} should have 1 to {ELEMENT_BUTTONS} buttons")
    where = f"button [{number}]"
    return "\n".join(texts), [
        read_button(button, f"{where}[{place}]") for place, button in enumerate(buttons)
    ]
