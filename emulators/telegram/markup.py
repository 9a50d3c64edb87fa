"""Keyboards: what a bot may put under a message or in place of the typing keyboard."""

from dataclasses import dataclass
from typing import Any

from emulators.telegram.buttons import inline_button, reply_button
from emulators.telegram.errors import bad_request
from emulators.telegram.parameters import Parameters

Object = dict[str, Any]

# The documentation gives no figures; these are the limits of aiogram's builders.
MAX_INLINE_BUTTONS = 100
MAX_REPLY_BUTTONS = 300


@dataclass(frozen=True, slots=True)
class Markup:
    """`inline` stays with the message, `keyboard` below the chat, `removes` takes that away."""

    inline: Object | None = None
    keyboard: Object | None = None
    removes: bool = False


def read_markup(parameters: Parameters, *, private: bool = True) -> Markup:
    """The reply_markup of a message; raises ApiError."""
    if not parameters.text("reply_markup"):
        return Markup()
    told = parameters.parsed("reply_markup", "Can't parse reply keyboard markup JSON object")
    if not isinstance(told, dict):
        raise bad_request("Object expected as reply markup")
    if keyboard := _rows(told, "keyboard", 'Field "keyboard" must be an Array of Arrays'):
        rows = [[reply_button(button, private=private) for button in row] for row in keyboard]
        _check_size(rows, MAX_REPLY_BUTTONS)
        return Markup(keyboard=told | {"keyboard": rows})
    whose = 'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
    if keyboard := _rows(told, "inline_keyboard", whose):
        rows = [[inline_button(button) for button in row] for row in keyboard]
        _check_size(rows, MAX_INLINE_BUTTONS)
        return Markup(inline={"inline_keyboard": rows})
    return Markup(removes=bool(told.get("remove_keyboard")))


def read_inline(parameters: Parameters) -> Object | None:
    """The inline keyboard of an edited message; raises ApiError."""
    markup = read_markup(parameters)
    if markup.keyboard or markup.removes:
        raise bad_request("Inline keyboard expected")
    return markup.inline


def _rows(told: Object, name: str, otherwise: str) -> list[list[Any]]:
    rows = told.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(otherwise)
    return [row for row in rows if row]


def _check_size(rows: list[list[Object]], most: int) -> None:
    if sum(map(len, rows)) > most:
        raise bad_request("Reply markup is too long")
