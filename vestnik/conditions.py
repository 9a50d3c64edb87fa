"""Conditions of a segment: what a value, or the last time of something, has to be. Pure."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from vestnik.values import Typed, fold

Operator = Literal["=", "<", "<=", ">", ">="]

COMPARE: Mapping[Operator, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
"""The operators, for Python's values and for columns alike."""

# Less long ago is later.
_OPPOSITE: Mapping[Operator, Operator] = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Number:
    """A number to compare with."""

    value: float


@dataclass(frozen=True, slots=True)
class Day:
    """A day to compare with."""

    value: date


@dataclass(frozen=True, slots=True)
class Ago:
    """So many hours before now; for days that are known, whole days before today."""

    hours: int

    @property
    def days(self) -> int:
        """The same in whole days."""
        return self.hours // 24


Bound = Number | Day | Ago


@dataclass(frozen=True, slots=True)
class Known:
    """Whatever it is."""


KNOWN = Known()


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these texts, as they are folded."""

    values: tuple[str, ...]

    @property
    def folded(self) -> frozenset[str]:
        """The texts as they are compared."""
        return frozenset(map(fold, self.values))


@dataclass(frozen=True, slots=True)
class Compared:
    """So it stands to a bound. `< Ago(…)` is less long ago; nothing in the future is ago."""

    operator: Operator
    bound: Bound


@dataclass(frozen=True, slots=True)
class Between:
    """Between two numbers or two days, both included."""

    low: Number | Day
    high: Number | Day


@dataclass(frozen=True, slots=True)
class ComingUp:
    """A day that is today or within so many days; `yearly`: whatever its year, as birthdays are."""

    days: int
    yearly: bool = False

    def until(self, today: date) -> date:
        """The last day that counts."""
        return today + timedelta(days=self.days)


Condition = Known | OneOf | Compared | Between | ComingUp


def meets(value: Typed, condition: Condition, today: date) -> bool:
    """Whether a value is as the condition says."""
    match condition:
        case Known():
            return True
        case OneOf():
            return value.folded in condition.folded
        case Compared(sign, bound):
            return _stands(value, sign, bound, today)
        case Between(Number(low), Number(high)):
            return value.number is not None and low <= value.number <= high
        case Between(Day(low), Day(high)):
            return value.day is not None and low <= value.day <= high
        case Between():
            return False
        case ComingUp(days, yearly=True):
            return value.day is not None and month_day(value.day) in month_days(today, days)
        case ComingUp() as coming:
            return value.day is not None and today <= value.day <= coming.until(today)


def _stands(value: Typed, sign: Operator, bound: Bound, today: date) -> bool:
    match bound:
        case Number(number):
            return value.number is not None and bool(COMPARE[sign](value.number, number))
        case Day(day):
            return value.day is not None and bool(COMPARE[sign](value.day, day))
        case Ago():
            compare, since = days_ago(sign, bound, today)
            return value.day is not None and compare(value.day, since) and value.day <= today


def days_ago(sign: Operator, ago: Ago, today: date) -> tuple[Callable[[Any, Any], Any], date]:
    """How a day that is so long ago compares, and with which day."""
    return COMPARE[_OPPOSITE[sign]], today - timedelta(days=ago.days)


def month_day(of: date) -> int:
    """A day of any year: 1231 is the 31st of December."""
    return of.month * 100 + of.day


def month_days(today: date, days: int) -> frozenset[int]:
    """The days of the year from today on; the 29th of February counts as the 28th without one."""
    ahead = [today + timedelta(days=number) for number in range(min(days, 366) + 1)]
    found = {month_day(it) for it in ahead}
    if any(month_day(it) == 228 and month_day(it + timedelta(days=1)) == 301 for it in ahead):
        found.add(229)
    return frozenset(found)


def moments(condition: Condition, now: datetime) -> tuple[datetime | None, datetime | None] | None:
    """When the last time must be: from the first moment on, before the second one.

    None for conditions that no time meets. Days begin at midnight in the zone of `now`.
    """
    match condition:
        case Known():
            return None, None
        case Compared(sign, Ago(hours)):
            # Times are told to the microsecond.
            instant = timedelta(microseconds=1)
            then = now - timedelta(hours=hours)
            return _interval(_OPPOSITE[sign], then, then + instant)
        case Compared(sign, Day(day)):
            return _interval(sign, *_day(day, now))
        case Between(Day(low), Day(high)):
            return _day(low, now)[0], _day(high, now)[1]
        case _:
            return None


def _interval(
    sign: Operator, begins: datetime, ends: datetime
) -> tuple[datetime | None, datetime | None]:
    match sign:
        case "=":
            return begins, ends
        case "<":
            return None, begins
        case "<=":
            return None, ends
        case ">":
            return ends, None
        case ">=":
            return begins, None


def _day(day: date, now: datetime) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time(), now.tzinfo)
    return midnight, datetime.combine(day + timedelta(days=1), time(), now.tzinfo)
