"""The door to the ledger: what is one transaction, and what a database that is away looks like."""

import asyncio
import contextlib

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from storage.database import Database, DatabaseUnavailable, parse_url
from storage.unit_of_work import UnitOfWork


async def names(database: Database) -> list[str]:
    async with database.read() as work:
        rows = await work.connection.execute(sa.text("SELECT name FROM people ORDER BY id"))
        return list(rows.scalars())


class TestUnitOfWork:
    async def test_all_of_it_is_committed(self, database: Database) -> None:
        async with database.begin() as work:
            await work.people.add_person("Анна", "ru")
            await work.people.add_person("Пётр", "ru")
        assert await names(database) == ["Анна", "Пётр"]

    async def test_an_error_leaves_nothing_behind(self, database: Database) -> None:
        async def fail() -> None:
            async with database.begin() as work:
                await work.people.add_person("Анна", "ru")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        assert await names(database) == []

    async def test_what_follows_the_commit_cannot_undo_it(self, database: Database) -> None:
        given: list[set[str]] = []

        async def on_commit(work: UnitOfWork) -> None:
            given.append(work.hints)
            raise ConnectionError("the broker is away")

        database.on_commit = on_commit
        async with database.begin() as work:
            await work.people.add_person("Анна", "ru")
            work.hints.add("read")
        assert given == [{"read"}]
        assert await names(database) == ["Анна"]

    async def test_nothing_follows_a_rollback(self, database: Database) -> None:
        given: list[UnitOfWork] = []

        async def on_commit(work: UnitOfWork) -> None:
            given.append(work)

        database.on_commit = on_commit
        with contextlib.suppress(ZeroDivisionError):
            async with database.begin():
                raise ZeroDivisionError
        assert given == []

    async def test_reading_sees_one_moment(self, database: Database) -> None:
        counted = sa.text("SELECT count(*) FROM people")
        async with database.read() as work:
            before = (await work.connection.execute(counted)).scalar_one()
            async with database.begin() as writing:
                await writing.people.add_person("Анна", "ru")
            assert (await work.connection.execute(counted)).scalar_one() == before == 0
        assert await names(database) == ["Анна"]

    async def test_writers_wait_for_each_other_on_sqlite(self, sqlite_url: str) -> None:
        # Two processes have no lock in common but the file's own.
        one, other = Database(sqlite_url), Database(sqlite_url)
        order: list[str] = []

        async def second() -> None:
            async with other.begin() as work:
                order.append("second")
                await work.people.add_person("Пётр", "ru")

        async with one.begin() as work:
            await work.people.add_person("Анна", "ru")
            task = asyncio.create_task(second())
            await asyncio.sleep(0.1)
            order.append("first")
        await task
        assert order == ["first", "second"]
        assert await names(one) == ["Анна", "Пётр"]
        await one.aclose()
        await other.aclose()

    async def test_the_clock_is_shifted_for_everybody(self, database: Database) -> None:
        async with database.read() as work:
            before = work.now
        await database.shift_clock(3600)
        await database.shift_clock(3600)
        async with database.read() as work:
            assert 7200 <= (work.now - before).total_seconds() < 7260

    async def test_whoever_falls_asleep_in_it_loses_its_locks(
        self, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("storage.database.ASLEEP_SECONDS", 1)
        sleeper, other = Database(postgresql_url), Database(postgresql_url)
        async with other.begin() as work:
            await work.people.add_person("Анна", "ru")
        rename = sa.text("UPDATE people SET name = 'Вера'")

        async def sleep() -> None:
            async with sleeper.begin() as asleep:
                await asleep.connection.execute(rename)
                async with other.begin() as work:
                    await work.connection.execute(rename)
                await asleep.connection.execute(rename)

        with pytest.raises(DatabaseUnavailable):
            await sleep()
        assert await names(other) == ["Вера"]
        await sleeper.aclose()
        await other.aclose()


class TestAway:
    """Whatever is wrong with the database is one exception, which the retries know."""

    @pytest.mark.parametrize(
        "url",
        [
            pytest.param("postgresql://vestnik:secret@127.0.0.1:1/x", id="refused"),
            pytest.param("postgresql://vestnik:secret@/x?host=/nowhere", id="no socket"),
            pytest.param("sqlite:////nowhere/at/all.sqlite3", id="no folder"),
        ],
    )
    async def test_it_cannot_be_reached(self, url: str) -> None:
        database = Database(url)
        with pytest.raises(DatabaseUnavailable, match="does not answer") as raised:
            async with database.begin():
                pass
        assert "secret" not in str(raised.value)
        with pytest.raises(DatabaseUnavailable):
            await database.ping()
        await database.aclose()
        # Where a file cannot be opened, aiosqlite's thread ends a little later than its call.
        await asyncio.sleep(0.05)

    async def test_the_name_is_wrong(self, postgresql_url: str) -> None:
        wrong = make_url(postgresql_url).set(database="nobody_made_this")
        database = Database(wrong.render_as_string(hide_password=False))
        with pytest.raises(DatabaseUnavailable, match="nobody_made_this"):
            await database.ping()
        await database.aclose()

    async def test_there_are_no_tables(self, bare_database: Database) -> None:
        with pytest.raises(DatabaseUnavailable, match="run `vestnik db upgrade`"):
            async with bare_database.read():
                pass

    @pytest.mark.parametrize("when", ["in the middle", "before the commit"])
    async def test_it_goes_away(self, postgresql_url: str, when: str) -> None:
        database = Database(postgresql_url)

        async def write() -> None:
            async with database.begin() as work:
                await work.people.add_person("Анна", "ru")
                await hang_up(database, work)
                if when == "in the middle":
                    await work.people.add_person("Пётр", "ru")

        with pytest.raises(DatabaseUnavailable):
            await write()
        assert await names(database) == []
        await database.aclose()

    async def test_it_is_read_only(self, database: Database) -> None:
        only = "PRAGMA query_only = ON" if database.embedded else "SET TRANSACTION READ ONLY"

        async def write() -> None:
            async with database.begin() as work:
                await work.connection.execute(sa.text(only))
                await work.people.add_person("Анна", "ru")

        with pytest.raises(DatabaseUnavailable):
            await write()

    async def test_it_is_locked_by_another_writer(self, sqlite_url: str) -> None:
        one = Database(sqlite_url)
        impatient = Database(sqlite_url + "?timeout=0.1")
        async with one.begin():
            with pytest.raises(DatabaseUnavailable, match="locked"):
                async with impatient.begin():
                    pass
        async with impatient.begin() as work:
            await work.people.add_person("Анна", "ru")
        await one.aclose()
        await impatient.aclose()

    @pytest.mark.parametrize(
        "statement",
        ["SELECT nonsense", "INSERT INTO people (id) VALUES (NULL)"],
    )
    async def test_a_wrong_statement_is_no_outage(self, database: Database, statement: str) -> None:
        with pytest.raises(DBAPIError):
            async with database.begin() as work:
                await work.connection.execute(sa.text(statement))

    async def test_an_impossible_value_is_no_outage(self, postgresql_url: str) -> None:
        # The driver calls it an InterfaceError, like a lost connection.
        database = Database(postgresql_url)
        with pytest.raises(DBAPIError):
            async with database.begin() as work:
                await work.people.add_person("half a \ud800 character", "ru")
        await database.aclose()

    async def test_an_error_of_the_caller_is_the_callers(self, database: Database) -> None:
        with pytest.raises(FileNotFoundError):
            async with database.begin():
                raise FileNotFoundError


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///vestnik.sqlite3", "sqlite+aiosqlite"),
        ("postgres://a:b@host/name", "postgresql+asyncpg"),
        ("postgresql://a:b@host/name", "postgresql+asyncpg"),
        ("postgresql+psycopg2://a:b@host/name", "postgresql+asyncpg"),
    ],
)
def test_an_address_gets_our_driver(url: str, driver: str) -> None:
    assert parse_url(url).drivername == driver


@pytest.mark.parametrize("url", ["", "vestnik.sqlite3", "mysql://a:b@host/x", "sqlite://"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"use sqlite:///"):
        parse_url(url)


async def hang_up(database: Database, work: UnitOfWork) -> None:
    """Let the server end the connection of a unit of work."""
    own = (await work.connection.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one()
    async with database.opened() as other:
        await other.execute(sa.text(f"SELECT pg_terminate_backend({own})"))
    await asyncio.sleep(0.05)
