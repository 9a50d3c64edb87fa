"""The fields of a nested object, read as strictly as Telegram's server reads them.

A missing field is empty unless it is needed; one of a wrong type raises BadField with the text of
the server's JsonBuilder.cpp, which the caller puts behind its own "Can't parse …".
"""

from collections.abc import Mapping
from typing import Any

Told = Mapping[str, Any]

_INT32 = range(-(2**31), 2**31)


class BadField(ValueError):
    """An object that cannot be understood; the text is the second half of Telegram's."""


def text_in(told: Told, name: str, *, needed: bool = False) -> str:
    """A text; a number will do."""
    if name not in told:
        _missing(name, needed)
        return ""
    value = told[name]
    if isinstance(value, str):
        return value
    if _is_number(value):
        return str(value)
    raise BadField(f'Field "{name}" must be of type String')


def number_in(told: Told, name: str, *, needed: bool = False) -> int:
    """A whole number of 32 bits; a text of digits will do."""
    if name not in told:
        _missing(name, needed)
        return 0
    value = told[name]
    if not isinstance(value, str) and not _is_number(value):
        raise BadField(f'Field "{name}" must be a Number')
    try:
        found = int(str(value))
    except ValueError:
        found = _INT32.stop
    if found not in _INT32:
        raise BadField(f'Field "{name}" must be a valid Number')
    return found


def flag_in(told: Told, name: str) -> bool:
    """True or false."""
    value = told.get(name, False)
    if isinstance(value, bool):
        return value
    raise BadField(f'Field "{name}" must be of type Boolean')


def object_of(told: Told, name: str) -> dict[str, Any]:
    """An object that must be there."""
    if name not in told:
        _missing(name, needed=True)
    value = told[name]
    if isinstance(value, dict):
        return value
    raise BadField(f'Field "{name}" must be of type Object')


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _missing(name: str, needed: bool) -> None:
    if needed:
        raise BadField(f'Can\'t find field "{name}"')
