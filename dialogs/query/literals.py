"""Values and names as they are written in a query, read and written. Pure."""

import re
from datetime import date
from decimal import Decimal

from lark import Token

from dialogs.query.mistakes import Mistake
from vestnik.conditions import Ago, Day, Number
from vestnik.values import LONGEST, LONGEST_NAME, number

_HOURS = {"h": 1, "d": 24, "w": 24 * 7}
_LONGEST_AGO = 24 * 366 * 100
_YEARS = range(1800, 2201)
_ESCAPED = re.compile(r"\\([\s\S])")


def literal(given: Token) -> str | Number | Day | Ago:
    """The value that a token means; raises Mistake."""
    match given.type:
        case "NUMBER":
            known = number(str(given))
            if known is None:
                raise Mistake("too_long", given, str(given))
            return Number(known)
        case "DATE":
            return Day(_day(given))
        case "DURATION":
            return _ago(given)
        case _:
            return _text(given)


def named(given: Token) -> str:
    """The name that a token means; raises Mistake. Without quotes, its case means nothing."""
    name = _unescaped(given) if given.type == "QUOTED_NAME" else given.lower()
    if len(name) > LONGEST_NAME:
        raise Mistake("too_long", given, str(given))
    return name


def quoted(text: str, quote: str = '"') -> str:
    """A text, or with a backtick a name, as it is written in a query."""
    escaped = re.sub(rf"[\\{quote}]", r"\\\g<0>", text)
    return f"{quote}{escaped}{quote}"


def written(value: Number | Day | Ago) -> str:
    """A bound as it is written in a query."""
    match value:
        case Number(number):
            return format(Decimal(repr(number)).normalize(), "f")
        case Day(day):
            return day.isoformat()
        case Ago(hours):
            return f"{hours}h" if hours % 24 else f"{hours // 24}d"


def _day(given: Token) -> date:
    try:
        if "." in given:
            day, month, year = map(int, given.split("."))
            read = date(year, month, day)
        else:
            read = date.fromisoformat(str(given))
    except ValueError:
        raise Mistake("no_day", given, str(given)) from None
    if read.year not in _YEARS:
        raise Mistake("no_day", given, str(given))
    return read


def _ago(given: Token) -> Ago:
    count, unit = given[:-1].strip(), given[-1].lower()
    if len(count) > 6 or int(count) * _HOURS[unit] > _LONGEST_AGO:
        raise Mistake("too_long", given, str(given))
    return Ago(int(count) * _HOURS[unit])


def _text(given: Token) -> str:
    text = str(given)
    if given.type == "STRING":
        text = _unescaped(given) if given[0] in "\"'" else given[1:-1]
    if len(text) > LONGEST:
        raise Mistake("too_long", given, str(given))
    return text


def _unescaped(given: Token) -> str:
    return _ESCAPED.sub(r"\1", given[1:-1])
