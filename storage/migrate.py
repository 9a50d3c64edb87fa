"""Brings the database to a revision, through Alembic."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Database
from storage.tables import clock


def config() -> Config:
    """Alembic's configuration; there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("path_separator", "os")
    return made


async def upgrade(database: Database, revision: str = "head") -> None:
    """Apply the revisions up to this one; the clock's row is there afterwards."""
    await _run(database, lambda made: command.upgrade(made, revision))
    async with database.begin() as work:
        if (await work.connection.execute(sa.select(clock.c.id))).first() is None:
            await work.connection.execute(sa.insert(clock).values(id=1, shift=0.0))


async def downgrade(database: Database, revision: str = "base") -> None:
    """Undo the revisions down to this one."""
    await _run(database, lambda made: command.downgrade(made, revision))


async def is_current(database: Database) -> bool:
    """Whether the database is at the newest revision."""
    newest = ScriptDirectory.from_config(config()).get_current_head()
    async with database.opened() as connection:
        present = await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )
    return present == newest


async def _run(database: Database, act: Callable[[Config], None]) -> None:
    made = config()

    def with_connection(connection: sa.Connection) -> None:
        made.attributes["connection"] = connection
        act(made)

    async with database.opened(vestnik_writes=True) as connection, connection.begin():
        await connection.run_sync(with_connection)
