"""Reads the fields of VK's objects one by one, and says which one is not as documented."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Object = Mapping[str, Any]


class Odd(ValueError):
    """A field is missing or of another kind; the text names it."""


def whole(item: Object, key: str, default: int | None = None) -> int:
    """A whole number, the default when missing; raises Odd."""
    value = item.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise Odd(f"{key} is not a number")
    return value


def words(item: Object, key: str) -> str:
    """A string that a database can keep, "" when missing; raises Odd."""
    value = item.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or "\x00" in value or not _is_unicode(value):
        raise Odd(f"{key} is not a text")
    return value


def part(item: Object, key: str) -> Object:
    """An object; raises Odd."""
    value = item.get(key)
    if not isinstance(value, Mapping):
        raise Odd(f"{key} is not an object")
    return value


def parts(item: Object, key: str) -> Sequence[Object]:
    """A list of objects, empty when missing; raises Odd."""
    value = item.get(key) or []
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise Odd(f"{key} is not a list of objects")
    return value


def moment(item: Object, key: str) -> datetime:
    """A time given in Unix seconds; raises Odd."""
    seconds = whole(item, key)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise Odd(f"{key} is not a time") from None


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
