"""Lines of a screen, and what channels are called on it."""

from collections.abc import Iterable
from functools import reduce

from vestnik.richtext import RichText

_BRANDS = {"telegram": "Telegram", "vk": "VK", "whatsapp": "WhatsApp", "sms": "SMS"}


def brand(channel: str) -> str:
    """What a channel is called."""
    return _BRANDS.get(channel, channel.title())


def joined(lines: Iterable[RichText]) -> RichText:
    """Lines below each other."""
    return reduce(lambda text, line: text + RichText("\n") + line, lines)
