"""Somebody else holds the SQLite file: everybody waits, nothing is lost. Fault case 8."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from storage.database import Database
from storage.migrate import upgrade
from tests.chaos.accounts import audited, copies, sound, taken
from tests.chaos.world import World, founded

pytestmark = pytest.mark.asyncio(loop_scope="module")

AUDIENCE = 120
LOCKED_SECONDS = 10.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def small(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A world in one process, on a file."""
    folder = tmp_path_factory.mktemp("small")
    url = f"sqlite:///{folder}/vestnik.sqlite3"
    database = Database(url)
    await upgrade(database)
    await database.aclose()
    async with founded(folder, url) as built:
        await built.start("run")
        yield built
        for process in built.processes:
            await process.kill()
        await audited(built)


async def test_locked_by_another_writer(small: World) -> None:
    broadcast = await small.broadcast(await small.people(AUDIENCE), "Замок")
    await taken(small, "Замок", AUDIENCE // 10)
    [writer, *_] = small.stage.world.people.values()
    phone = small.phone(writer, "telegram")
    file = Path(small.environment["DATABASE_URL"].removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await phone.says("/help")
        await asyncio.sleep(LOCKED_SECONDS)
        other.execute("COMMIT")
    await phone.sees("понимаю в любой момент")
    await small.ends(broadcast)
    told = await sound(small, broadcast, "Замок", AUDIENCE)
    assert told.of("unknown") == set()
    assert told.copies.total() == AUDIENCE
    assert copies(small, "понимаю в любой момент").total() == 1
