"""The control path of the emulators: screens that are waited for, the feed, the acceptance log."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import pytest

from emulators.feed import BACKLOG, Event, Feed
from emulators.screens import Bubble
from emulators.server import serving
from emulators.telegram import Telegram, TelegramSettings
from emulators.world import Group, World
from tests.emulators.stagehand import eventually

CHAT = "501"
ODD = (float("nan"), float("inf"), float("-inf"), None)
WOKEN_SECONDS = 15.0
"""Whoever looks and is woken comes back before the twenty seconds that it asks for."""


@dataclass
class Scene:
    """A world behind its control path."""

    world: World
    base: str
    http: aiohttp.ClientSession

    async def get(self, path: str, **query: Any) -> tuple[int, Any]:
        async with self.http.get(f"{self.base}/_sim/{path}", params=query) as response:
            return response.status, await response.json()

    async def screen(self, **query: Any) -> Any:
        status, screen = await self.get(f"screens/telegram/{CHAT}", **query)
        assert status == 200
        return screen

    def says(self, text: str, number: int = 1) -> str:
        """The bot writes on the screen and is logged."""
        bubble = Bubble(str(number), text, self.world.clock.now())
        reference = self.world.accept(
            platform="telegram", to=CHAT, kind="text", text=text, reference=str(number)
        )
        self.world.screens.show("telegram", CHAT, bubble)
        return reference

    @asynccontextmanager
    async def feed(self) -> AsyncIterator[aiohttp.StreamReader]:
        """The live feed, once it listens."""
        async with self.http.get(f"{self.base}/_sim/feed") as response:
            assert await response.content.readuntil(b"\n\n") == b": hello\n\n"
            yield response.content


async def heard(feed: aiohttp.StreamReader) -> Any:
    """The feed's next event."""
    async with asyncio.timeout(WOKEN_SECONDS):
        return json.loads((await feed.readuntil(b"\n\n")).removeprefix(b"data: "))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    world = World()
    telegram = Telegram(world, TelegramSettings(pace=0))
    async with serving(world, [telegram]) as base, aiohttp.ClientSession() as http:
        yield Scene(world, base, http)


async def test_a_screen_is_answered_when_it_has_changed(scene: Scene) -> None:
    before = await scene.screen()
    looking = asyncio.create_task(scene.screen(after=before["version"], wait=20))
    await asyncio.sleep(0.05)
    assert not looking.done()
    scene.says("Привет")
    after = await asyncio.wait_for(looking, WOKEN_SECONDS)
    assert [bubble["text"] for bubble in after["bubbles"]] == ["Привет"]
    assert after["version"] > before["version"]
    assert await scene.screen(after=before["version"], wait=20) == after


async def test_a_toast_or_another_chat_is_no_change_of_a_screen(scene: Scene) -> None:
    version = (await scene.screen())["version"]
    looking = asyncio.create_task(scene.screen(after=version, wait=0.2))
    await asyncio.sleep(0.05)
    scene.world.screens.toast("telegram", CHAT, "печатает…")
    scene.world.screens.note("telegram", "502", "бот заблокирован")
    assert (await looking)["version"] == version


async def test_a_change_in_place_wakes_too(scene: Scene) -> None:
    scene.says("Привет")
    screens = scene.world.screens
    bubble = screens.of("telegram", CHAT).bubbles[0]
    changes: list[Callable[[], None]] = [
        lambda: screens.change("telegram", CHAT, bubble),
        lambda: screens.note("telegram", CHAT, "нет связи"),
        lambda: screens.keyboard("telegram", CHAT, []),
        lambda: screens.remove("telegram", CHAT, bubble.id),
    ]
    for change in changes:
        version = (await scene.screen())["version"]
        looking = asyncio.create_task(scene.screen(after=version, wait=20))
        await asyncio.sleep(0.02)
        change()
        assert (await asyncio.wait_for(looking, WOKEN_SECONDS))["version"] == version + 1


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"screens/telegram/{CHAT}", {"after": "x"}),
        (f"screens/telegram/{CHAT}", {"after": 0, "wait": -1}),
        (f"screens/telegram/{CHAT}", {"after": 0, "wait": "nan"}),
        ("accepted", {"last": "many"}),
        ("accepted", {"last": "inf"}),
    ],
)
async def test_a_number_that_is_none_is_refused(
    scene: Scene, path: str, query: dict[str, Any]
) -> None:
    status, answer = await scene.get(path, **query)
    assert (status, list(answer)) == (400, ["error"])


@pytest.mark.parametrize("told", [{}, {"advance": "far"}, *({"advance": it} for it in ODD)])
async def test_a_clock_goes_nowhere_from_where_it_could_not_come_back(
    scene: Scene, told: dict[str, Any]
) -> None:
    async with scene.http.post(f"{scene.base}/_sim/clock", json=told) as answer:
        assert answer.status == 400
    assert scene.world.clock.shift == 0


async def test_the_feed_tells_what_happens(scene: Scene) -> None:
    async with scene.feed() as feed:
        scene.says("Привет")
        accepted, shown = await heard(feed), await heard(feed)
        assert (accepted["type"], accepted["text"], accepted["count"]) == ("accepted", "Привет", 1)
        assert (shown["type"], shown["chat"], shown["bubble"]["text"]) == ("bubble", CHAT, "Привет")
        scene.world.report(platform="telegram", reference="1", status="read", to=CHAT)
        read = await heard(feed)
        assert (read["type"], read["status"], read["count"]) == ("status", "read", 1)
        scene.world.regroup([Group("telegram", "-100", "Операторы", "operators")])
        assert (await heard(feed))["groups"][0]["title"] == "Операторы"


async def test_half_of_a_surrogate_pair_passes_through(scene: Scene) -> None:
    async with scene.feed() as feed:
        scene.says("половина \ud83d пары")
        assert (await heard(feed))["text"] == "половина \ud83d пары"
        assert (await scene.screen())["bubbles"][0]["text"] == "половина \ud83d пары"


async def test_nobody_listens_once_a_quiet_page_is_closed(scene: Scene) -> None:
    made: list[Event] = []

    def event() -> Event:
        made.append({"type": "made"})
        return made[-1]

    async with scene.feed():
        scene.world.feed.tell(event)
        assert len(made) == 1
    # Nothing is told meanwhile: a write that fails is not what tells that the page is gone.
    await asyncio.sleep(0.4)
    scene.world.feed.tell(event)
    assert len(made) == 1


def test_a_listener_far_behind_is_told_to_load_anew() -> None:
    feed = Feed()
    with feed.listening() as events:
        for number in range(BACKLOG + 1):
            feed.tell(partial(dict, type="number", number=number))
        told = [events.get_nowait() for _ in range(events.qsize())]
    assert told == [{"type": "reload"}, {"type": "number", "number": BACKLOG}]


async def test_a_stopping_server_keeps_nobody_waiting() -> None:
    world = World()
    telegram = Telegram(world, TelegramSettings(pace=0))
    telegram.opened(int(CHAT))
    world.faults.add({"platform": "telegram", "kind": "hang"})
    async with aiohttp.ClientSession() as http, AsyncExitStack() as server:
        base = await server.enter_async_context(serving(world, [telegram]))
        scene = Scene(world, base, http)
        url = f"{base}/telegram/bot{telegram.settings.token}/sendMessage"
        sending = asyncio.create_task(http.post(url, json={"chat_id": CHAT, "text": "Привет"}))
        await eventually(world.accepted.count)
        looking = asyncio.create_task(scene.screen(after=(await scene.screen())["version"]))
        async with scene.feed() as feed:
            began = time.monotonic()
            await server.aclose()
            # Otherwise it waits a second for each of them, and then breaks off.
            assert time.monotonic() - began < 0.7
            assert await feed.read() == b""
        assert (await looking)["bubbles"][0]["text"] == "Привет"
        with pytest.raises(aiohttp.ClientError):
            await sending


async def test_the_newest_entries_come_with_their_fate(scene: Scene) -> None:
    for number in range(5):
        scene.says(f"сообщение {number}", number)
    for status, why in (("delivered", ""), ("read", ""), ("delivered", "late")):
        scene.world.report(platform="telegram", reference="4", status=status, to=CHAT, why=why)
    scene.world.report(platform="telegram", reference="3", status="failed", to=CHAT, why="403")
    scene.world.report(platform="telegram", reference="3", status="read", to="another chat")

    _, told = await scene.get("accepted", last=3, containing="сообщение")
    assert [(item["text"], item["status"], item["why"]) for item in told["items"]] == [
        ("сообщение 2", "accepted", ""),
        ("сообщение 3", "failed", "403"),
        ("сообщение 4", "read", ""),
    ]
    counts = {"accepted": 5, "sent": 0, "delivered": 2, "read": 2, "failed": 1}
    assert told["counts"] == counts
    _, told = await scene.get("accepted", to="nobody")
    assert told == {"items": [], "counts": counts}


async def test_who_goes_by_the_clock_too_is_told_of_its_moves(scene: Scene) -> None:
    moves = list[float]()

    async def moved(seconds: float) -> None:
        moves.append(seconds)

    scene.world.on_clock = moved
    for told in ({"advance": 3600}, {"advance": 60, "platform": "telegram"}):
        async with scene.http.post(f"{scene.base}/_sim/clock", json=told) as answer:
            assert answer.status == 200
    # A platform whose own clock goes wrong leaves everybody else's alone.
    assert moves == [3600]
