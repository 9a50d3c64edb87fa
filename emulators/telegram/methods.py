"""What a method of the Bot API is to this emulator."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from emulators.telegram.parameters import Parameters

Method = Callable[[Parameters], Awaitable[Any]]
# By the name that the documentation writes, such as sendMessage.
Methods = Mapping[str, Method]


@dataclass(frozen=True, slots=True)
class Described:
    """A result that Telegram says something about."""

    result: Any
    description: str
