"""Writes a segment as a query, of which `parse` makes the same segment. Pure."""

import re

from dialogs.query.literals import quoted, written
from dialogs.query.reading import ACTIVITIES, BIRTHDAY, CHOICES
from vestnik.conditions import Between, ComingUp, Compared, Condition, Known, OneOf
from vestnik.segment import (
    Active,
    All,
    Consented,
    Fact,
    Leaf,
    Not,
    On,
    Segment,
    Speaks,
    Targeted,
)
from vestnik.segment import Any as AnyOf

_BARE = re.compile(r"[^\W\d][\w-]*")
_TAKEN = {*ACTIVITIES, *CHOICES, "not", "in", "got", "everyone", "nobody"}


def write(segment: Segment) -> str:
    """The query; a combination of one part is written as that part."""
    match segment:
        case All(()):
            return "everyone"
        case AnyOf(()):
            return "nobody"
        case All((part,)) | AnyOf((part,)):
            return write(part)
        case All(parts):
            return " and ".join(_within(part) for part in parts)
        case AnyOf(parts):
            return " or ".join(_within(part) for part in parts)
        case Not(part):
            return _without(part)
        case _:
            return _leaf(segment)


def _within(part: Segment) -> str:
    match part:
        case All((inner,)) | AnyOf((inner,)):
            return _within(inner)
        case All((_, _, *_)) | AnyOf((_, _, *_)):
            return f"({write(part)})"
        case _:
            return write(part)


def _without(part: Segment) -> str:
    match part:
        case Fact(condition=Known()) | Active(condition=Known()):
            return f"{_subject(part)} is unknown"
        case Fact(condition=OneOf((value,))):
            return f"{_subject(part)} != {quoted(value)}"
        case Fact(condition=Compared("=", bound)) | Active(condition=Compared("=", bound)):
            return f"{_subject(part)} != {written(bound)}"
        case Consented() | On() | Speaks():
            return _leaf(part).replace(" = ", " != ", 1)
        case _:
            return f"not {_within(part)}"


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Fact(name, ComingUp(days, yearly)):
            every_year = " yearly" if yearly and name != BIRTHDAY else ""
            return f"{_subject(leaf)}{every_year} in next {days}d"
        case Fact() | Active():
            return f"{_subject(leaf)} {_condition(leaf.condition)}"
        case Consented(purpose):
            return f"consent = {quoted(purpose)}"
        case On(channel):
            return f"channel = {quoted(channel)}"
        case Speaks(language):
            return f"language = {quoted(language)}"
        case Targeted(broadcast, reached):
            return f"{'got' if reached else 'in'} broadcast {broadcast}"


def _condition(condition: Condition) -> str:
    match condition:
        case Known():
            return "is known"
        case OneOf((value,)):
            return f"= {quoted(value)}"
        case OneOf(values):
            return f"in [{', '.join(map(quoted, values))}]"
        case Compared(operator, bound):
            return f"{operator} {written(bound)}"
        case Between(low, high):
            return f"between {written(low)} and {written(high)}"
        case ComingUp(days):
            return f"in next {days}d"


def _subject(leaf: Fact | Active) -> str:
    if isinstance(leaf, Active):
        return leaf.activity
    name = leaf.name
    bare = _BARE.fullmatch(name) is not None and name == name.lower()
    if leaf.source != "anywhere":
        return f"{leaf.source}.{name if bare else quoted(name, '`')}"
    return name if bare and name not in _TAKEN else quoted(name, "`")
