"""What is done differently on our two databases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def upsert(connection: AsyncConnection, table: sa.Table) -> Any:
    """An INSERT that has on_conflict_do_nothing and on_conflict_do_update."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return insert(table)


async def alone(connection: AsyncConnection, errand: int) -> None:
    """Wait until no other transaction is on this errand; ours is until it ends.

    SQLite's transactions that write are alone anyway.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(errand)))
