"""Telegram's Bot API: one bot, its chats, and the people on the other side."""

from emulators.telegram.platform import Telegram
from emulators.telegram.settings import TelegramSettings

__all__ = ["Telegram", "TelegramSettings"]
