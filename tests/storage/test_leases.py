"""A lease has one holder at a time, by the database's clock."""

import asyncio
from datetime import timedelta

from storage.database import Database

LENGTH = timedelta(seconds=6)


async def take(database: Database, holder: str) -> bool:
    async with database.begin() as work:
        return await work.leases.take("errand", holder, LENGTH)


async def test_one_of_many_who_ask_at_once_gets_it(database: Database) -> None:
    asked = await asyncio.gather(*(take(database, f"it-{number}") for number in range(8)))
    assert sum(asked) == 1
    async with database.read() as work:
        assert await work.leases.holder("errand") == f"it-{asked.index(True)}"


async def test_it_is_renewed_by_its_holder_alone(database: Database) -> None:
    assert await take(database, "first")
    await database.shift_clock(4)
    assert not await take(database, "second")
    assert await take(database, "first")
    await database.shift_clock(4)
    assert not await take(database, "second")


async def test_after_its_end_anybody_may_have_it(database: Database) -> None:
    assert await take(database, "first")
    await database.shift_clock(6)
    async with database.read() as work:
        assert await work.leases.holder("errand") is None
    assert await take(database, "second")
    assert not await take(database, "first")


async def test_given_up_it_is_free_at_once(database: Database) -> None:
    assert await take(database, "first")
    async with database.begin() as work:
        await work.leases.give_up("errand", "second")
    assert not await take(database, "second")
    async with database.begin() as work:
        await work.leases.give_up("errand", "first")
    assert await take(database, "second")


async def test_leases_of_other_names_are_others(database: Database) -> None:
    assert await take(database, "first")
    async with database.begin() as work:
        assert await work.leases.take("another", "second", LENGTH)
