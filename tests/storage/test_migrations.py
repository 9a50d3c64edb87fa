"""The revisions run up and down on both databases, and end where the tables say."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage import migrate
from storage.database import Database
from storage.tables import metadata


async def tables(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()))


async def test_up_down_and_up_again(bare_database: Database) -> None:
    assert not await migrate.is_current(bare_database)
    await migrate.upgrade(bare_database)
    assert await migrate.is_current(bare_database)
    assert set(metadata.tables) <= await tables(bare_database)
    await migrate.downgrade(bare_database)
    assert await tables(bare_database) <= {"alembic_version"}
    await migrate.upgrade(bare_database)
    assert await migrate.is_current(bare_database)


async def test_upgrading_twice_changes_nothing(bare_database: Database) -> None:
    await migrate.upgrade(bare_database)
    await bare_database.shift_clock(60)
    await migrate.upgrade(bare_database)
    async with bare_database.read() as work, bare_database.read() as other:
        assert abs((work.now - other.now).total_seconds()) < 5


async def test_the_schema_is_what_the_tables_say(bare_database: Database) -> None:
    await migrate.upgrade(bare_database)

    def difference(connection: sa.Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with bare_database.engine.connect() as connection:
        assert await connection.run_sync(difference) == []
