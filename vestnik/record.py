"""Writes our dataclasses as JSON values and reads them back: the form in which they are stored."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_KIND = "is"


class Malformed(ValueError):
    """The stored or given value does not fit the type; the text says where."""


def encode(value: object) -> Any:
    """A JSON value; a dataclass becomes an object whose "is" names its class."""
    if is_dataclass(value) and not isinstance(value, type):
        body = {item.name: encode(getattr(value, item.name)) for item in fields(value)}
        return {_KIND: type(value).__name__, **body}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    return value


def decode(kind: type[T] | Any, data: Any) -> T:
    """The value of the given type (a dataclass, a union of them, a tuple, …); raises Malformed."""
    try:
        result: T = _decode(kind, data, "value")
    except RecursionError:
        raise Malformed("value: nested too deeply") from None
    return result


def _decode(kind: Any, data: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(kind), data, where)
    if origin is Literal:
        return _one_of(get_args(kind), data, where)
    if origin is tuple:
        return tuple(_items(get_args(kind)[0], data, where))
    if origin is frozenset:
        return frozenset(_items(get_args(kind)[0], data, where))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(get_args(kind)[1], data, where)
    if isinstance(kind, type) and is_dataclass(kind):
        return _decode_record(kind, data, where)
    if kind is datetime:
        return _time(data, where)
    kind = getattr(kind, "__supertype__", kind)
    if kind is Any:
        return data
    # Python takes True for 1, JSON does not.
    fits = isinstance(data, bool) == (kind is bool)
    if fits and (isinstance(data, kind) or (kind is float and isinstance(data, int))):
        return data
    raise Malformed(f"{where}: expected {kind.__name__}, got {data!r:.80}")


def _decode_union(kinds: tuple[Any, ...], data: Any, where: str) -> Any:
    if data is None and type(None) in kinds:
        return None
    records = [kind for kind in _flat(kinds) if isinstance(kind, type) and is_dataclass(kind)]
    if isinstance(data, Mapping) and records:
        for kind in records:
            if kind.__name__ == data.get(_KIND):
                return _decode_record(kind, data, where)
        names = ", ".join(kind.__name__ for kind in records)
        raise Malformed(f'{where}: "is" must be one of {names}, got {data.get(_KIND)!r}')
    rest = [kind for kind in kinds if kind is not type(None) and kind not in records]
    if not rest:
        raise Malformed(f"{where}: expected an object, got {data!r:.80}")
    return _decode(rest[0], data, where)


def _flat(kinds: tuple[Any, ...]) -> list[Any]:
    flat: list[Any] = []
    for kind in kinds:
        nested = get_origin(kind) in (Union, types.UnionType)
        flat.extend(_flat(get_args(kind)) if nested else [kind])
    return flat


def _decode_record(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise Malformed(f"{where}: expected an object, got {data!r:.80}")
    hints = _hints(kind)
    if data.get(_KIND, kind.__name__) != kind.__name__:
        raise Malformed(f'{where}: "is" must be {kind.__name__}, got {data[_KIND]!r:.80}')
    unknown = sorted(set(data) - set(hints) - {_KIND})
    if unknown:
        raise Malformed(f"{where}: {kind.__name__} has no {', '.join(unknown)}")
    given = {
        name: _decode(hints[name], data[name], f"{where}.{name}") for name in hints if name in data
    }
    try:
        return kind(**given)
    except TypeError as error:
        raise Malformed(f"{where}: {error}") from None


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _items(kind: Any, data: Any, where: str) -> list[Any]:
    if not isinstance(data, list | tuple):
        raise Malformed(f"{where}: expected a list, got {data!r:.80}")
    return [_decode(kind, item, f"{where}[{index}]") for index, item in enumerate(data)]


def _mapping(kind: Any, data: Any, where: str) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise Malformed(f"{where}: expected an object, got {data!r:.80}")
    return {key: _decode(kind, item, f"{where}.{key}") for key, item in data.items()}


def _one_of(values: tuple[Any, ...], data: Any, where: str) -> Any:
    if data in values:
        return data
    raise Malformed(f"{where}: expected one of {', '.join(map(str, values))}, got {data!r:.80}")


def _time(data: Any, where: str) -> datetime:
    try:
        at = datetime.fromisoformat(data)
    except (TypeError, ValueError):
        raise Malformed(f"{where}: expected an ISO 8601 time, got {data!r:.80}") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
