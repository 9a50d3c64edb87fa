"""The migrations make exactly the tables that the code knows, and take them away again."""

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.migrate import config, downgrade, is_current, upgrade
from storage.tables import metadata

SHAPE = {
    "postgresql": """
        SELECT 'column', table_name || '.' || column_name,
            concat_ws(' ', udt_name, character_maximum_length, numeric_precision, numeric_scale,
                is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL
        SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    """,
    "sqlite": """
        SELECT 'column', tables.name || '.' || columns.name, columns.type || ' ' ||
            columns."notnull" || ' ' || columns.pk || ' ' || ifnull(columns.dflt_value, '')
        FROM sqlite_master AS tables, pragma_table_xinfo(tables.name) AS columns
        WHERE tables.type = 'table'
        UNION ALL
        SELECT 'index', indexes.name,
            indexes."unique" || ' ' || indexes.origin || ' ' || indexes.partial || ' ' || (
                SELECT group_concat(ifnull(parts.name, '?')) FROM pragma_index_info(indexes.name)
                AS parts
            )
        FROM sqlite_master AS tables, pragma_index_list(tables.name) AS indexes
        WHERE tables.type = 'table'
        UNION ALL
        SELECT 'foreign key', tables.name, keys."from" || ' ' || keys."table" || ' ' || keys."to"
        FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS keys
        WHERE tables.type = 'table'
    """,
}


async def shape(connection: AsyncConnection) -> set[tuple[str, ...]]:
    """Everything that a database says of its tables, Alembic's own left out."""
    rows = await connection.execute(sa.text(SHAPE[connection.dialect.name]))
    return {tuple(row) for row in rows if "alembic_version" not in f"{row[1]} {row[2]}"}


class TestMigrations:
    async def test_they_make_what_the_code_knows(self, bare_database: Database) -> None:
        async with bare_database.opened(vestnik_writes=True) as connection:
            await connection.run_sync(metadata.create_all)
            known = await shape(connection)
            await connection.run_sync(metadata.drop_all)
            await connection.commit()
        await upgrade(bare_database)
        async with bare_database.opened() as connection:
            made = await shape(connection)
            told = await connection.run_sync(
                lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
            )
        assert made == known
        assert len(made) > 200
        assert told == []

    async def test_up_and_down_and_up(self, bare_database: Database) -> None:
        assert not await is_current(bare_database)
        await upgrade(bare_database)
        assert await is_current(bare_database)
        async with bare_database.opened() as connection:
            made = await shape(connection)
        await downgrade(bare_database)
        assert not await is_current(bare_database)
        async with bare_database.opened() as connection:
            assert await shape(connection) == set()
        await upgrade(bare_database)
        async with bare_database.opened() as connection:
            assert await shape(connection) == made

    async def test_twice_is_once(self, bare_database: Database) -> None:
        await upgrade(bare_database)
        await bare_database.shift_clock(60)
        await upgrade(bare_database)
        async with bare_database.read() as work:
            shifts = await work.connection.execute(sa.text("SELECT shift FROM clock"))
            assert list(shifts.scalars()) == [60.0]

    async def test_a_downgrade_takes_a_database_with_rows(self, database: Database) -> None:
        async with database.begin() as work:
            await work.people.add_person("Анна", "ru")
        await downgrade(database)
        async with database.opened() as connection:
            assert await shape(connection) == set()


def test_there_is_one_newest_revision() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert len(scripts.get_heads()) == 1
    assert Path(scripts.dir).name == "migrations"
