"""Buttons of keyboards: what they may say and do, and how a Message shows them."""

from typing import Any

from emulators.telegram.errors import ApiError, bad_request
from emulators.telegram.fields import BadField, Told, flag_in, object_of, text_in
from emulators.telegram.links import is_link

Object = dict[str, Any]

# https://core.telegram.org/bots/api#inlinekeyboardbutton and #copytextbutton
MAX_DATA_BYTES = 64
MAX_COPY_TEXT = 256

# Client.cpp, get_button_style: in any case of letters; the first two are not shown in a Message.
STYLES = ("", "default", "primary", "danger", "success")
# What a button may do besides opening a link, calling back or copying a text.
OTHER_ACTIONS = (
    *("callback_game", "pay", "switch_inline_query", "switch_inline_query_chosen_chat"),
    "switch_inline_query_current_chat",
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
FLAGS = ("request_contact", "request_location")


def reply_button(told: Any, *, private: bool) -> Object:
    """A key in place of the typing keyboard; raises ApiError."""
    if isinstance(told, str):
        told = {"text": told}
    if not isinstance(told, dict):
        raise _unreadable("keyboard", "KeyboardButton must be a String or an Object")
    try:
        shape = _looks(told)
        for flag in FLAGS:
            flag_in(told, flag)
    except BadField as error:
        raise _unreadable("keyboard", str(error)) from None
    if not shape["text"].strip():
        raise bad_request("Keyboard button text must be non-empty")
    for request, refusal in REQUESTS.items():
        if told.get(request) and not private:
            raise bad_request(refusal)
    return shape | {name: told[name] for name in REQUESTS if told.get(name)}


def inline_button(told: Any) -> Object:
    """A button under a message; raises ApiError."""
    if not isinstance(told, dict):
        raise _unreadable("inline keyboard", "InlineKeyboardButton must be an Object")
    try:
        shape = _looks(told)
        action = _action(told)
    except BadField as error:
        raise _unreadable("inline keyboard", str(error)) from None
    if not shape["text"].strip():
        raise bad_request("Inline keyboard button text must be non-empty")
    return shape | action


def _looks(told: Told) -> Object:
    shape: Object = {"text": text_in(told, "text", needed=True)}
    if icon := text_in(told, "icon_custom_emoji_id"):
        shape["icon_custom_emoji_id"] = icon
    style = text_in(told, "style").lower()
    if style not in STYLES:
        raise BadField("invalid button style specified")
    return shape | ({"style": style} if style not in STYLES[:2] else {})


def _action(told: Told) -> Object:
    """What the button does: the first of the fields that Telegram looks at."""
    if url := text_in(told, "url"):
        _check_url("", url)
        return {"url": url}
    if data := text_in(told, "callback_data"):
        if len(data.encode()) > MAX_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return {"callback_data": data}
    for name in OTHER_ACTIONS:
        if name in told:
            return {name: told[name]}
    for name, called in (("login_url", "Login "), ("web_app", "Web App ")):
        if name in told:
            _check_url(called, text_in(object_of(told, name), "url", needed=True))
            return {name: told[name]}
    if "copy_text" in told:
        text = text_in(object_of(told, "copy_text"), "text", needed=True)
        if not 0 < len(text) <= MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        return {"copy_text": {"text": text}}
    raise BadField("Text buttons are unallowed in the inline keyboard")


def _check_url(what: str, url: str) -> None:
    if not is_link(url):
        raise bad_request(f"Inline keyboard button {what}URL '{url}' is invalid: Wrong HTTP URL")
    if what and not url.lower().startswith("https://"):
        why = "Only HTTPS links are allowed"
        raise bad_request(f"Inline keyboard button {what}URL '{url}' is invalid: {why}")


def _unreadable(where: str, why: str) -> ApiError:
    return bad_request(f"Can't parse {where} button: {why}")
