"""Workers killed, told to stop, or put to sleep: nobody is lost, nobody gets it twice.

Fault cases 1 to 5.
"""

import asyncio
import random
import signal

import pytest
import sqlalchemy as sa

from storage.tables import attempts
from tests.chaos.accounts import accepted, sound, taken
from tests.chaos.processes import LOOK_SECONDS, Process, until
from tests.chaos.proxy import Hold
from tests.chaos.world import A_LEASE, SENDS, World

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLES = ("web", "scheduler", "worker")
# Of each messenger so many a second: there has to be a middle.
SLOWLY = {f"{name}_RATE": "20" for name in ("TELEGRAM", "VK", "WHATSAPP")}
RESUMED_SECONDS = 10.0
STOP_SECONDS = 10.0
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'attempts'::regclass"
IN_TRANSACTION = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
)


async def _killed_at_random(world: World, text: str, audience: int, kills: int) -> None:
    """Kill a worker each time so many more were accepted, at places that chance has chosen."""
    await world.roles("web", "scheduler")
    while len(world.workers()) < 3:
        await world.start("worker", **SLOWLY)
    chance = random.Random(kills)  # noqa: S311 - the same places in every run
    places = sorted(chance.sample(range(audience // 20, audience * 3 // 4), kills))
    broadcast = await world.broadcast(await world.people(audience), text)
    for place in places:
        await taken(world, text, place)
        await chance.choice(world.workers()).kill()
        await world.start("worker", **SLOWLY)
    for worker in world.workers()[1:]:
        await worker.kill()
    await world.ends(broadcast, within=600.0)
    told = await sound(world, broadcast, text, audience)
    assert set(told.states) <= {"accepted", "delivered", "unknown"}


async def test_killed_in_mid_broadcast(world: World) -> None:
    """Fault case 1, in short."""
    await _killed_at_random(world, "Короткая", audience=150, kills=3)


@pytest.mark.chaos
async def test_killed_twenty_times(world: World) -> None:
    """Fault case 1."""
    await _killed_at_random(world, "Длинная", audience=1_500, kills=20)


@pytest.mark.parametrize("waits", [False, pytest.param(True, marks=pytest.mark.chaos)])
async def test_killed_between_accept_and_commit(world: World, waits: bool) -> None:
    """Fault case 2; and nothing is queued behind that could wake anybody.

    It is taken up within a lease and ten seconds, whether the lease passes or is made to pass.
    """
    text = f"Принято {waits}."
    await world.roles(*ROLES)
    [worker, *others] = world.workers()
    for other in others:
        await other.kill()
    town = await world.people(3)
    for path in SENDS.values():
        world.proxy.meet(path, [Hold()])
    broadcast = await world.broadcast(town, text)
    await until(lambda: world.proxy.held == len(SENDS), world.last_words)
    assert len(accepted(world, text)) == len(SENDS)
    await worker.kill()
    world.proxy.calm()
    asked = world.proxy.count(SENDS["vk"])
    await world.roles(*ROLES)
    if not waits:
        await world.database.shift_clock(A_LEASE)
    lease = A_LEASE if waits else 0.0
    await world.settled(broadcast, "sending", within=lease + RESUMED_SECONDS)
    await world.settled(broadcast)
    told = await sound(world, broadcast, text, 3)
    assert told.states == {"unknown": 1, "accepted": 1, "delivered": 1}
    assert {channel for channel, _ in told.of("unknown")} == {"telegram", "vk"}
    assert {channel for channel, _ in told.of("delivered", "read")} == {"whatsapp"}
    assert world.proxy.count(SENDS["vk"]) == asked + 1


async def test_killed_between_claim_and_call(world: World) -> None:
    """Fault case 3: it waits to write its attempts, and dies."""
    await world.roles(*ROLES)
    town = await world.people(20)
    waiting = sa.text(WAITING)

    async def waits() -> bool:
        return await world.number(waiting) > 0

    async with world.database.begin() as work:
        await work.connection.execute(sa.text("LOCK TABLE attempts IN EXCLUSIVE MODE"))
        broadcast = await world.broadcast(town, "Взято")
        await until(waits, world.last_words)
        for worker in world.workers():
            await worker.kill()
    assert accepted(world, "Взято") == []
    await world.roles(*ROLES)
    await world.database.shift_clock(A_LEASE)
    await world.settled(broadcast, within=RESUMED_SECONDS + 20)
    told = await sound(world, broadcast, "Взято", 20)
    assert told.of("unknown") == set()
    assert told.copies.total() == 20


async def test_told_to_stop_in_mid_broadcast(world: World) -> None:
    """Fault case 4: what is in flight ends, what was not begun is given back."""
    await world.roles(*ROLES, "worker")
    stopping, going_on, *_ = world.workers()
    town = await world.people(120, "telegram")
    world.proxy.meet(SENDS["telegram"], [Hold()] * 5)
    broadcast = await world.broadcast(town, "Уволен")
    await until(lambda: world.proxy.held == 5, world.last_words)
    stopping.signal(signal.SIGTERM)
    world.proxy.calm()
    assert await stopping.ended(STOP_SECONDS) == 0
    assert await world.number(_sent_by(stopping, "sending", "unknown")) == 0
    # Within the lease: it took nothing with it.
    await world.settled(broadcast, within=A_LEASE / 2)
    told = await sound(world, broadcast, "Уволен", 120)
    assert told.states == {"accepted": 120}
    assert going_on.lives


async def test_put_to_sleep_for_two_leases(world: World) -> None:
    """Fault case 5: what it knows when it wakes is refused."""
    await world.roles(*ROLES)
    sleeper, *others = world.workers()
    for other in others:
        await other.kill()
    town = await world.people(2, "telegram", "vk")
    for messenger in ("telegram", "vk"):
        world.proxy.meet(SENDS[messenger], [Hold()])
    broadcast = await world.broadcast(town, "Заснул")
    await until(lambda: world.proxy.held == 2, world.last_words)
    await _put_to_sleep(world, sleeper)
    await world.start("worker")
    for _ in range(2):
        await world.database.shift_clock(A_LEASE)
    await world.settled(broadcast, within=RESUMED_SECONDS + 20)
    before = await sound(world, broadcast, "Заснул", 2)
    assert before.states == {"accepted": 1, "unknown": 1}
    world.proxy.calm()
    sleeper.signal(signal.SIGCONT)
    await sleeper.tells("late_outcome_refused")
    assert await sound(world, broadcast, "Заснул", 2) == before


async def _put_to_sleep(world: World, process: Process) -> None:
    """Stop a process where it is in no transaction: it would keep its locks."""
    while True:
        process.signal(signal.SIGSTOP)
        if not await world.number(IN_TRANSACTION):
            return
        process.signal(signal.SIGCONT)
        await asyncio.sleep(LOOK_SECONDS)


def _sent_by(process: Process, *states: str) -> sa.Executable:
    """Attempts of a worker that ended so; its name holds its number."""
    return sa.select(sa.func.count()).where(
        attempts.c.worker.contains(f":{process.pid}:"), attempts.c.state.in_(states)
    )
