"""Reads a request's JSON strictly and refuses it in the Graph API's own words."""

from collections.abc import Collection, Iterator
from typing import Any, TypeVar

from emulators.utf16 import HALF_PAIR
from emulators.whatsapp.errors import GraphError

Path = tuple[str, ...]
Word = TypeVar("Word", bound=str)


def bad_value(details: str) -> GraphError:
    """A value outside the limits of the API (whatsapp.md section 3.2)."""
    return GraphError(131009, details)


def missing(details: str) -> GraphError:
    """A value that the API needs and that is not there."""
    return GraphError(131008, details)


def invalid(title: str) -> GraphError:
    """A request that is not built as the API asks."""
    return GraphError(100, title=title)


class Params:
    """One JSON object of a request, with its place in it, such as `interactive['body']`."""

    def __init__(self, value: Any, path: Path = ()) -> None:
        self._path = path
        if not isinstance(value, dict):
            raise invalid(f"Param {self.name()} must be a JSON object.")
        self._value: dict[str, Any] = value

    def name(self, *inside: str) -> str:
        """How the API calls this object or something inside it."""
        head, *rest = (*self._path, *inside) or ("body",)
        return head + "".join(f"['{part}']" for part in rest)

    def has(self, key: str) -> bool:
        """Whether something was given under this key."""
        return self._value.get(key) is not None

    def get(self, key: str) -> Any:
        """The raw value, None when there is none."""
        return self._value.get(key)

    def only(self, *known: str) -> None:
        """Refuse keys that the API does not know here."""
        for key in self._value:
            if key not in known:
                raise invalid(f'Unexpected key "{key}" on param "{self.name()}".')

    def child(self, key: str) -> "Params":
        """The object under a key."""
        if not self.has(key):
            raise missing(f"Param {self.name(key)} is required.")
        return Params(self._value[key], (*self._path, key))

    def items(self, key: str, most: int, least: int = 1) -> Iterator["Params"]:
        """The objects of an array that holds so many."""
        value = self._value.get(key)
        if not isinstance(value, list):
            raise invalid(f"Param {self.name(key)} must be an array.")
        if not least <= len(value) <= most:
            raise bad_value(
                f"Invalid {key} count. Min allowed {key}: {least}, Max allowed {key}: {most}"
            )
        for index, item in enumerate(value):
            yield Params(item, (*self._path, key, str(index)))

    def maybe(self, key: str, most: int, least: int = 1) -> str | None:
        """A text of so many characters, or None."""
        if not self.has(key):
            return None
        value = self._value[key]
        if not isinstance(value, str):
            raise invalid(f"Param {self.name(key)} must be a string.")
        if not value.isascii() and HALF_PAIR.search(value):
            raise invalid(f"Param {self.name(key)} must be a valid UTF-8 string.")
        if len(value) > most:
            raise bad_value(f"Param {self.name(key)} must be at most {most} characters long.")
        if len(value) < least:
            raise bad_value(f"Param {self.name(key)} must be at least {least} characters long.")
        return value

    def texts(self, key: str, most: int, longest: int) -> list[str]:
        """The texts of an array that holds so many at most."""
        value = self._value.get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise invalid(f"Param {self.name(key)} must be an array of strings.")
        if len(value) > most or any(len(item) > longest for item in value):
            raise bad_value(
                f"Param {self.name(key)} must be at most {most} of {longest} characters."
            )
        return value

    def text(self, key: str, most: int, least: int = 1) -> str:
        """A text of so many characters that must be there."""
        value = self.maybe(key, most, least)
        if value is None:
            raise missing(f"Param {self.name(key)} is required.")
        return value

    def choice(self, key: str, options: Collection[Word]) -> Word:
        """One of the words that the API knows here."""
        value = self._value.get(key)
        for option in options:
            if option == value:
                return option
        known = ", ".join(sorted(options))
        raise invalid(f'Param {self.name(key)} must be one of {{{known}}} - got "{value}".')
