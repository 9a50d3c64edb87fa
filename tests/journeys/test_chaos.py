"""A broadcast on a bad day of all platforms: every person in one state, nobody written to twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from app.demo import cast, crowd
from app.demo.story import MARK
from app.inspection import check_ledger
from emulators.chaos import Chaos
from storage.reports import Report
from storage.tables import attempts, deliveries
from tests.journeys.test_broadcasting import TEXT
from tests.journeys.town import Town, founded

PEOPLE = 60
STRENGTH = 4.0
KINDS = 5
STEP_SECONDS = 2.0
PATIENCE_SECONDS = 240.0
# What hangs is given up soon, before its lease ends on a clock that is pushed on: the outcome is
# the same as after half a minute.
TIMEOUTS = ("TELEGRAM_TIMEOUT", "VK_TIMEOUT", "WHATSAPP_TIMEOUT", "SMSC_TIMEOUT")


@pytest.fixture
async def town(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> AsyncIterator[Town]:
    for name in TIMEOUTS:
        monkeypatch.setenv(name, "3")
    async with founded(monkeypatch, sqlite_url) as built:
        residents = cast.crowd(built.stage.world, PEOPLE)
        await crowd.load(built.house.database, built.stage, built.house.scenario, residents)
        yield built


@pytest.mark.parametrize("seed", [1, pytest.param(3, marks=pytest.mark.chaos)])
async def test_everybody_is_accounted_for_and_nobody_gets_it_twice(town: Town, seed: int) -> None:
    marina = town.staff("marina")
    await marina.says("/broadcast")
    await marina.sees("рассылка")
    await marina.says(TEXT)
    await marina.presses("✅ Все")
    await marina.presses("С шаблоном")
    await marina.sees_key("Отправить")
    world = town.stage.world
    chaos = Chaos(seed, STRENGTH)
    world.disturb(chaos)
    await marina.presses("Отправить")
    told = await ended(town)

    assert len(chaos.happened) >= KINDS
    assert sum(told.states.values()) == told.audience > PEOPLE / 2
    assert set(told.states) <= {
        *("accepted", "delivered", "read", "failed", "skipped", "expired", "unknown")
    }
    assert not [it for it in await check_ledger(town.house.database, {"whatsapp": 24}) if it.broken]
    copies = Counter(
        (it.platform, it.to)
        for it in world.accepted.find(containing=MARK)
        if not it.to.startswith("-")
    )
    # Nobody crashed, so not even those whose answer was lost may get a second copy.
    assert [it for it in copies.items() if it[1] > 1] == []
    # What the platforms took, and we do not know of, we say that we do not know.
    lost = copies.total() - sum(told.channels.values())
    assert 0 <= lost <= await unknown(town)


async def unknown(town: Town) -> int:
    """How many tries of the broadcast have an end that nobody knows."""
    async with town.ledger() as work:
        found = (
            sa.select(sa.func.count())
            .select_from(attempts)
            .join(deliveries, attempts.c.delivery_id == deliveries.c.id)
            .where(attempts.c.state == "unknown", deliveries.c.broadcast_id.is_not(None))
        )
        total: int = (await work.connection.execute(found)).scalar_one()
        return total


async def ended(town: Town) -> Report:
    """Time passes until the broadcast is over; its report."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with town.ledger() as work:
                newest = next(iter(await work.broadcasts.latest(1)), None)
                if newest is not None and newest.finished:
                    return await work.reports.of(newest.id)
            await town.hours_pass(STEP_SECONDS / 3600)
            await asyncio.sleep(0.3)
