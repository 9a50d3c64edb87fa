"""The database goes away, or lets nobody write: what is known is kept, nothing new is begun.

Fault cases 6 and 7.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa

from storage.tables import attempts
from tests.chaos.accounts import accepted, copies, sound, taken
from tests.chaos.processes import until
from tests.chaos.proxy import Hold
from tests.chaos.servers import MortalServers
from tests.chaos.world import SENDS, World

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLES = ("web", "scheduler", "worker")
AUDIENCE = 120
HELD = 10


async def _under_way(world: World, text: str) -> int:
    """A broadcast of which some messages were taken and the answers are still to come."""
    await world.roles(*ROLES)
    town = await world.people(AUDIENCE, "telegram")
    world.proxy.meet(SENDS["telegram"], [Hold()] * HELD)
    broadcast = await world.broadcast(town, text)
    await until(lambda: world.proxy.held == HELD, world.last_words)
    return broadcast


async def test_killed_and_restarted_in_mid_send(world: World, mortal: MortalServers) -> None:
    """Fault case 6."""
    broadcast = await _under_way(world, "Упала")
    [worker] = world.workers()
    async with _away(mortal):
        world.proxy.calm()
        # The answers come, and there is nowhere to write them down.
        await until(lambda: not world.proxy.under_way, world.last_words)
        await worker.tells("database_away")
    await world.ends(broadcast)
    told = await sound(world, broadcast, "Упала", AUDIENCE)
    assert told.states == {"accepted": AUDIENCE}
    assert told.of("unknown") == set()


@asynccontextmanager
async def _away(mortal: MortalServers) -> AsyncIterator[None]:
    await asyncio.to_thread(mortal.crash_postgresql)
    try:
        yield
    finally:
        await asyncio.to_thread(mortal.revive_postgresql)


@asynccontextmanager
async def _read_only(world: World, mortal: MortalServers) -> AsyncIterator[None]:
    url = world.environment["DATABASE_URL"]
    await asyncio.to_thread(mortal.forbid_writing, url, forbid=True)
    try:
        yield
    finally:
        await asyncio.to_thread(mortal.forbid_writing, url, forbid=False)


def _attempts_of(broadcast: int) -> sa.Executable:
    return sa.select(sa.func.count()).where(attempts.c.broadcast_id == broadcast)


async def test_read_only(world: World, mortal: MortalServers) -> None:
    """Fault case 7."""
    broadcast = await _under_way(world, "Заперта")
    [worker] = world.workers()
    writer = next(iter(world.stage.world.people.values()))
    phone = world.phone(writer, "telegram")
    async with _read_only(world, mortal):
        world.proxy.calm()
        await worker.tells("database_away")
        written = await world.number(_attempts_of(broadcast))
        # What was written before goes out yet.
        await taken(world, "Заперта", written)
        await phone.says("/help")
        [web] = [it for it in world.processes if it.role == "web"]
        await web.tells("webhook_not_kept")
        assert len(accepted(world, "Заперта")) == written < AUDIENCE
    await world.ends(broadcast)
    told = await sound(world, broadcast, "Заперта", AUDIENCE)
    assert told.states == {"accepted": AUDIENCE}
    assert told.of("unknown") == set()
    # The provider has brought it again.
    await phone.sees("понимаю в любой момент")
    assert copies(world, "понимаю в любой момент").total() == 1
