"""Lanes with something due are found without reading what lies between them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.tables import deliveries
from vestnik.address import ChannelName, Lane

LATER, EARLIER = timedelta(hours=1), timedelta(hours=-1)


def lane(name: str) -> Lane:
    channel, _, account = name.partition(":")
    return Lane(ChannelName(channel), account)


async def plan(
    database: Database, name: str | None, due: timedelta, *, state: str = "planned"
) -> None:
    at = lane(name) if name else None
    async with database.begin() as work:
        await work.connection.execute(
            sa.insert(deliveries).values(
                kind="transactional",
                channel=at.channel if at else None,
                account=at.account if at else None,
                handle="1",
                state=state,
                priority=1,
                due_at=work.now + due,
                created_at=work.now,
                updated_at=work.now,
            )
        )


KNOWN = [
    lane(name)
    for name in ("a:z", "b:a", "telegram:main", "telegram:second", "vk:main", "whatsapp:a")
]


async def due(database: Database) -> list[Lane]:
    async with database.read() as work:
        return sorted(await work.waking.lanes(KNOWN))


async def test_nothing_planned_wakes_nobody(database: Database) -> None:
    assert await due(database) == []


@pytest.mark.parametrize(
    "names",
    [
        ["telegram:main"],
        ["telegram:main", "telegram:second", "vk:main", "whatsapp:a"],
        ["a:z", "b:a"],
    ],
)
async def test_every_lane_is_found_once(database: Database, names: list[str]) -> None:
    for name in [*names, *names]:
        await plan(database, name, EARLIER)
    assert sorted(map(str, await due(database))) == names


async def test_only_what_is_planned_placed_and_due_counts(database: Database) -> None:
    await plan(database, "telegram:main", LATER)
    await plan(database, "vk:main", LATER)
    await plan(database, "vk:main", EARLIER)
    await plan(database, "whatsapp:main", EARLIER, state="waiting")
    await plan(database, None, EARLIER)
    assert await due(database) == [lane("vk:main")]
    await database.shift_clock(3600)
    assert await due(database) == [lane("telegram:main"), lane("vk:main")]


async def test_lanes_that_nobody_serves_are_found_too(database: Database) -> None:
    await plan(database, "viber:main", LATER)
    await plan(database, "vk:main", EARLIER)
    async with database.read() as work:
        assert await work.waking.strange(KNOWN) == [lane("viber:main")]
        assert await work.waking.lanes([]) == []
