"""Reads fields out of JSON whose shape nobody has checked."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]

# NUL breaks PostgreSQL, a lone surrogate breaks SQLite.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INTEGER_LIMIT = 2**63


class Odd(ValueError):
    """A field is not what Telegram documents; the text says which, without its value."""


def record(source: Record, key: str) -> Record:
    """The object under a key; raises Odd."""
    value = source.get(key)
    if not isinstance(value, dict):
        raise Odd(f"{key} is not an object")
    return value


def records(source: Record, key: str) -> Sequence[Record]:
    """The objects listed under a key; raises Odd."""
    value = source.get(key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Odd(f"{key} is not a list of objects")
    return value


def integer(source: Record, key: str) -> int:
    """The whole number under a key, as far as a database can hold it; raises Odd."""
    value = source.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= _INTEGER_LIMIT:
        raise Odd(f"{key} is not a whole number")
    return value


def string(source: Record, key: str, default: str | None = None) -> str:
    """The text under a key, or the default where the key is absent; raises Odd."""
    value = source.get(key, default)
    if not isinstance(value, str):
        raise Odd(f"{key} is not a text")
    if _UNSTORABLE.search(value):
        raise Odd(f"{key} has NUL or half a character in it")
    return value
