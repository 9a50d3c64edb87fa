"""Counts and splits a text into SMS as the operators bill it (sms.md section 2.1)."""

from collections.abc import Callable

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")

GSM_SINGLE, GSM_PART = 160, 153
UCS_SINGLE, UCS_PART = 70, 67


def split(text: str) -> list[str]:
    """The parts of a text; no escape pair and no surrogate pair is cut in two."""
    if all(character in BASIC or character in EXTENSION for character in text):
        return _split(text, _septets, GSM_SINGLE, GSM_PART)
    return _split(text, _units, UCS_SINGLE, UCS_PART)


def count(text: str) -> int:
    """How many SMS a text is billed as."""
    return len(split(text))


def _split(text: str, size: Callable[[str], int], single: int, part: int) -> list[str]:
    if sum(map(size, text)) <= single:
        return [text]
    return _fill(text, size, part)


def _fill(text: str, size: Callable[[str], int], part: int) -> list[str]:
    parts: list[str] = []
    room = 0
    for character in text:
        if size(character) > room:
            parts.append("")
            room = part
        parts[-1] += character
        room -= size(character)
    return parts


def _septets(character: str) -> int:
    return 2 if character in EXTENSION else 1


def _units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1
