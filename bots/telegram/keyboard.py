"""Lays buttons out under a message or below the input field; pure."""

from collections.abc import Sequence
from typing import TypeVar, assert_never

from aiogram.types import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from vestnik.outbound import (
    AnyButton,
    Button,
    ButtonStyle,
    ContactButton,
    CopyButton,
    LinkButton,
)

ROW_LABEL = 18
"""Longer labels, in characters, have a row of their own: two of them are cut on a phone."""
FEW = 3
"""So many buttons stand one below the other."""

# https://core.telegram.org/bots/api#copytextbutton, in characters
COPIED = range(1, 257)

# https://core.telegram.org/bots/api#inlinekeyboardbutton
STYLES: dict[ButtonStyle, str] = {
    "primary": "primary",
    "positive": "success",
    "negative": "danger",
}

T = TypeVar("T", bound=AnyButton)


def asks_for_contact(buttons: Sequence[AnyButton]) -> bool:
    """Whether a keyboard below the input field is needed: no other asks for a phone number."""
    return any(isinstance(button, ContactButton) for button in buttons)


def keyboard(buttons: Sequence[AnyButton]) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """Buttons under the message, or below the input field when a phone number is asked for.

    Press buttons below the input field come back as their label.
    """
    if not asks_for_contact(buttons):
        return inline(buttons)
    shown = [button for button in buttons if isinstance(button, Button | ContactButton)]
    return ReplyKeyboardMarkup(
        keyboard=[[_key(button) for button in row] for row in rows(shown)],
        resize_keyboard=True,
        one_time_keyboard=True,
    )


def inline(buttons: Sequence[AnyButton]) -> InlineKeyboardMarkup | None:
    """Press, link and copy buttons under the message; None without any."""
    shown = [
        button
        for button in buttons
        if not isinstance(button, ContactButton) and not _cannot_copy(button)
    ]
    if not shown:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[[_inline_button(button) for button in row] for row in rows(shown)]
    )


def spelled_out(buttons: Sequence[AnyButton]) -> list[str]:
    """The links and copied texts that these buttons cannot hold, as lines for the text."""
    below = asks_for_contact(buttons)
    lines = []
    for button in buttons:
        if isinstance(button, LinkButton) and below:
            lines.append(f"{button.label}: {button.url}")
        elif isinstance(button, CopyButton) and (below or _cannot_copy(button)):
            lines.append(f"{button.label}: {button.text}")
    return lines


def rows(buttons: Sequence[T]) -> list[list[T]]:
    """Two buttons a row; one a row where they are few or a label is long."""
    long = any(len(button.label) > ROW_LABEL for button in buttons)
    width = 1 if long or len(buttons) <= FEW else 2
    return [list(buttons[start : start + width]) for start in range(0, len(buttons), width)]


def _cannot_copy(button: AnyButton) -> bool:
    return isinstance(button, CopyButton) and len(button.text) not in COPIED


def _inline_button(button: Button | LinkButton | CopyButton) -> InlineKeyboardButton:
    match button:
        case Button(label, payload, style):
            return InlineKeyboardButton(text=label, callback_data=payload, style=_style(style))
        case LinkButton(label, url):
            return InlineKeyboardButton(text=label, url=url)
        case CopyButton(label, text):
            return InlineKeyboardButton(text=label, copy_text=CopyTextButton(text=text))
    assert_never(button)


def _key(button: Button | ContactButton) -> KeyboardButton:
    if isinstance(button, ContactButton):
        return KeyboardButton(text=button.label, request_contact=True)
    return KeyboardButton(text=button.label, style=_style(button.style))


def _style(style: ButtonStyle | None) -> str | None:
    return STYLES[style] if style else None
