"""What is done differently on our two databases."""

from collections.abc import Collection, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def upsert(connection: AsyncConnection, table: sa.Table) -> Any:
    """An INSERT that has on_conflict_do_nothing and on_conflict_do_update."""
    return upserting(connection.dialect.name, table)


def upserting(dialect: str, table: sa.Table) -> Any:
    """The same, for a statement that is written once for each dialect."""
    return (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)


def among(
    connection: AsyncConnection, column: sa.ColumnElement[Any], values: Collection[int | str]
) -> sa.ColumnElement[bool]:
    """`column IN (values)` with all of them in one parameter.

    The statement stays the same however many there are: it is written and prepared once.
    """
    if connection.dialect.name == "sqlite":
        told = sa.func.json_each(orjson.dumps(list(values)).decode()).table_valued("value")
        return column.in_(sa.select(told.c.value))
    return column == sa.any_(sa.literal(list(values), postgresql.ARRAY(column.type)))


async def look_over(connection: AsyncConnection, columns: Sequence[sa.Column[Any]]) -> None:
    """Count anew what a table's columns hold, and plan every statement on it anew.

    Statements are planned once a connection: what was planned while a table held next to nothing
    reads all of it, also when it holds a million rows, for the minute until autovacuum comes by.
    """
    if connection.dialect.name == "postgresql":
        named = ", ".join(column.name for column in columns)
        await connection.execute(sa.text(f"ANALYZE {columns[0].table.name} ({named})"))


async def alone(connection: AsyncConnection, errand: int) -> None:
    """Wait until no other transaction is on this errand; ours is until it ends.

    SQLite's transactions that write are alone anyway.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(errand)))


def has_bytes(
    connection: AsyncConnection, column: sa.ColumnElement[bytes], part: bytes
) -> sa.ColumnElement[bool]:
    """Whether bytes hold these."""
    sought = sa.literal(part, sa.LargeBinary)
    if connection.dialect.name == "sqlite":
        return sa.func.instr(column, sought) > 0
    return sa.func.pg_catalog.position(column, sought) > 0


def holds(
    connection: AsyncConnection, listed: sa.ColumnElement[Any], value: sa.ColumnElement[str]
) -> sa.ColumnElement[bool]:
    """Whether a JSON array of strings holds a value."""
    if connection.dialect.name == "sqlite":
        each = sa.func.json_each(listed).table_valued("value")
        # Not looked for inside: a column of an outer statement would become a table of its own.
        return value.in_(sa.select(each.c.value))
    return sa.type_coerce(sa.func.jsonb_exists(listed, value), sa.Boolean())
