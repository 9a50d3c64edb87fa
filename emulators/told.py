"""What the body of a gesture tells, read strictly."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from emulators.world import Refused

T = TypeVar("T")

Told = Mapping[str, Any]


def told_text(told: Told, name: str = "text") -> str:
    """A text that is not empty; raises Refused."""
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(f"say it in {name!r}: a text that is not empty")
    return value


def told_index(told: Told, name: str, most: int) -> int:
    """A number below `most`, 0 unless told; raises Refused."""
    value = told.get(name, 0)
    if not isinstance(value, int) or not 0 <= value < most:
        raise Refused(f"there is no {name} {value!r}: give a number from 0 to {most - 1}")
    return value


def told_place(told: Told, rows: Sequence[Sequence[T]]) -> T:
    """What stands at `row` and `column`; raises Refused."""
    if not rows:
        raise Refused("there are no keys here")
    row = rows[told_index(told, "row", len(rows))]
    return row[told_index(told, "column", len(row))]
