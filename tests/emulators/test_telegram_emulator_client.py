"""A bot written with aiogram alone, as its users write them, against the Telegram emulator."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram.exceptions import AiogramError, TelegramAPIError

from tests.emulators.stagehand import eventually
from tests.emulators.telegram_client import Shop, polling, webhook
from tests.emulators.telegram_stage import ANNA, OPERATORS, Stage, stage


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        yield ready


@pytest.fixture(params=[polling, webhook], ids=["polling", "webhook"])
async def shop(request: pytest.FixtureRequest, scene: Stage) -> AsyncIterator[Shop]:
    """The bot is running and hears by one way or the other."""
    async with request.param(scene) as ready:
        yield ready


def shown(scene: Stage, chat: int = ANNA) -> list[str]:
    return [bubble.text for bubble in scene.screen(chat).bubbles]


async def until(scene: Stage, text: str, chat: int = ANNA) -> None:
    await eventually(lambda: text in shown(scene, chat), 20)


async def test_a_customer_goes_all_the_way(scene: Stage, shop: Shop) -> None:
    await scene.does("start", payload="spring")
    await until(scene, "Хотите скидку?")
    question = scene.last_bubble()
    assert question.spans == [{"offset": 0, "length": 6, "style": "bold"}]
    await scene.does("press", message=question.id, row=0, column=0)
    await until(scene, "Ваш номер?")
    assert "Скидка ваша" in shown(scene)
    await scene.does("tap", row=0, column=0)
    await until(scene, "Анна Петрова\n+79001110001", OPERATORS)
    assert scene.last_bubble(OPERATORS).thread == "Анна"
    await scene.does("block")
    await eventually(lambda: shop.heard == ["kicked"], 20)


async def test_pictures_come_and_go(scene: Stage, shop: Shop) -> None:
    await scene.does("photo")
    await eventually(lambda: len(scene.accepted()) == 3, 20)
    assert shop.files[0].startswith(b"\x89PNG")
    assert [bubble.text for bubble in scene.screen().bubbles] == ["", "Похожее", "", ""]
    assert all(bubble.image for bubble in scene.screen().bubbles)


async def test_small_signs(scene: Stage, shop: Shop) -> None:
    said = await scene.does("say", text="раз")
    await scene.does("edit", message=said["message"], text="два")
    await until(scene, "теперь два")
    assert scene.last_bubble().reply_to == said["message"]
    await scene.does("react", message=scene.last_bubble().id, emoji="🔥")
    await eventually(lambda: shop.heard == ["reaction"], 20)
    await scene.does("say", text="/menu")
    await eventually(lambda: "/menu" not in shown(scene), 20)
    assert [it.command for it in await scene.bot.get_my_commands()] == ["menu"]


async def test_a_wrong_secret_is_refused_and_comes_again(scene: Stage) -> None:
    async with webhook(scene):
        url = (await scene.bot.get_webhook_info()).url
        assert url is not None
        scene.world.clock.advance(1)
        await scene.bot.set_webhook(url, secret_token="another")
        await scene.does("say", text="привет")
        async with asyncio.timeout(20):
            while not (info := await scene.bot.get_webhook_info()).last_error_message:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert info.last_error_message == "Wrong response from the webhook: 401 Unauthorized"
        assert info.pending_update_count == 1


async def _errors(scene: Stage) -> dict[str, tuple[Any, str]]:
    """By case: a call that fails, and the name of aiogram's exception for it."""
    bot = scene.bot
    await scene.does("start")
    await scene.does("start", "boris")
    await scene.does("block", "boris")
    moved = await scene.does("migrate", chat="-100600")
    assert moved["chat"]
    return {
        "blocked": (bot.send_message(502, "x"), "TelegramForbiddenError"),
        "never started": (bot.send_message(503, "x"), "TelegramBadRequest"),
        "migrated": (bot.send_message(-100600, "x"), "TelegramMigrateToChat"),
        "bad text": (bot.send_message(ANNA, "<b>x", parse_mode="HTML"), "TelegramBadRequest"),
        "no such file": (bot.get_file("x"), "TelegramBadRequest"),
        "old press": (bot.answer_callback_query("1"), "TelegramBadRequest"),
        "no topic": (bot.send_message(OPERATORS, "x", message_thread_id=5), "TelegramBadRequest"),
    }


async def test_refusals_are_aiograms_own_exceptions(scene: Stage) -> None:
    for case, (call, name) in (await _errors(scene)).items():
        with pytest.raises(TelegramAPIError) as caught:
            await call
        assert type(caught.value).__name__ == name, case


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ({"code": 401}, "TelegramUnauthorizedError"),
        ({"code": 404}, "TelegramNotFound"),
        ({"code": 409}, "TelegramConflictError"),
        ({"code": 413}, "TelegramEntityTooLarge"),
        ({"code": 429, "retry_after": 7}, "TelegramRetryAfter"),
        ({"code": 500}, "TelegramServerError"),
        ({"code": 500, "description": "Internal Server Error: restart"}, "RestartingTelegram"),
        ({"kind": "html"}, "ClientDecodeError"),
        ({"kind": "reset"}, "TelegramNetworkError"),
        ({"kind": "drop"}, "TelegramNetworkError"),
    ],
)
async def test_faults_are_aiograms_own_exceptions(
    scene: Stage, fault: dict[str, Any], name: str
) -> None:
    scene.telegram.opened(ANNA)
    await scene.fault(**fault)
    with pytest.raises(AiogramError) as caught:
        await scene.bot.send_message(ANNA, "привет")
    assert type(caught.value).__name__ == name
    accepted = [entry.text for entry in scene.accepted()]
    assert accepted == (["привет"] if fault.get("kind") == "reset" else [])
