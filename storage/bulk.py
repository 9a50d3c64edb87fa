"""Rows given along with a statement, as a table of their own: one parameter, however many rows.

A statement a row, and even a parameter a value, costs more than all else on the way of a message.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.types import UtcDateTime

_ROWS = "rows"
_SQLITE_TIME = "%Y-%m-%d %H:%M:%S.%f"


class Given:
    """The shape of such rows: their columns, named and typed."""

    def __init__(self, **columns: sa.types.TypeEngine[Any]) -> None:
        self._columns = columns
        self._times = {
            name: kind for name, kind in columns.items() if isinstance(kind, UtcDateTime)
        }

    def table(self, dialect: str) -> sa.FromClause:
        """The rows as a table, in a statement for this dialect."""
        sent = sa.bindparam(_ROWS, type_=sa.Text())
        if dialect == "sqlite":
            each = sa.func.json_each(sent).table_valued("value")
            read = [
                sa.type_coerce(sa.func.json_extract(each.c.value, f"$.{name}"), kind).label(name)
                for name, kind in self._columns.items()
            ]
            return sa.select(*read).subquery("given")
        columns = [sa.column(name, kind) for name, kind in self._columns.items()]
        told = sa.func.json_to_recordset(sa.cast(sent, postgresql.JSON))
        return told.table_valued(*columns, name="given").render_derived(with_types=True)

    def parameter(
        self, connection: AsyncConnection, rows: Sequence[dict[str, Any]]
    ) -> Mapping[str, str]:
        """The statement's parameter; `rows` hold every column. Raises ValueError for a time that
        does not say where it is.
        """
        for row in rows:
            for name, kind in self._times.items():
                row[name] = _time(kind.process_bind_param(row[name], connection.dialect))
        return {_ROWS: orjson.dumps(rows).decode()}


def _time(value: datetime | None) -> datetime | str | None:
    # Without a zone it is SQLite's, which compares times as the texts that they are there.
    return value.strftime(_SQLITE_TIME) if value is not None and value.tzinfo is None else value
