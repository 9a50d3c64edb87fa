"""A handset waits for what is to appear, finds buttons by their labels, and says what it sees."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import TraceConfig

from emulators.handset import Handset, NotSeen
from emulators.screens import Bubble, Key
from emulators.server import serving
from emulators.world import World
from tests.browser.scripted import ADMIN_CHAT, Scripted, chat_of, small_world


@dataclass
class Scene:
    """Anna's phone, and the script behind it; `asked` are the paths the phones asked for."""

    world: World
    platform: Scripted
    base: str
    http: aiohttp.ClientSession
    asked: list[str] = field(default_factory=list)

    @property
    def chat(self) -> str:
        return chat_of("telegram", self.world.people["p1"])

    def handset(self, who: str = "p1", chat: str | None = None, **told: Any) -> Handset:
        chat = chat or self.chat
        return Handset(self.http, self.base, platform="telegram", who=who, chat=chat, **told)

    def later(self, text: str, **more: Any) -> None:
        """The business writes in a moment."""
        asyncio.get_running_loop().call_later(
            0.1, lambda: self.platform.bot_says(self.chat, text, **more)
        )

    def keys(self, *labels: str) -> str:
        """The business writes a message with these keys, each in its row; gives its id."""
        return self.platform.bot_says(self.chat, "?", keys=[[Key(label)] for label in labels]).id

    def pressed(self) -> tuple[str, dict[str, Any]]:
        """The newest gesture, and what it told."""
        gesture, told = self.platform.made[-1]
        return gesture, {name: value for name, value in told.items() if name != "who"}


@asynccontextmanager
async def playing() -> AsyncIterator[Scene]:
    world = small_world()
    platform = Scripted(world, "telegram")
    asked: list[str] = []

    async def note(_session: Any, _context: Any, params: aiohttp.TraceRequestStartParams) -> None:
        asked.append(params.url.path)

    trace = TraceConfig()
    trace.on_request_start.append(note)
    async with (
        serving(world, [platform]) as base,
        aiohttp.ClientSession(trace_configs=[trace]) as http,
    ):
        yield Scene(world, platform, base, http, asked)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with playing() as ready:
        yield ready


async def test_a_conversation(scene: Scene) -> None:
    phone = scene.handset()
    await phone.starts("promo")
    await phone.sees("Здравствуйте")
    await phone.presses("Капучино")
    await phone.sees("Вы выбрали: Капучино", anew=False)
    await phone.says("Спасибо")
    seen = await phone.sees("Спасибо")
    assert (seen["text"], seen["mine"]) == ("Эхо: Спасибо", False)
    assert scene.platform.made[0] == ("start", {"who": "p1", "payload": "promo"})
    assert [gesture for gesture, _ in scene.platform.made] == ["start", "press", "say"]


async def test_what_comes_later_is_waited_for_without_asking_again_and_again(scene: Scene) -> None:
    phone = scene.handset()
    scene.later("Ваш код 1234", keys=[[Key("Повторить")]])
    began = time.monotonic()
    assert (await phone.sees("код"))["text"] == "Ваш код 1234"
    assert time.monotonic() - began >= 0.09
    assert len(scene.asked) == 2
    await phone.sees_key("Повторить")


async def test_the_same_words_under_an_id_that_is_used_again_are_new(scene: Scene) -> None:
    """A gateway may use an id again."""
    phone, screens = scene.handset(), scene.world.screens
    for _ in range(2):
        screens.show("telegram", scene.chat, Bubble("1", "Ваш код 1234", 0.0))
        assert (await phone.sees("код"))["said_in"] == screens.of("telegram", scene.chat).version


async def test_a_change_in_place_is_seen(scene: Scene) -> None:
    phone = scene.handset()
    scene.keys("Кофе")
    bubble = scene.world.screens.of("telegram", scene.chat).bubbles[-1]

    def tick() -> None:
        bubble.keys = [[Key("☑ Кофе")]]
        scene.world.screens.change("telegram", scene.chat, bubble)

    asyncio.get_running_loop().call_later(0.05, tick)
    await phone.sees_key("☑ Кофе")


async def test_only_what_was_not_seen_before_counts(scene: Scene) -> None:
    phone = scene.handset(patience=0.2)
    scene.platform.bot_says(scene.chat, "Акция")
    await phone.sees("Акция")
    with pytest.raises(NotSeen):
        await phone.sees("Акция")
    await phone.sees("Акция", anew=False)
    scene.platform.bot_says(scene.chat, "Акция снова")
    assert (await phone.sees("Акция"))["text"] == "Акция снова"


async def test_what_does_not_appear_is_told_with_what_does(scene: Scene) -> None:
    phone = scene.handset(patience=0.1)
    scene.keys("Да", "Нет")
    await phone.says("Привет")
    with pytest.raises(NotSeen) as caught:
        await phone.presses("Отмена")
    assert str(caught.value) == (
        "p1 on telegram waits for a button 'Отмена'; the screen shows:\n"
        "> '?' ['Да', 'Нет']\n< 'Привет' []\n> 'Эхо: Привет' []"
    )


@pytest.mark.parametrize(
    ("label", "place"),
    [
        ("Да", ("new", 1)),
        ("Нет, спасибо", ("new", 2)),
        ("Да, присылайте", ("new", 0)),
        ("присылайте", ("new", 0)),
        ("Нет", ("old", 0)),
        ("спасибо", ("new", 2)),
    ],
)
async def test_the_very_label_wins_then_the_newest_part_of_one(
    scene: Scene, label: str, place: tuple[str, int]
) -> None:
    old = scene.keys("Нет", "Да, присылайте, спасибо")
    new = scene.keys("Да, присылайте", "Да", "Нет, спасибо")
    await scene.handset().presses(label)
    message, row = {"old": old, "new": new}[place[0]], place[1]
    assert scene.pressed() == ("press", {"message": message, "row": row, "column": 0})


async def test_rows_of_a_list_and_the_keyboard_below(scene: Scene) -> None:
    phone = scene.handset()
    await phone.starts()
    await phone.presses("Чай")
    gesture, told = scene.pressed()
    assert (gesture, told["row"], told["column"], told["item"]) == ("press", 1, 0, 1)
    await phone.presses("Помощь")
    assert ("tap", {"who": "p1", "row": 0, "column": 1}) in scene.platform.made


async def test_in_a_group_everybody_writes_into_it(scene: Scene) -> None:
    boss = scene.handset("p3", ADMIN_CHAT, group=True)
    colleague = scene.handset("p4", ADMIN_CHAT, group=True)
    await boss.says("Начинаем")
    assert (await colleague.sees("Начинаем"))["author"] == "Вера Админ"
    assert scene.platform.made == [("say", {"who": "p3", "text": "Начинаем", "chat": ADMIN_CHAT})]


async def test_ones_own_words_are_not_an_answer(scene: Scene) -> None:
    phone = scene.handset()
    await phone.says("Привет")
    assert (await phone.sees("Привет"))["text"] == "Эхо: Привет"


async def test_a_refused_gesture_is_told_in_the_emulators_words(scene: Scene) -> None:
    phone = scene.handset()
    await phone.does("block")
    with pytest.raises(ValueError, match="p1 cannot say on telegram: Вы заблокировали"):
        await phone.says("Ау")
    assert (await phone.screen())["note"] == "бот заблокирован"
