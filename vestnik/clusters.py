"""Tells where a character ends as people see it: emoji, flags and accents stay in one piece.

The careful part of Unicode's rule (unicode.org/reports/tr29), with nothing but the standard
library: what it does not know (Indic conjuncts) it may part, and no more than that.
"""

import unicodedata

ELLIPSIS = "…"

_JOINER = "\u200d"
# They belong to what stands before them, though their category does not say so: joiners, the
# skin tones, the tags of flags, vowels and finals of Hangul, voice marks of half-width kana.
_FOLLOWERS = (
    ("\u200c", "\u200d"),
    ("\U0001f3fb", "\U0001f3ff"),
    ("\U000e0020", "\U000e007f"),
    ("\u1160", "\u11ff"),
    ("\uff9e", "\uff9f"),
)


def parted(text: str, at: int, since: int = 0) -> bool:
    """Whether one character ends and another begins at a position.

    `since` is an earlier position where one is known to begin; nothing before it is looked at.
    """
    if not since < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if before == _JOINER or _follows(after) or (before, after) == ("\r", "\n"):
        return False
    if "\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff":
        return False
    # A flag is a pair of letters.
    return not (_of_a_flag(before) and _of_a_flag(after) and _flags_before(text, at, since) % 2)


def shorten(label: str, most: int) -> str:
    """A label of so many characters (code points) at most, with an ellipsis where it is cut."""
    if len(label) <= most:
        return label
    ends = (end for end in range(most - 1, 0, -1) if parted(label, end))
    return label[: next(ends, most - 1)].rstrip() + ELLIPSIS


def _follows(character: str) -> bool:
    if character.isascii():
        return False
    if unicodedata.category(character).startswith("M"):
        return True
    return any(first <= character <= last for first, last in _FOLLOWERS)


def _of_a_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags_before(text: str, at: int, since: int) -> int:
    start = at
    while start > since and _of_a_flag(text[start - 1]):
        start -= 1
    return at - start
