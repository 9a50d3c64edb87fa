"""Webhooks that come at the same time share a commit, and none is thanked for before it."""

import asyncio

import pytest
import sqlalchemy as sa

from app.keeping import MOST_BODIES, Keeper, Overfull
from delivery import hints
from storage.database import Database, DatabaseUnavailable
from storage.tables import inbox
from storage.unit_of_work import UnitOfWork
from vestnik.address import ChannelName, Lane

TELEGRAM = Lane(ChannelName("telegram"), "main")
VK = Lane(ChannelName("vk"), "main")


async def kept(database: Database) -> list[tuple[str, bytes]]:
    async with database.read() as work:
        found = sa.select(inbox.c.channel, inbox.c.body).order_by(inbox.c.id)
        return [(row.channel, row.body) for row in await work.connection.execute(found)]


def counting(database: Database) -> list[set[str]]:
    """The hints of every commit from now on."""
    commits: list[set[str]] = []

    async def committed(work: UnitOfWork) -> None:
        commits.append(work.hints)

    database.on_commit = committed
    return commits


async def test_what_waits_together_is_committed_together(database: Database) -> None:
    keeper = Keeper(database)
    commits = counting(database)
    bodies = [f"{number}".encode() for number in range(200)]
    lanes = [VK if number % 3 else TELEGRAM for number in range(200)]
    await asyncio.gather(*map(keeper.keep, lanes, bodies))
    expected = [(lane.channel, body) for lane, body in zip(lanes, bodies, strict=True)]
    assert sorted(await kept(database)) == sorted(expected)
    assert commits == [{hints.READ}]


async def test_each_lane_keeps_its_order(database: Database) -> None:
    keeper = Keeper(database)
    bodies = [bytes([number]) for number in range(100)]
    await asyncio.gather(*(keeper.keep(TELEGRAM, body) for body in bodies))
    assert [body for _, body in await kept(database)] == bodies


async def test_one_after_another_needs_no_company(database: Database) -> None:
    keeper = Keeper(database)
    for body in (b"1", b"2"):
        await keeper.keep(TELEGRAM, body)
    assert await kept(database) == [("telegram", b"1"), ("telegram", b"2")]


async def test_a_caller_that_hangs_up_takes_no_other_along(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    keeper = Keeper(database)
    async with database.begin():
        gone = asyncio.create_task(keeper.keep(TELEGRAM, b"gone"))
        other = asyncio.create_task(keeper.keep(TELEGRAM, b"other"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        assert not other.done()
    await other
    assert ("telegram", b"other") in await kept(database)
    await database.aclose()


async def test_a_commit_that_fails_fails_for_each_and_the_next_succeeds(sqlite_url: str) -> None:
    database, other = Database(f"{sqlite_url}?timeout=0.1"), Database(sqlite_url)
    keeper = Keeper(database)
    async with other.begin():
        answers = await asyncio.gather(
            *(keeper.keep(TELEGRAM, b"1") for _ in range(3)), return_exceptions=True
        )
    assert [type(answer) for answer in answers] == [DatabaseUnavailable] * 3
    await keeper.keep(TELEGRAM, b"2")
    assert await kept(database) == [("telegram", b"2")]
    await database.aclose()
    await other.aclose()


async def test_no_more_waits_than_memory_may_hold(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    keeper = Keeper(database)
    async with database.begin():
        many = [asyncio.create_task(keeper.keep(TELEGRAM, b"x")) for _ in range(MOST_BODIES)]
        await asyncio.sleep(0)
        with pytest.raises(Overfull):
            await keeper.keep(TELEGRAM, b"one too many")
    await asyncio.gather(*many)
    assert len(await kept(database)) == MOST_BODIES
    await database.aclose()


async def test_what_waits_at_the_end_is_given_up(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    keeper = Keeper(database)
    async with database.begin():
        waiting = asyncio.create_task(keeper.keep(TELEGRAM, b"x"))
        await asyncio.sleep(0)
        await keeper.aclose()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert await kept(database) == []
    await database.aclose()
