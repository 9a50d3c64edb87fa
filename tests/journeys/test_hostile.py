"""Hostile bodies on each webhook: no error of ours, flat memory, and the next is heard."""

import asyncio
import gc
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.tables import events, inbox
from tests.journeys.doors import DOORS, TELEGRAM_SECRET, Door
from tests.journeys.hostile import spoil
from tests.journeys.shots import Shot, shots
from tests.journeys.town import Town, founded
from tests.journeys.wire import Answer, Wire
from vestnik.channel import Kept

BODIES = (400, pytest.param(10_000, marks=pytest.mark.chaos))
WARM_UP = 0.25
WIRES = 24
GROWTH_BYTES = 32 * 2**20
"""So much more may the process hold after the last body than after the warm-up."""
PATIENCE_SECONDS = 300.0
NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture
async def town(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> AsyncIterator[Town]:
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", TELEGRAM_SECRET)
    async with founded(monkeypatch, sqlite_url) as built:
        yield built


class Volley:
    """Shots at one webhook over several connections at once, and what came back."""

    def __init__(self, address: str, door: Door, bodies: int) -> None:
        self._address = address
        self._brings = door.brings
        self._fired = shots(door, bodies, seed=26)
        self.kept = 0
        self.wrong: list[tuple[Shot, Answer]] = []
        self.refusals: Counter[bytes] = Counter()

    async def fire(self, count: int) -> None:
        left = iter(range(count))
        await asyncio.gather(*(self._one_wire(left) for _ in range(WIRES)))

    async def _one_wire(self, left: Iterator[int]) -> None:
        wire = Wire(self._address)
        for _ in left:
            shot = next(self._fired)
            self._note(shot, await wire.ask(shot.raw, last=shot.last))
        await wire.aclose()

    def _note(self, shot: Shot, answer: Answer) -> None:
        if answer.status == 200 and shot.raw.split()[0].upper() in self._brings:
            self.kept += 1
        if shot.wants == "refused":
            self.refusals[answer.body] += 1
        if not _fits(shot, answer.status):
            self.wrong.append((shot, answer))


def _fits(shot: Shot, status: int) -> bool:
    match shot.wants:
        case "kept":
            return status == 200
        case "refused":
            return status in (401, 403)
        case "too_large":
            # Or it hung up on us in the middle, which is as good.
            return status in (413, 0)
        case _:
            return 200 <= status < 500


async def all_read(town: Town) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        waiting = 1
        while waiting:
            await asyncio.sleep(0.1)
            async with town.ledger() as work:
                waiting = await work.inbox.waiting()


def resident() -> int:
    """What this process holds in memory, in bytes."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("bodies", BODIES)
@pytest.mark.parametrize("name", DOORS)
async def test_nothing_hostile_is_an_error_of_ours(town: Town, name: str, bodies: int) -> None:
    volley = Volley(town.address, DOORS[name], bodies)
    await volley.fire(warm_up := int(bodies * WARM_UP))
    await all_read(town)
    before = resident()
    await volley.fire(bodies - warm_up)
    await all_read(town)
    assert resident() - before < GROWTH_BYTES

    assert not [(shot.wants, answer, shot.raw[:2_000]) for shot, answer in volley.wrong[:3]]
    assert set(volley.refusals) == {b"forbidden"}
    assert volley.kept > bodies / 10
    assert volley.refusals.total() > bodies / 10
    assert await counted_at(town, name) == volley.kept
    await heard(town, name)


@pytest.mark.parametrize("bodies", BODIES)
@pytest.mark.parametrize("name", DOORS)
async def test_reading_never_raises(town: Town, name: str, bodies: int) -> None:
    """What the house catches and quarantines would be a mistake of the channel all the same."""
    chance = random.Random(27)  # noqa: S311 - hostile, not secret
    [channel] = [it for lane, it in town.house.channels.items() if lane.channel == name]
    for _ in range(bodies):
        body = spoil(chance, chance.choice(DOORS[name].bodies))
        assert channel.read(Kept("main", body, NOW)) is not None


async def counted_at(town: Town, name: str) -> int:
    """How many bodies of this webhook were kept."""
    async with town.ledger() as work:
        found = sa.select(sa.func.count()).where(inbox.c.channel == name)
        total: int = (await work.connection.execute(found)).scalar_one()
        return total


async def heard(town: Town, name: str) -> None:
    """The next good message takes effect: it is answered, where the bot talks."""
    if name != "sms":
        who = {"telegram": "p000", "vk": "p001", "whatsapp": "p002"}[name]
        phone = town.phone(who, name)
        await phone.starts()
        await phone.sees("согласие на обработку")
        return
    await town.phone("p000", "sms").says("Привет")
    last = sa.select(events.c.state).where(events.c.handle == town.human("p000").phone)

    async def state() -> str | None:
        async with town.ledger() as work:
            newest = last.order_by(events.c.id.desc()).limit(1)
            found: str | None = (await work.connection.execute(newest)).scalar_one_or_none()
            return found

    assert await town.until(state, lambda it: it == "done")
