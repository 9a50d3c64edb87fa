"""What is known of people is kept as text; this is how such a text compares: folded, as a number,
as a day. Both twins of a segment, and whatever stores a value, read it by `typed` alone.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

LONGEST = 255
"""Characters of a value, and of what it is folded to."""

LONGEST_NAME = 64
"""Characters of the name under which values are known: a question's, or a column's."""

# At most as many digits as a double tells apart: whatever stores it, compares alike.
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,3})?|-?[0-9]{1,15}|-?[0-9]{1,9}\.[0-9]{1,6}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Typed:
    """A value in every form in which it is compared; None where it is no number or no day."""

    folded: str
    number: float | None
    day: date | None


def typed(value: str) -> Typed:
    """The forms of a value: 1000.5 is also a number, 2026-12-31 also a day."""
    return Typed(fold(value), number(value), day(value))


def fold(text: str) -> str:
    """What counts of a text: not its case, its spaces, nor the dots of «ё»."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(plain.replace("ё", "е").split())[:LONGEST]


def number(text: str) -> float | None:
    """The number that is written plainly (-1000.5), with up to 15 digits."""
    return float(text) if _NUMBER.fullmatch(text) else None


def day(text: str) -> date | None:
    """The day that is written as 2026-12-31."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
