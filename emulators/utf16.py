"""Texts as UTF-16, in whose units the platforms count offsets and lengths."""

import re

# Half of a surrogate pair: JSON can carry it, but it is no Unicode text.
HALF_PAIR = re.compile(r"[\ud800-\udfff]")


def units(text: str) -> int:
    """How many UTF-16 units the text has."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
