"""Writes our dataclasses as JSON values and reads them back: the form in which they are stored."""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_KIND = "is"

_Reader = Callable[[Any], Any]
"""Reads JSON values of one type; made once for each type, since an event holds dozens of them."""


class Malformed(ValueError):
    """The stored or given value does not fit the type; the text says where."""

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(f"value{where}: {what}")
        self._what, self._where = what, where

    def below(self, where: str) -> "Malformed":
        """The same, told by the value that holds the misfit."""
        return Malformed(self._what, where + self._where)


def encode(value: object) -> Any:
    """A JSON value; a dataclass becomes an object whose "is" names its class."""
    if value is None or isinstance(value, str):
        return value
    kind: Any = type(value)
    if (names := _field_names(kind)) is not None:
        return {_KIND: kind.__name__} | {name: encode(getattr(value, name)) for name in names}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    return value


def decode(kind: type[T] | Any, data: Any) -> T:
    """The value of the given type (a dataclass, a union of them, a tuple, …); raises Malformed."""
    known: Any = kind
    try:
        result: T = _reader(known)(data)
    except RecursionError:
        raise Malformed("nested too deeply") from None
    return result


@cache
def _field_names(kind: type) -> tuple[str, ...] | None:
    return tuple(item.name for item in fields(kind)) if is_dataclass(kind) else None


@cache
def _reader(kind: Any) -> _Reader:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _union(inner)
    if origin is Literal:
        return _one_of(inner)
    if origin in (tuple, frozenset):
        return _items(origin, _reader(inner[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_reader(inner[1]))
    if _is_record(kind):
        return _record(kind)
    if kind is datetime:
        return _time
    if kind is date:
        return _day
    kind = getattr(kind, "__supertype__", kind)
    return _anything if kind is Any else _plain(kind)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and is_dataclass(kind)


def _anything(data: Any) -> Any:
    return data


def _plain(kind: type) -> _Reader:
    def read(data: Any) -> Any:
        if type(data) is kind:
            return data
        # Python takes True for 1, JSON does not.
        fits = isinstance(data, bool) == (kind is bool)
        if fits and (isinstance(data, kind) or (kind is float and isinstance(data, int))):
            return data
        raise Malformed(f"expected {kind.__name__}, got {data!r:.80}")

    return read


def _union(kinds: tuple[Any, ...]) -> _Reader:
    optional = type(None) in kinds
    flat = _flat(kinds)
    records = {kind.__name__: _reader(kind) for kind in flat if _is_record(kind)}
    rest = [kind for kind in flat if kind is not type(None) and not _is_record(kind)]
    otherwise = _reader(rest[0]) if rest else None

    def read(data: Any) -> Any:
        if data is None and optional:
            return None
        if records and isinstance(data, dict):
            name = data.get(_KIND)
            reader = records.get(name) if isinstance(name, str) else None
            if reader is None:
                raise Malformed(f'"is" must be one of {", ".join(records)}, got {name!r:.80}')
            return reader(data)
        if otherwise is None:
            raise Malformed(f"expected an object, got {data!r:.80}")
        return otherwise(data)

    return read


def _flat(kinds: tuple[Any, ...]) -> list[Any]:
    flat: list[Any] = []
    for kind in kinds:
        nested = get_origin(kind) in (Union, types.UnionType)
        flat.extend(_flat(get_args(kind)) if nested else [kind])
    return flat


def _record(kind: Any) -> _Reader:
    def read(data: Any) -> Any:
        if not isinstance(data, dict):
            raise Malformed(f"expected an object, got {data!r:.80}")
        if data.get(_KIND, kind.__name__) != kind.__name__:
            raise Malformed(f'"is" must be {kind.__name__}, got {data[_KIND]!r:.80}')
        readers = _field_readers(kind)
        unknown = sorted(data.keys() - readers.keys() - {_KIND})
        if unknown:
            raise Malformed(f"{kind.__name__} has no {', '.join(unknown)}")
        given = {}
        for name, reader in readers.items():
            if name in data:
                try:
                    given[name] = reader(data[name])
                except Malformed as misfit:
                    raise misfit.below(f".{name}") from None
        try:
            return kind(**given)
        except TypeError as error:
            raise Malformed(str(error)) from None

    return read


@cache
def _field_readers(kind: Any) -> dict[str, _Reader]:
    # Found when a value is first read, not when the reader is made: a record may hold its like.
    return {name: _reader(hint) for name, hint in get_type_hints(kind).items()}


def _items(kind: Callable[[list[Any]], Any], reader: _Reader) -> _Reader:
    def read(data: Any) -> Any:
        if not isinstance(data, list | tuple):
            raise Malformed(f"expected a list, got {data!r:.80}")
        found = []
        for place, item in enumerate(data):
            try:
                found.append(reader(item))
            except Malformed as misfit:
                raise misfit.below(f"[{place}]") from None
        return kind(found)

    return read


def _mapping(reader: _Reader) -> _Reader:
    def read(data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise Malformed(f"expected an object, got {data!r:.80}")
        found = {}
        for key, item in data.items():
            try:
                found[key] = reader(item)
            except Malformed as misfit:
                raise misfit.below(f".{key}") from None
        return found

    return read


def _one_of(values: tuple[Any, ...]) -> _Reader:
    def read(data: Any) -> Any:
        if data in values:
            return data
        raise Malformed(f"expected one of {', '.join(map(str, values))}, got {data!r:.80}")

    return read


def _time(data: Any) -> datetime:
    try:
        at = datetime.fromisoformat(data)
    except (TypeError, ValueError):
        raise Malformed(f"expected an ISO 8601 time, got {data!r:.80}") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _day(data: Any) -> date:
    try:
        return date.fromisoformat(data)
    except (TypeError, ValueError):
        raise Malformed(f"expected an ISO 8601 date, got {data!r:.80}") from None
