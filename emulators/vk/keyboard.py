"""Keyboards: what VK takes, in its own words when it does not, and how they look."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from emulators.screens import Key
from emulators.vk.errors import VkError

# dev.vk.com/en/api/bots/development/keyboard: 5 x 10 and 40 keys; inline 5 x 6 and 10 keys.
COLUMNS = 5
ROWS = {False: 10, True: 6}
BUTTONS = {False: 40, True: 10}
LABEL = 40
# github.com/vknet/vk/issues/915: 255 a button, 1000 together.
PAYLOAD = 255
PAYLOADS = 1_000
COLOURS = ("primary", "secondary", "positive", "negative", "default")

FIELDS: Mapping[str, frozenset[str]] = {
    "text": frozenset({"type", "label", "payload"}),
    "callback": frozenset({"type", "label", "payload"}),
    "open_link": frozenset({"type", "label", "link", "payload"}),
    "open_app": frozenset({"type", "label", "app_id", "owner_id", "hash", "payload"}),
    "location": frozenset({"type", "payload"}),
    "vkpay": frozenset({"type", "hash", "payload"}),
    "open_photo": frozenset({"type"}),
}
UNLABELLED = {"location": "Местоположение", "vkpay": "VK Pay", "open_photo": "Фото"}


class BadKeyboard(VkError):
    """Error 911 with VK's own words after it."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(911, detail)


@dataclass(frozen=True, slots=True)
class Button:
    """One key: `action` as VK repeats it, `payload` a JSON string or None."""

    action: Mapping[str, Any]
    label: str
    payload: str | None = None
    link: str | None = None
    colour: str | None = None

    @property
    def kind(self) -> str:
        """The type of its action."""
        return str(self.action["type"])

    def key(self) -> Key:
        """How it looks on a phone."""
        if self.kind in ("text", "location"):
            return Key(self.label, "text", style=self.colour)
        if self.kind == "callback":
            return Key(self.label, "press", style=self.colour)
        return Key(self.label, "link", url=self.link, style=self.colour)

    def told(self) -> dict[str, Any]:
        """The key as VK repeats it: its payload is always a string."""
        colour = {"color": self.colour} if self.colour else {}
        return {"action": dict(self.action), **colour}


Rows = Sequence[Sequence[Button]]


@dataclass(frozen=True, slots=True)
class Keyboard:
    """A checked keyboard."""

    rows: Rows
    inline: bool
    one_time: bool


def keys(rows: Rows) -> list[list[Key]]:
    """The keys to put on a phone's screen."""
    return [[button.key() for button in row] for row in rows]


@lru_cache(maxsize=256)
def read_keyboard(told: str) -> Keyboard:
    """A keyboard from its JSON; raises 100 or 911. A broadcast repeats one, hence the cache."""
    raw = _object(told)
    inline = _boolean(raw, "inline")
    one_time = _boolean(raw, "one_time")
    if inline and one_time:
        raise BadKeyboard("one_time property is not supported for inline keyboard")
    rows = _grid(raw.get("buttons"))
    if len(rows) > ROWS[inline]:
        raise BadKeyboard("buttons contain too much rows")
    for number, row in enumerate(rows):
        if len(row) > COLUMNS:
            raise BadKeyboard(f"row {number} contains too much columns")
    if sum(map(len, rows)) > BUTTONS[inline]:
        raise BadKeyboard("keyboard contains too much buttons")
    buttons = [
        [read_button(button, f"button [{row}][{column}]") for column, button in enumerate(line)]
        for row, line in enumerate(rows)
    ]
    if sum(len(button.payload or "") for line in buttons for button in line) > PAYLOADS:
        raise BadKeyboard(f"payloads should be not more than {PAYLOADS} letters length")
    return Keyboard(buttons, inline, one_time)


def read_button(told: Any, where: str) -> Button:
    """One key of a keyboard or of a carousel; `where` names it in the refusal."""
    if not isinstance(told, dict):
        raise BadKeyboard(f"{where} should be array")
    action = told.get("action")
    if not isinstance(action, dict):
        raise BadKeyboard(f"{where} action is undefined")
    kind = action.get("type")
    if not isinstance(kind, str) or kind not in FIELDS:
        raise BadKeyboard(f"{where} action has unknown type")
    if not FIELDS[kind].issuperset(action):
        raise BadKeyboard("action contains unknown fields")
    colour = told.get("color")
    if colour is not None and colour not in COLOURS:
        raise BadKeyboard(f"{where} has unknown color")
    payload = _payload(action, where) if "payload" in action else None
    return Button(
        action=action if payload is None else {**action, "payload": payload},
        label=_label(action, where) if "label" in FIELDS[kind] else UNLABELLED[kind],
        payload=payload,
        link=_link(action, where),
        colour=colour,
    )


def _label(action: Mapping[str, Any], where: str) -> str:
    label = action.get("label", "")
    if not isinstance(label, str) or not label:
        raise BadKeyboard(f"{where} label should be at least 1 letters length")
    if len(label) > LABEL:
        raise BadKeyboard(f"{where} label should be not more than {LABEL} letters length")
    return label


def _payload(action: Mapping[str, Any], where: str) -> str:
    told = action["payload"]
    payload = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
    if len(payload) > PAYLOAD:
        raise BadKeyboard(f"{where} payload should be not more than {PAYLOAD} letters length")
    try:
        # github.com/python273/vk_api/issues/238: null breaks the keyboard.
        valid = json.loads(payload) is not None
    except (ValueError, RecursionError):
        valid = False
    if not valid:
        raise BadKeyboard(f"{where} has invalid payload")
    return payload


def _link(action: Mapping[str, Any], where: str) -> str | None:
    if action["type"] == "open_app":
        return f"https://vk.com/app{action.get('app_id')}"
    if action["type"] != "open_link":
        return None
    link = action.get("link")
    if not isinstance(link, str) or not _is_web(link):
        raise BadKeyboard(f"{where} has invalid link")
    return link


def _is_web(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _object(told: str) -> dict[str, Any]:
    try:
        raw = json.loads(told)
    except (ValueError, RecursionError):
        # github.com/python273/vk_api/issues/353.
        raise VkError(100, "keyboard contains incorrect JSON") from None
    if not isinstance(raw, dict):
        # github.com/VKCOM/vk-php-sdk/issues/62.
        raise BadKeyboard("keyboard should be array")
    return raw


def _boolean(raw: Mapping[str, Any], name: str) -> bool:
    value = raw.get(name, False)
    if not isinstance(value, bool):
        raise BadKeyboard(f"{name} property should be boolean")
    return value


def _grid(buttons: Any) -> list[list[Any]]:
    if not isinstance(buttons, list):
        raise BadKeyboard("buttons should be array")
    for number, row in enumerate(buttons):
        if not isinstance(row, list) or not row:
            raise BadKeyboard(f"row {number} should be not empty array")
    return buttons
