"""Spoils the bodies of webhooks in every way that somebody hostile or clumsy may think of."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

RTL = "\u202eسلام\u202c"
EMOJI = "👩‍👩‍👧‍👦" * 600
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**31, 2**63, 10**30, -(10**30), 1.5, 1e308),
    *("", " ", "0", "-1", "NaN", "9" * 30, "\0", "a\0b", "\ud800", "\udfff\ud800", RTL, EMOJI),
    *("<b>", "_*[`", "{{ 7*7 }}", "=1+1", "'; --", "../../etc", "/stop", "/broadcast", "x" * 4_097),
    *([], {}, [[]], [None], {"": None}, {"is": "Started"}, [0] * 50),
)
"""What stands in a body instead of what belongs there."""
DEPTHS = (20, 500, 2_000, 100_000)
DEPTH_WEIGHTS = (60, 25, 10, 5)
_DEEP = "@deep@"

Mutation = Callable[[random.Random, bytes], bytes]


def spoil(chance: random.Random, body: bytes) -> bytes:
    """The body with one to three mutations; the same for the same state of `chance`."""
    mutations = _OF_JSON if body.lstrip()[:1] == b"{" else _OF_FORMS
    for _ in range(chance.choice((1, 1, 2, 3))):
        body = chance.choice(mutations)(chance, body)
    return body


def _flip(chance: random.Random, body: bytes) -> bytes:
    flipped = bytearray(body)
    for _ in range(min(len(body), chance.choice((1, 2, 8)))):
        flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    return bytes(flipped)


def _cut(chance: random.Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _insert(chance: random.Random, body: bytes) -> bytes:
    at = chance.randrange(len(body) + 1)
    told = (
        b"9" * 5_000,
        b"\0",
        b"\xff\xfe",
        b"\\ud800",
        b"\\u0000",
        RTL.encode(),
        b"[" * 3,
        b'"',
        b"}",
        b"%00",
    )
    return body[:at] + chance.choice(told) + body[at:]


def _repeat(chance: random.Random, body: bytes) -> bytes:
    start = chance.randrange(len(body) + 1)
    piece = body[start : start + chance.randrange(1, 60)]
    return body[:start] + piece * chance.choice((2, 3, 50)) + body[start:]


def _swap(chance: random.Random, body: bytes) -> bytes:
    return _grown(chance, body, lambda _: chance.choice(ODD))


def _wrap(chance: random.Random, body: bytes) -> bytes:
    return _grown(chance, body, lambda node: chance.choice(([node], {"a": node}, [node, node])))


def _deepen(chance: random.Random, body: bytes) -> bytes:
    depth = chance.choices(DEPTHS, DEPTH_WEIGHTS)[0]
    opened, closed = chance.choice((("[", "]"), ('{"a":', "}")))
    deep = opened * depth + ("" if opened == "[" else "1") + closed * depth
    grown = _grown(chance, body, lambda _: _DEEP)
    return grown.replace(json.dumps(_DEEP).encode(), deep.encode(), 1)


def _twice(chance: random.Random, body: bytes) -> bytes:
    """The same key twice in an object; the later one counts."""
    places = [at for at, byte in enumerate(body) if byte in b"{,"]
    keys = [piece for piece in body.split(b'"')[1::2] if piece.isalnum()]
    if not places or not keys:
        return _cut(chance, body)
    at = chance.choice(places) + 1
    odd = json.dumps(chance.choice(ODD[:24])).encode()
    return body[:at] + b'"' + chance.choice(keys) + b'":' + odd + b"," + body[at:]


def _field(chance: random.Random, body: bytes) -> bytes:
    """A form with a field too many, or very many of them."""
    key = chance.choice((b"id", b"phone", b"status", b"mes", b"err", b"sms_id", b"\xff", b""))
    value = chance.choice((b"", b"%", b"%00", b"%ed%a0%80", b"-1", b"9" * 40, b"%D0", b"=&="))
    return b"&".join([body, *[key + b"=" + value] * chance.choice((1, 1, 2, 500))])


_ANYWHERE: tuple[Mutation, ...] = (_flip, _cut, _insert, _repeat)
_OF_JSON: tuple[Mutation, ...] = (*_ANYWHERE, _swap, _swap, _swap, _wrap, _deepen, _twice)
_OF_FORMS: tuple[Mutation, ...] = (*_ANYWHERE, _field, _field)


def _grown(chance: random.Random, body: bytes, change: Callable[[Any], Any]) -> bytes:
    """The body with one of its values changed; spoilt otherwise where it is no JSON any more."""
    try:
        tree = json.loads(body)
        places = list(_places(tree))
        if places:
            parent, key = chance.choice(places)
            parent[key] = change(parent[key])
        return json.dumps(tree, ensure_ascii=chance.random() < 0.7).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return _flip(chance, body)


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Each value of the tree as its parent and its key there."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        yield tree, key
        if isinstance(value, dict | list):
            yield from _places(value)
