"""The finer rules of the Telegram emulator's webhook: connections, lost hooks, public addresses."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.emulators.stagehand import PATIENCE_SECONDS, eventually, served
from tests.emulators.telegram_stage import ANNA, Receiver, Stage, receiving, stage


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        yield ready


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as ready:
        yield ready


async def test_no_more_requests_at_once_than_asked_for(scene: Stage) -> None:
    open_now, most, taken = 0, 0, 0
    let_go = asyncio.Event()

    async def slowly(_request: web.Request) -> web.Response:
        nonlocal open_now, most, taken
        open_now, most, taken = open_now + 1, max(most, open_now + 1), taken + 1
        await let_go.wait()
        open_now -= 1
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", slowly)
    async with served(app) as base:
        await scene.bot.set_webhook(f"{base}/hook", max_connections=2)
        for who in ("anna", "boris", "vera"):
            await scene.does("say", who, text="привет")
        await eventually(lambda: open_now == 2)
        await asyncio.sleep(0.2)
        assert (open_now, taken) == (2, 2)
        let_go.set()
        await eventually(lambda: taken == 3)
        assert most == 2


async def test_a_hook_that_is_gone_for_a_day_is_closed(scene: Stage) -> None:
    tries = 0

    async def gone(_request: web.Request) -> web.Response:
        nonlocal tries
        tries += 1
        return web.Response(status=410)

    app = web.Application()
    app.router.add_post("/hook", gone)
    async with served(app) as base:
        await scene.bot.set_webhook(f"{base}/hook")
        await scene.does("say", text="привет")
        await eventually(lambda: tries == 2)
        scene.world.clock.advance(22 * 3600)
        await eventually(lambda: tries == 3)
        assert (await scene.bot.get_webhook_info()).url
        scene.world.clock.advance(3601)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await scene.bot.get_webhook_info()).url:  # noqa: ASYNC110 - nobody is told
                await asyncio.sleep(0.05)
    (update,) = await scene.bot.get_updates()
    assert update.message is not None
    assert update.message.text == "привет"


async def test_an_answer_asks_for_a_method_in_any_form(scene: Stage, receiver: Receiver) -> None:
    scene.telegram.opened(ANNA)
    asked = {"method": "sendMessage", "chat_id": str(ANNA), "text": "многоформенно"}
    parts = aiohttp.MultipartWriter("form-data")
    for name, value in asked.items():
        parts.append(value).set_content_disposition("form-data", name=name)
    picture = parts.append(b"GIF89a", {"Content-Type": "image/gif"})
    picture.set_content_disposition("form-data", name="photo", filename="a.gif")
    form = aiohttp.FormData(asked | {"text": "формой"})()
    receiver.answers = [
        web.Response(body=parts, headers=dict(parts.headers)),
        web.Response(body=form, headers={"Content-Type": "application/x-www-form-urlencoded"}),
        web.json_response(asked | {"method": "getMe"}),
        web.json_response(["не объект"]),
    ]
    await scene.bot.set_webhook(receiver.url)
    for text in ("раз", "два", "три", "четыре", "пять"):
        await scene.does("say", text=text)
    await eventually(lambda: len(receiver.updates) == 5)
    assert [entry.text for entry in scene.accepted()] == ["многоформенно", "формой"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/hook", "An HTTPS URL must be provided for webhook"),
        (
            "https://example.com:8081/hook",
            "Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
    ],
)
async def test_telegrams_own_server_takes_public_addresses_only(url: str, why: str) -> None:
    async with stage(local=False) as scene:
        status, body = await scene.calls("setWebhook", url=url)
        assert (status, body["description"]) == (400, f"Bad Request: bad webhook: {why}")
        scene.world.clock.advance(1)
        told: dict[str, Any] = {"url": "https://example.com:8443/hook", "max_connections": 1000}
        assert (await scene.calls("setWebhook", **told))[0] == 200
        assert (await scene.bot.get_webhook_info()).max_connections == 100
