"""SQL that reads differently on our two databases: written once, compiled for either."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


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
