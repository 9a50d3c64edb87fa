"""Keyboards: what a bot may put under a message or in place of the typing keyboard."""

from dataclasses import dataclass
from typing import Any

from emulators.telegram.errors import ApiError, bad_request
from emulators.telegram.links import is_link
from emulators.telegram.parameters import Parameters

Object = dict[str, Any]

# https://core.telegram.org/bots/api#inlinekeyboardbutton
MAX_DATA_BYTES = 64
MAX_COPY_TEXT = 256
# The documentation gives no figures; these are the limits of aiogram's builders.
MAX_INLINE_BUTTONS = 100
MAX_REPLY_BUTTONS = 300

STYLES = frozenset({"", "default", "primary", "danger", "success"})
# What a button may do besides opening a link, calling back or copying a text.
OTHER_ACTIONS = (
    *("callback_game", "pay", "switch_inline_query", "switch_inline_query_current_chat"),
    "switch_inline_query_chosen_chat",
)
# Requests that Telegram allows in private chats only (ReplyMarkup.cpp).
REQUESTS = {
    "request_contact": "Phone number can be requested in private chats only",
    "request_location": "Location can be requested in private chats only",
    "request_poll": "Poll can be requested in private chats only",
    "request_users": "Users can be requested in private chats only",
    "request_chat": "Chats can be requested in private chats only",
    "web_app": "Web App buttons can be used in private chats only",
}


@dataclass(frozen=True, slots=True)
class Markup:
    """`inline` stays with the message, `keyboard` below the chat, `removes` takes that away."""

    inline: Object | None = None
    keyboard: Object | None = None
    removes: bool = False


def read_markup(parameters: Parameters, *, private: bool = True) -> Markup:
    """The reply_markup of a message; raises ApiError."""
    told = parameters.parsed("reply_markup", "Can't parse reply keyboard markup JSON object")
    if told is None:
        return Markup()
    if not isinstance(told, dict):
        raise bad_request("Object expected as reply markup")
    if keyboard := _rows(told, "keyboard", 'Field "keyboard" must be an Array of Arrays'):
        rows = [[_reply_button(button, private=private) for button in row] for row in keyboard]
        _check_size(rows, MAX_REPLY_BUTTONS)
        return Markup(keyboard=told | {"keyboard": rows})
    whose = 'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
    if keyboard := _rows(told, "inline_keyboard", whose):
        rows = [[_inline_button(button) for button in row] for row in keyboard]
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
    rows = told.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(otherwise)
    return [row for row in rows if row]


def _check_size(rows: list[list[Object]], most: int) -> None:
    if sum(map(len, rows)) > most:
        raise bad_request("REPLY_MARKUP_TOO_LONG")


def _reply_button(told: Any, *, private: bool) -> Object:
    if isinstance(told, str):
        told = {"text": told}
    if not isinstance(told, dict):
        raise _unreadable("keyboard", "KeyboardButton must be a String or an Object")
    _check_label(told, "keyboard", "Keyboard button text must be non-empty")
    for request, refusal in REQUESTS.items():
        if told.get(request) and not private:
            raise bad_request(refusal)
    return told


def _inline_button(told: Any) -> Object:
    if not isinstance(told, dict):
        raise _unreadable("inline keyboard", "InlineKeyboardButton must be an Object")
    _check_label(told, "inline keyboard", "Inline keyboard button text must be non-empty")
    shape = {name: told[name] for name in ("text", "style", "icon_custom_emoji_id") if name in told}
    return shape | _action(told)


def _action(told: Object) -> Object:
    """What the button does: the first of the fields that Telegram looks at."""
    if url := told.get("url"):
        _check_url("", str(url))
        return {"url": str(url)}
    if data := told.get("callback_data"):
        if len(str(data).encode()) > MAX_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return {"callback_data": str(data)}
    for name, called in (("login_url", "Login "), ("web_app", "Web App ")):
        if name in told:
            _check_url(called, _inside(told, name, "url"))
            return {name: told[name]}
    if "copy_text" in told:
        if not 0 < len(_inside(told, "copy_text", "text")) <= MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        return {"copy_text": told["copy_text"]}
    for name in OTHER_ACTIONS:
        if name in told:
            return {name: told[name]}
    raise _unreadable("inline keyboard", "Text buttons are unallowed in the inline keyboard")


def _inside(told: Object, name: str, field: str) -> str:
    if not isinstance(told[name], dict):
        raise _unreadable("inline keyboard", f'Field "{name}" must be of type Object')
    return str(told[name].get(field, ""))


def _check_label(told: Object, where: str, empty: str) -> None:
    if "text" not in told:
        raise _unreadable(where, 'Can\'t find field "text"')
    if not isinstance(told["text"], str):
        raise _unreadable(where, 'Field "text" must be of type String')
    if str(told.get("style") or "").lower() not in STYLES:
        raise _unreadable(where, "invalid button style specified")
    if not told["text"].strip():
        raise bad_request(empty)


def _check_url(what: str, url: str) -> None:
    if not is_link(url):
        raise bad_request(f"Inline keyboard button {what}URL '{url}' is invalid: Wrong HTTP URL")
    if what and not url.lower().startswith("https://"):
        why = "Only HTTPS links are allowed"
        raise bad_request(f"Inline keyboard button {what}URL '{url}' is invalid: {why}")


def _unreadable(where: str, why: str) -> ApiError:
    return bad_request(f"Can't parse {where} button: {why}")
