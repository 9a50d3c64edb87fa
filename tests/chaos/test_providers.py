"""Providers that ask to wait, fail, or say nothing. Fault cases 10 to 12."""

import json
import random
from collections.abc import Iterator
from itertools import repeat

import pytest

from tests.chaos.accounts import sound, taken
from tests.chaos.processes import until
from tests.chaos.proxy import Action, Hang, Pass, Say
from tests.chaos.world import SENDS, World

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLES = ("web", "scheduler", "worker")
PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
HTML = {"Content-Type": "text/html"}
GIVES_UP = {f"{name}_TIMEOUT": "3" for name in ("TELEGRAM", "VK", "WHATSAPP")}


async def _hands(world: World, **settings: str) -> None:
    """The roles, with one worker that has these settings."""
    for worker in world.workers():
        await worker.kill()
    await world.roles(*ROLES[:2])
    await world.start("worker", **settings)


def _wait(told: object) -> Say:
    """Telegram's way to ask for a pause."""
    refusal = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry later",
        "parameters": {"retry_after": told},
    }
    return Say(429, json.dumps(refusal).encode())


@pytest.mark.parametrize(
    ("told", "least"),
    [(_wait(3), 0), (_wait(30), 10), (_wait("soon"), 0), (_wait(-7), 0), (Say(429, PAGE, HTML), 0)],
    ids=["3s", "30s", "garbage", "negative", "html"],
)
async def test_asked_to_wait(
    world: World, request: pytest.FixtureRequest, told: Say, least: float
) -> None:
    """Fault case 10: nobody asks before the pause is over, and nobody has failed."""
    await world.roles(*ROLES)
    text = f"Пауза {request.node.callspec.id}."
    town = await world.people(100, "telegram")
    world.proxy.meet(SENDS["telegram"], [told])
    broadcast = await world.broadcast(town, text)

    async def pauses() -> bool:
        return await world.rest("telegram") > 0 and not world.proxy.under_way

    await until(pauses, world.last_words)
    assert await world.rest("telegram") >= least
    await world.settled(broadcast, "sending")
    asked = world.proxy.count(SENDS["telegram"])
    for _ in range(20):
        seen = world.proxy.count(SENDS["telegram"])
        # Looked at before the clock: what was seen, was seen in the pause.
        if not await world.rest("telegram"):
            break
        assert seen == asked
    await world.ends(broadcast)
    assert (await sound(world, broadcast, text, 100)).states == {"accepted": 100}


def _bad_day(seed: int, envelope: bytes) -> Iterator[Action]:
    """30 % of the answers are a server's error: the platform's own, a proxy's page, or nothing."""
    chance = random.Random(seed)  # noqa: S311 - the same day in every run
    while True:
        status = chance.choice((500, 502, 503))
        failure = chance.choice((Say(status, envelope), Say(status, PAGE, HTML), Say(status)))
        yield failure if chance.random() < 0.3 else Pass()


OWN_WORDS = {
    "telegram": b'{"ok":false,"error_code":500,"description":"Internal Server Error"}',
    "vk": b'{"error":{"error_code":10,"error_msg":"Internal server error"}}',
    "whatsapp": b'{"error":{"code":131000,"message":"Something went wrong"}}',
}


async def test_a_third_of_the_answers_are_errors(world: World) -> None:
    """Fault case 11: nobody has failed while there are tries left."""
    await world.roles(*ROLES)
    town = await world.people(150)
    for seed, (messenger, envelope) in enumerate(OWN_WORDS.items()):
        world.proxy.meet(SENDS[messenger], _bad_day(seed, envelope))
    broadcast = await world.broadcast(town, "Ненастье")
    await taken(world, "Ненастье", 75)
    assert await world.left(broadcast, "failed") == 0
    world.proxy.calm()
    await world.ends(broadcast)
    told = await sound(world, broadcast, "Ненастье", 150)
    assert set(told.states) <= {"accepted", "delivered", "unknown"}
    assert {channel for channel, _ in set(told.of("unknown")) - set(told.copies)} <= {
        *("telegram", "whatsapp")
    }


async def test_the_breaker_opens(world: World) -> None:
    """Fault case 11: a provider that answers nothing but errors is left alone for a while."""
    await world.roles(*ROLES)
    town = await world.people(200, "telegram")
    world.proxy.meet(SENDS["telegram"], repeat(Say(503, PAGE, HTML)))
    before = world.proxy.count(SENDS["telegram"])
    broadcast = await world.broadcast(town, "Предохранитель")

    async def rests() -> bool:
        return await world.rest("telegram") > 0

    try:
        await until(rests, world.last_words, within=20.0)
        assert world.proxy.count(SENDS["telegram"]) - before < 200
    finally:
        world.proxy.calm()
        await world.ends(broadcast)
    told = await sound(world, broadcast, "Предохранитель", 200)
    assert told.states["accepted"] > 0


async def test_no_answer_ever_comes(world: World) -> None:
    """Fault case 12: taken and not said so, or a connection whose other end is gone."""
    await _hands(world, **GIVES_UP)
    town = await world.people(60)
    for path in SENDS.values():
        world.proxy.meet(path, [Hang(), Hang(after=False), Hang(), Hang(after=False)])
    broadcast = await world.broadcast(town, "Тишина")
    await world.ends(broadcast)
    told = await sound(world, broadcast, "Тишина", 60)
    assert told.states["unknown"] > 0
    assert set(told.states) <= {"accepted", "delivered", "unknown"}
    assert world.proxy.hanging == 0


async def test_a_call_that_hangs_holds_only_its_own_slot(world: World) -> None:
    """Fault case 12: everybody else is served while they hang."""
    await _hands(world)
    world.proxy.calm()
    town = await world.people(160, "telegram")
    world.proxy.meet(SENDS["telegram"], [Hang(), Pass(), Pass(), Pass()] * 30)
    broadcast = await world.broadcast(town, "Вязко")

    async def others_are_settled() -> bool:
        return await world.left(broadcast) == 30

    try:
        await taken(world, "Вязко", 160)
        await until(others_are_settled, world.last_words)
        assert world.proxy.hanging == 30
    finally:
        await _hands(world)
        await world.ends(broadcast)
    told = await sound(world, broadcast, "Вязко", 160)
    assert told.states == {"accepted": 130, "unknown": 30}
