"""SQLite's connections come to an end, whatever is cancelled, and let the file go."""

import asyncio
from functools import partial
from pathlib import Path

import aiosqlite
import sqlalchemy as sa

from storage.database import Database
from storage.sqlite import SqliteConnection, SqliteFile

SLOW = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 30000)
    SELECT count(*) FROM numbers
"""


async def test_stopped_while_it_closes_the_close_still_ends(tmp_path: Path) -> None:
    connection = await SqliteConnection(partial(SqliteFile, tmp_path / "file.sqlite3"))
    closing = asyncio.create_task(connection.close())
    await asyncio.sleep(0)

    connection.stop()

    await asyncio.wait_for(closing, 5)


async def test_cancelled_while_it_closes_the_thread_has_ended(tmp_path: Path) -> None:
    connection = await SqliteConnection(partial(SqliteFile, tmp_path / "file.sqlite3"))
    slow = asyncio.create_task(_count(connection))
    await asyncio.sleep(0)
    closing = asyncio.create_task(connection.close())
    for _ in range(3):
        await asyncio.sleep(0)
        closing.cancel()

    await asyncio.wait([closing], timeout=10)
    # What its thread had told the loop by then is heard now.
    await asyncio.sleep(0)

    assert closing.cancelled()
    assert slow.done()


async def test_stopped_twice_it_says_the_same_end(tmp_path: Path) -> None:
    connection = await SqliteConnection(partial(SqliteFile, tmp_path / "file.sqlite3"))

    first, second = connection.stop(), connection.stop()

    assert first is second
    assert first is not None
    await asyncio.wait_for(first, 5)


async def test_cancelled_twice_at_any_moment_nothing_is_left_behind(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    before = asyncio.all_tasks()

    for moment in range(60):
        task = asyncio.create_task(_write(database))
        await asyncio.sleep(moment / 10_000)
        task.cancel()
        await asyncio.sleep(moment % 7 / 2_000)
        task.cancel()
        await asyncio.wait([task])

    left = asyncio.all_tasks() - before
    if left:
        _, left = await asyncio.wait(left, timeout=20)
    assert not left
    await asyncio.wait_for(_write(database), 5)
    await database.aclose()


def test_closed_in_mid_transaction_a_file_is_free(tmp_path: Path) -> None:
    path = tmp_path / "file.sqlite3"
    closed = SqliteFile(path, isolation_level=None)
    closed.execute("CREATE TABLE numbers (n)")
    closed.execute("BEGIN IMMEDIATE")
    cursor = closed.execute("INSERT INTO numbers VALUES (1), (2) RETURNING n")
    assert cursor.fetchone() == (1,)

    closed.close()
    closed.close()

    other = SqliteFile(path, isolation_level=None, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    assert other.execute("SELECT n FROM numbers").fetchall() == []
    other.close()


async def _count(connection: aiosqlite.Connection) -> None:
    await connection.execute(SLOW)


async def _write(database: Database) -> None:
    async with database.opened(vestnik_writes=True) as connection, connection.begin():
        await connection.execute(sa.text(SLOW))
