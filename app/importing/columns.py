"""What the columns of a table mean, and what their cells say. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from vestnik.segment import TAGS
from vestnik.values import LONGEST, LONGEST_NAME, day, fold, number

Kind = Literal["text", "number", "date", "tags"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Columns that everybody calls the same, and what they are unless it is told.
_USUAL: Mapping[str, tuple[str, Kind]] = {
    "birthday": ("birthday", "date"),
    "день рождения": ("birthday", "date"),
    "дата рождения": ("birthday", "date"),
    "ltv": ("ltv", "number"),
    "purchases": ("purchases", "number"),
    "tags": (TAGS, "tags"),
    "теги": (TAGS, "tags"),
}
# What the column is called that says who it is.
_CALLED: Mapping[str, Sequence[str]] = {
    "phone": ("phone", "телефон", "номер телефона"),
}
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_WITH_TIME = re.compile(r"(.{8,10})[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{0,20})?")
_LARGE = 10**9
_SPACES = re.compile(r"[\s\u00a0\u202f']")


class BadColumns(ValueError):
    """The columns cannot be used as asked for; the text says why, and what to do."""


class Refused(ValueError):
    """A cell does not say what its column promises; the text says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its place from 0: the name under which it is known, and what its cells are."""

    place: int
    header: str
    name: str
    kind: Kind

    def read(self, cell: str) -> frozenset[str]:
        """The values in the form in which they are kept; none for an empty cell. Raises Refused."""
        if not cell:
            return frozenset()
        values = re.split(r"[,;\n]", cell) if self.kind == "tags" else [cell]
        read = (self._value(value.strip()) for value in values)
        return frozenset(value for value in read if value)

    def _value(self, said: str) -> str:
        match self.kind:
            case "number":
                return _number(said)
            case "date":
                return _date(said)
            case "text" | "tags":
                if len(said) > LONGEST:
                    raise Refused(f"longer than {LONGEST} characters")
                return said


def columns(headers: Sequence[str], asked: Sequence[str], key: str) -> tuple[int, list[Column]]:
    """The place of the column that says who it is, and what the others mean; raises BadColumns.

    `asked` are such as "LTV=ltv:number"; without any, every column is taken under its own name.
    """
    folded = [fold(header) for header in headers]
    twice = sorted({header for header in headers if header and folded.count(fold(header)) > 1})
    if twice:
        raise BadColumns(f"Several columns are called {', '.join(twice)}: rename or remove them.")
    called = _CALLED.get(key, (fold(key),))
    place = next((number for number, it in enumerate(folded) if it in called), None)
    if place is None:
        raise BadColumns(
            f"There is no column {key!r} to find people by, name it with --key; "
            + _there_are(headers)
        )
    if asked:
        return place, [_asked(it, headers, folded) for it in asked]
    others = [it for it in range(len(headers)) if it != place and headers[it]]
    if not others:
        raise BadColumns("There is no column besides the one to find people by.")
    return place, [_usual(it, headers[it]) for it in others]


def _asked(asked: str, headers: Sequence[str], folded: Sequence[str]) -> Column:
    header, equals, meaning = asked.rpartition("=")
    name, _, kind = meaning.partition(":")
    known = next((it for it in KINDS if it == (kind or "text")), None)
    if not equals or known is None:
        raise BadColumns(
            f"{asked!r} maps no column: write HEADER=name:kind, a kind of {', '.join(KINDS)}."
        )
    if fold(header) not in folded:
        raise BadColumns(f"There is no column {header!r}; {_there_are(headers)}")
    place = folded.index(fold(header))
    return Column(place, headers[place], _named(name), known)


def _usual(place: int, header: str) -> Column:
    name, kind = _USUAL.get(fold(header), (header, "text"))
    return Column(place, header, _named(name), kind)


def _named(header: str) -> str:
    name = re.sub(r"[^\w-]+", "_", header.strip().lower()).strip("_")
    if not name or len(name) > LONGEST_NAME:
        raise BadColumns(f"{header!r} is no name: 1 to {LONGEST_NAME} letters, digits, _ or -.")
    return name


def _there_are(headers: Sequence[str]) -> str:
    return f"there are: {', '.join(filter(None, headers))}."


def _number(said: str) -> str:
    plain = _SPACES.sub("", said).replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise Refused("no number")
    exact = Decimal(plain)
    # What a sheet computed has more digits than anybody meant.
    kept = round(exact, 6 if abs(exact) < _LARGE else 3)
    written = format(kept.normalize() + 0, "f")
    if number(written) is None:
        raise Refused("no number of at most 15 digits")
    return written


def _date(said: str) -> str:
    with_time = _WITH_TIME.fullmatch(said)
    said = with_time[1] if with_time else said
    first = _DAY_FIRST.fullmatch(said)
    try:
        read = date(int(first[3]), int(first[2]), int(first[1])) if first else day(said)
    except ValueError:
        read = None
    if read is None:
        raise Refused("no date like 2026-12-31 or 31.12.2026")
    return read.isoformat()
