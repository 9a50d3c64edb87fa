"""SQL that reads differently on our two databases: written once, compiled for either."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.types import UtcDateTime


class seconds(FunctionElement[float]):  # noqa: N801 - written like the SQL functions it stands beside
    """A time as a number, for differences: seconds since an epoch of the database's own."""

    type = sa.Float()
    inherit_cache = True


@compiles(seconds, "postgresql")
def _(element: seconds, compiler: SQLCompiler, **options: Any) -> str:
    return f"EXTRACT(EPOCH FROM {compiler.process(element.clauses, **options)})"


@compiles(seconds, "sqlite")
def _(element: seconds, compiler: SQLCompiler, **options: Any) -> str:
    # To about 40 microseconds, which is what a day's fraction holds.
    return f"(julianday({compiler.process(element.clauses, **options)}) * 86400.0)"


class item(FunctionElement[str]):  # noqa: N801 - as above
    """`item(array, place, key)`: what a JSON array's object at a place has under a key, as text."""

    type = sa.String()
    inherit_cache = True


@compiles(item, "postgresql")
def _(element: item, compiler: SQLCompiler, **options: Any) -> str:
    array, place, key = (compiler.process(it, **options) for it in element.clauses)
    return f"({array} -> {place} ->> {key})"


@compiles(item, "sqlite")
def _(element: item, compiler: SQLCompiler, **options: Any) -> str:
    array, place, key = (compiler.process(it, **options) for it in element.clauses)
    return f"json_extract({array}, '$[' || {place} || '].' || {key})"


class day_of_year(FunctionElement[int]):  # noqa: N801 - as above
    """A day of any year, as vestnik.conditions.month_day tells it: 1231."""

    type = sa.Integer()
    inherit_cache = True


@compiles(day_of_year, "postgresql")
def _(element: day_of_year, compiler: SQLCompiler, **options: Any) -> str:
    day = compiler.process(element.clauses, **options)
    return f"(EXTRACT(MONTH FROM {day}) * 100 + EXTRACT(DAY FROM {day}))::integer"


@compiles(day_of_year, "sqlite")
def _(element: day_of_year, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(strftime('%m%d', {compiler.process(element.clauses, **options)}) AS INTEGER)"


class earlier(FunctionElement[datetime]):  # noqa: N801 - as above
    """`earlier(at, days)`: so many days before a time, to the second."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(earlier, "postgresql")
def _(element: earlier, compiler: SQLCompiler, **options: Any) -> str:
    at, days = (compiler.process(it, **options) for it in element.clauses)
    return f"({at} - make_interval(secs => 86400 * ({days})))"


@compiles(earlier, "sqlite")
def _(element: earlier, compiler: SQLCompiler, **options: Any) -> str:
    at, days = (compiler.process(it, **options) for it in element.clauses)
    # As storage.types writes a time.
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', {at}, '-' || (86400 * ({days})) || ' seconds')"


class together(FunctionElement[int]):  # noqa: N801 - as above
    """`together(flags, *bits)`: an aggregate, every bit that any of the numbers has.

    `bits` are all that there may be, each a number of its own.
    """

    type = sa.BigInteger()
    inherit_cache = True


@compiles(together, "postgresql")
def _(element: together, compiler: SQLCompiler, **options: Any) -> str:
    flags, *_bits = element.clauses
    return f"bit_or({compiler.process(flags, **options)})"


@compiles(together, "sqlite")
def _(element: together, compiler: SQLCompiler, **options: Any) -> str:
    flags, *bits = (compiler.process(it, **options) for it in element.clauses)
    return "({})".format(" | ".join(f"max({flags} & {bit})" for bit in bits))
