"""Wraps a button's payload in the JSON that VK asks for, and unwraps what comes back."""

import json
from collections.abc import Mapping

from bots.vk.fields import words

_KEY = "p"
_START = {"command": "start"}


def wrap(payload: str) -> str:
    """Our payload as VK's."""
    return json.dumps({_KEY: payload}, ensure_ascii=False, separators=(",", ":"))


def unwrap(given: object) -> str | None:
    """Our payload in VK's, which is JSON or already parsed; None when it is somebody else's.

    Raises Odd.
    """
    value = _parsed(given)
    return words(value, _KEY) if isinstance(value, Mapping) and _KEY in value else None


def is_start(given: object) -> bool:
    """Whether it is what VK's own Start button carries."""
    return _parsed(given) == _START


def _parsed(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        parsed: object = json.loads(given)
    except ValueError:
        return None
    return parsed
