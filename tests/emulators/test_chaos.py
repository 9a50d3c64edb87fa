"""Chaos: the same seed gives the same faults, at modest rates, and only to the business."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from emulators.chaos import CALLS, LONGEST_DELAY, WEBHOOKS, Chaos
from emulators.clock import Clock
from emulators.courier import Courier, Parcel, schedule
from emulators.faults import Fault, Faults
from emulators.road import Trip
from emulators.server import serving
from emulators.sms import Sms, SmsSettings
from emulators.telegram import Telegram, TelegramSettings
from emulators.vk import Vk, VkSettings
from emulators.whatsapp import WhatsApp, WhatsAppSettings
from emulators.world import Human, World
from tests.emulators.stagehand import eventually, served

CALLED = {"telegram": "sendMessage", "vk": "messages.send", "whatsapp": "messages", "sms": "send"}
MANY = 20_000
URL = "http://127.0.0.1:1/webhooks/vk/main"


def faults(seed: int, platform: str, count: int = 2_000) -> list[Fault | None]:
    chaos = Chaos(seed)
    return [chaos.fault(platform, CALLED[platform]) for _ in range(count)]


@pytest.mark.parametrize("platform", CALLED)
def test_the_same_seed_gives_the_same_faults(platform: str) -> None:
    assert faults(7, platform) == faults(7, platform)
    assert faults(7, platform) != faults(8, platform)


def test_a_platform_has_its_own_luck_whatever_the_others_do() -> None:
    alone, together = Chaos(7), Chaos(7)
    expected = [alone.fault("vk", "messages.send") for _ in range(500)]
    found = []
    for _ in range(500):
        together.fault("telegram", "sendMessage")
        together.road(URL)
        found.append(together.fault("vk", "messages.send"))
    assert found == expected


def test_everything_happens_about_as_often_as_promised() -> None:
    chaos = Chaos(1)
    for _ in range(MANY):
        chaos.fault("telegram", "sendMessage")
        chaos.road(URL)
    for name, share in {**CALLS, **WEBHOOKS}.items():
        assert share / 2 < chaos.happened[name] / MANY < share * 2, name
    assert len(chaos.promises()) == len(CALLS) + len(WEBHOOKS)


@pytest.mark.parametrize(
    ("platform", "method"),
    [
        ("telegram", "setWebhook"),
        ("telegram", "deleteWebhook"),
        ("telegram", "deleteMyCommands"),
        ("telegram", "getMe"),
        ("vk", "groups.addCallbackServer"),
        ("whatsapp", "subscribed_apps"),
        ("sms", "balance"),
    ],
)
def test_setting_up_goes_well(platform: str, method: str) -> None:
    chaos = Chaos(1)
    assert not any(chaos.fault(platform, method) for _ in range(2_000))


@pytest.mark.parametrize(
    ("platform", "method"),
    [
        ("telegram", "sendMediaGroup"),
        ("telegram", "setMessageReaction"),
        ("telegram", "answerCallbackQuery"),
        ("vk", "execute"),
        ("vk", "messages.sendMessageEventAnswer"),
        ("whatsapp", "marketing_messages"),
        ("sms", "status"),
    ],
)
def test_what_talks_to_people_does_not(platform: str, method: str) -> None:
    chaos = Chaos(1)
    assert any(chaos.fault(platform, method) for _ in range(2_000))


def test_its_strength_is_a_knob() -> None:
    weak, strong = Chaos(1, strength=0), Chaos(1, strength=10)
    assert not any(weak.fault("sms", "send") for _ in range(1_000))
    assert sum(strong.fault("sms", "send") is not None for _ in range(1_000)) > 500
    assert "20.0% of calls: throttled" in strong.promises()


def test_a_planned_fault_goes_before() -> None:
    world = World()
    world.disturb(Chaos(1))
    planned = world.faults.add({"platform": "vk", "kind": "drop", "times": 50})
    assert all(world.faults.take("vk", "messages.send") is planned for _ in range(50))


def test_what_is_no_request_of_the_business_is_spared() -> None:
    told = Faults()
    told.chance = lambda platform, _: Fault(platform, "drop")
    assert told.take("sms", "report", named=True) is None
    assert told.take("sms", "send") is not None


def test_webhooks_come_twice_late_or_overtaken() -> None:
    chaos = Chaos(3)
    trips = [tuple(chaos.road(URL)) for _ in range(2_000)]
    kinds = Counter((len(it), it[-1].apart, it[-1].delay > 0) for it in trips)
    assert set(kinds) == {(1, False, False), (2, True, True), (1, True, True), (1, False, True)}
    assert all(trip.delay <= LONGEST_DELAY for it in trips for trip in it)


@pytest.fixture
async def taken() -> AsyncIterator[tuple[str, list[str]]]:
    """A webhook, and what it has taken."""
    bodies: list[str] = []

    async def take(request: web.Request) -> web.Response:
        bodies.append(await request.text())
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", take)
    async with served(app) as base:
        yield f"{base}/hook", bodies


async def test_the_courier_takes_the_road_there_is(taken: tuple[str, list[str]]) -> None:
    url, bodies = taken
    clock = Clock()
    trips = iter([(Trip(60.0, apart=True),), (Trip(),), (Trip(), Trip(30.0, apart=True))])
    courier = Courier(
        clock, lambda _: next(trips), taken=lambda it: it.status == 200, waits=schedule(())
    )
    await courier.start()
    for word in ("overtaken", "second", "twice"):
        courier.send("anna", Parcel(url, word.encode()))
    await eventually(lambda: len(bodies) == 2)
    clock.advance(31)
    await eventually(lambda: len(bodies) == 3)
    clock.advance(60)
    await eventually(lambda: len(bodies) == 4)
    assert bodies == ["second", "twice", "twice", "overtaken"]
    await courier.stop()


ANNA = Human("anna", "Анна", "+79990001122", telegram=501, vk=101, bsuid="RU.1349120")


async def test_every_platforms_webhooks_meet_it() -> None:
    came: Counter[str] = Counter()

    async def take(request: web.Request) -> web.Response:
        came[request.match_info["platform"]] += 1
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/{platform}", take)
    world = World()
    world.add(ANNA)
    async with served(app) as ours:
        telegram, vk = Telegram(world), Vk(world, VkSettings(confirmation="ok"))
        whatsapp = WhatsApp(world, WhatsAppSettings(webhook_url=f"{ours}/whatsapp", duplicates=0))
        sms = Sms(world, SmsSettings(callback_url=f"{ours}/sms"))
        platforms = (telegram, vk, whatsapp, sms)
        async with serving(world, platforms) as base, aiohttp.ClientSession(base) as session:
            hook = f"/telegram/bot{telegram.settings.token}/setWebhook"
            await session.post(hook, data={"url": f"{ours}/telegram"})
            mine = {"access_token": vk.settings.token, "v": "5.199", "group_id": "200001"}
            added = {"url": f"{ours}/vk", "title": "test"}
            await session.post("/vk/method/groups.addCallbackServer", data=mine | added)
            ticks = {"server_id": "1", "message_new": "1"}
            await session.post("/vk/method/groups.setCallbackSettings", data=mine | ticks)
            came.clear()
            # Strong enough that every webhook is repeated.
            world.disturb(Chaos(1, strength=1 / WEBHOOKS["repeated"]))
            for platform in platforms:
                begins = "start" if platform in (telegram, vk) else "say"
                told = {"who": ANNA.id, "text": "Привет"}
                async with session.post(f"/_sim/{platform.name}/{begins}", json=told) as answer:
                    assert answer.status == 200
            await eventually(lambda: len(came) == len(platforms))
            world.clock.advance(LONGEST_DELAY)
            await eventually(lambda: came == {platform.name: 2 for platform in platforms})


@pytest.fixture
async def control() -> AsyncIterator[tuple[World, aiohttp.ClientSession]]:
    world = World()
    platforms = (
        Telegram(world, TelegramSettings()),
        Vk(world, VkSettings()),
        WhatsApp(world, WhatsAppSettings()),
        Sms(world, SmsSettings()),
    )
    async with serving(world, platforms) as base, aiohttp.ClientSession(base) as session:
        yield world, session


async def test_it_is_switched_on_and_off(control: tuple[World, aiohttp.ClientSession]) -> None:
    world, session = control

    async def told() -> Any:
        async with session.get("/_sim/chaos") as answer:
            return await answer.json()

    assert await told() == {"seed": None, "happened": {}}
    async with session.post("/_sim/chaos", json={"seed": 7}) as answer:
        assert answer.status == 201
        assert (await answer.json())["seed"] == 7
    for _ in range(200):
        world.faults.take("sms", "send")
    assert (await told())["seed"] == 7
    assert sum((await told())["happened"].values()) > 0
    async with session.delete("/_sim/chaos") as answer:
        assert answer.status == 204
    assert await told() == {"seed": None, "happened": {}}
    assert not any(world.faults.take("sms", "send") for _ in range(200))


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"seed": "7"}, {"seed": None}, {"seed": True}),
        *({"seed": 7, "strength": "much"}, {"seed": 7, "strength": -1}),
        *({"seed": 7, "strength": it} for it in (float("nan"), float("inf"))),
    ],
)
async def test_a_seed_is_a_number(
    control: tuple[World, aiohttp.ClientSession], body: dict[str, Any]
) -> None:
    _, session = control
    async with session.post("/_sim/chaos", json=body) as answer:
        assert answer.status == 400
        assert "seed" in (await answer.json())["error"]


async def test_the_page_and_the_control_path_go_well(
    control: tuple[World, aiohttp.ClientSession],
) -> None:
    world, session = control
    world.disturb(Chaos(1))
    world.faults.chance = lambda platform, _: Fault(platform, "drop")
    for path in ("/", "/_sim/chaos", "/_sim/screens/telegram/501"):
        async with asyncio.timeout(30), session.get(path) as answer:
            assert answer.status == 200
