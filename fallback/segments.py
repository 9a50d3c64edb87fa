"""Counts the parts in which a text travels as SMS, which are what an SMS is paid by.

Rules: GSM 03.38 and 23.040. A text of GSM characters is measured in septets, any other in UTF-16
units; a text too long for one part gives up room in each part to the header that joins them.
"""

from collections.abc import Sequence
from functools import lru_cache

from gsm0338 import Codec

GSM_SINGLE, GSM_JOINED = 160, 153
UCS2_SINGLE, UCS2_JOINED = 70, 67

# The codec takes it for a letter, but by itself it only announces the extension table.
ESCAPE = "\x1b"


def segments(text: str) -> int:
    """How many SMS the text makes; none for an empty one."""
    septets = [_septets(character) for character in text]
    gsm = [size for size in septets if size is not None]
    if len(gsm) == len(septets):
        return _parts(gsm, GSM_SINGLE, GSM_JOINED)
    return _parts([_units(character) for character in text], UCS2_SINGLE, UCS2_JOINED)


def _parts(sizes: Sequence[int], single: int, joined: int) -> int:
    # A character is never divided: neither an escaped one nor a surrogate pair.
    if sum(sizes) <= single:
        return 1 if sizes else 0
    parts, room = 1, joined
    for size in sizes:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return parts


@lru_cache(maxsize=4096)
def _septets(character: str) -> int | None:
    """Septets of a character, 2 in the extension table; None outside the GSM alphabet."""
    if character == ESCAPE:
        return None
    try:
        return len(character.encode(Codec.NAME))
    except UnicodeEncodeError:
        return None


def _units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1
