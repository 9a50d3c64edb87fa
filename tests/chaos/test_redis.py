"""Redis forgets, dies, or was never there: a delay, never a message. Fault case 9."""

import asyncio
from collections.abc import Callable

import pytest
from redis import Redis

from tests.chaos.accounts import copies, sound, taken
from tests.chaos.servers import MortalServers
from tests.chaos.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLES = ("web", "scheduler", "worker")
REQUEUED_SECONDS = 30.0
AUDIENCE = 150


async def test_absent_at_the_start(world: World, mortal: MortalServers) -> None:
    town = await world.people(10)
    [writer, *_] = world.stage.world.people.values()
    phone = world.phone(writer, "telegram")
    await asyncio.to_thread(mortal.crash_redis)
    try:
        await world.roles(*ROLES)
        await phone.says("/help")
        await phone.sees("понимаю в любой момент")
        broadcast = await world.broadcast(town, "Без Redis")
        await taken(world, "Без Redis", 10, REQUEUED_SECONDS)
    finally:
        await asyncio.to_thread(mortal.revive_redis)
    await world.ends(broadcast)
    await sound(world, broadcast, "Без Redis", 10)
    assert copies(world, "понимаю в любой момент").total() == 1


def _flush(mortal: MortalServers) -> None:
    with Redis.from_url(mortal.own_valkey.connection_url) as redis:
        redis.flushall()


def _restart(mortal: MortalServers) -> None:
    mortal.crash_redis()
    mortal.revive_redis()


@pytest.mark.parametrize("lose", [_flush, _restart])
async def test_lost_in_mid_broadcast(
    world: World, mortal: MortalServers, lose: Callable[[MortalServers], None]
) -> None:
    await world.roles(*ROLES)
    text = f"Потеря {lose.__name__}"
    broadcast = await world.broadcast(await world.people(AUDIENCE), text)
    await taken(world, text, AUDIENCE // 10)
    await asyncio.to_thread(lose, mortal)
    await taken(world, text, AUDIENCE, REQUEUED_SECONDS)
    await world.ends(broadcast)
    told = await sound(world, broadcast, text, AUDIENCE)
    assert told.of("unknown") == set()
