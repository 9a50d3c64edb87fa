"""The app a person reads with: old ones show no keys under messages, or no carousels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from emulators.vk.history import Content
from emulators.vk.keyboard import Button, Keyboard, Rows

ACTIONS = (
    "text",
    "vkpay",
    "open_app",
    "location",
    "open_link",
    "open_photo",
    "callback",
    "intent_subscribe",
    "intent_unsubscribe",
)
# dev.vk.com/ru/api/api-requests, the parameter `lang`; other languages are told as English.
LANGUAGES = {"ru": 0, "uk": 1, "be": 2, "en": 3, "es": 4, "fi": 5, "de": 6, "it": 7}


@dataclass(frozen=True, slots=True)
class Client:
    """What an app can do; all of it unless told otherwise."""

    keyboard: bool = True
    inline_keyboard: bool = True
    carousel: bool = True
    callback: bool = True

    def info(self, language: str) -> dict[str, Any]:
        """`client_info` of message_new; `language` is the person's, a code of two letters."""
        return {
            "button_actions": [each for each in ACTIONS if self.callback or each != "callback"],
            "keyboard": self.keyboard,
            "inline_keyboard": self.inline_keyboard,
            "carousel": self.carousel,
            "lang_id": LANGUAGES.get(language, LANGUAGES["en"]),
        }

    def text(self, content: Content) -> str:
        """What is read: an app without carousels shows the text beside one alone."""
        return content.read if self.carousel else content.text

    def under(self, content: Content) -> Rows:
        """The keys under a message: its inline keyboard, then a row for each card."""
        inline = content.keyboard.rows if content.keyboard and content.keyboard.inline else ()
        cards = content.carousel.rows if content.carousel else ()
        return [
            *(self._known(inline) if self.inline_keyboard else ()),
            *(self._known(cards) if self.carousel else ()),
        ]

    def below(self, keyboard: Keyboard | None) -> Rows:
        """The keys of the keyboard below the conversation."""
        return self._known(keyboard.rows) if keyboard and self.keyboard else []

    def _known(self, rows: Rows) -> list[Sequence[Button]]:
        if self.callback:
            return list(rows)
        shown = [[button for button in row if button.kind != "callback"] for row in rows]
        return [row for row in shown if row]
