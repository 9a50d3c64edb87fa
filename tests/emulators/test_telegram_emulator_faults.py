"""The Telegram emulator's flood limits, and how it breaks on demand."""

from collections.abc import AsyncIterator

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    RestartingTelegram,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import InputMediaPhoto

from tests.emulators.stagehand import eventually, seen_by_caller
from tests.emulators.telegram_stage import ADMINS, ANNA, BORIS, Stage, receiving, stage


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        yield ready


async def test_a_dialog_of_quick_replies_is_not_slowed() -> None:
    async with stage(pace=1) as scene:
        scene.telegram.opened(ANNA)
        for text in ("раз", "два", "три"):
            await scene.bot.send_message(ANNA, text)
        with pytest.raises(TelegramRetryAfter) as caught:
            await scene.bot.send_message(ANNA, "четыре")
        assert caught.value.retry_after == 1
        scene.world.clock.advance(1)
        await scene.bot.send_message(ANNA, "четыре")


async def test_who_does_not_wait_waits_longer() -> None:
    async with stage(pace=1, chat_rate=0.25, chat_burst=1) as scene:
        scene.telegram.opened(ANNA)
        scene.telegram.opened(BORIS)
        await scene.bot.send_message(ANNA, "раз")
        told = []
        for seconds in (0, 0, 1, 1):
            scene.world.clock.advance(seconds)
            _, body = await scene.calls("sendMessage", chat_id=ANNA, text="два")
            told.append(body["parameters"]["retry_after"])
        assert told == [4, 4, 8, 16]
        await scene.bot.send_message(BORIS, "другой чат не ждёт")
        scene.world.clock.advance(16)
        await scene.bot.send_message(ANNA, "два")


async def test_the_whole_bot_and_a_group_have_limits_too() -> None:
    async with stage(pace=1, rate=5) as scene:
        for user_id in range(1, 7):
            scene.telegram.opened(user_id)
        results = [await scene.calls("sendMessage", chat_id=n, text="x") for n in range(1, 7)]
        assert [status for status, _ in results] == [200] * 5 + [429]
        assert results[-1][1]["description"] == "Too Many Requests: retry after 1"
    async with stage(pace=1) as scene:
        for _ in range(20):
            await scene.bot.send_message(ADMINS, "x")
        with pytest.raises(TelegramRetryAfter) as caught:
            await scene.bot.send_message(ADMINS, "x")
        assert caught.value.retry_after == 3


async def test_a_planned_429(scene: Stage) -> None:
    await scene.fault(method="sendMessage", to=str(ANNA), code=429, retry_after=3)
    with pytest.raises(TelegramRetryAfter) as caught:
        await scene.bot.send_message(ANNA, "привет")
    assert (caught.value.retry_after, scene.accepted()) == (3, [])
    await scene.bot.send_message(ANNA, "привет")

    await scene.fault(code=429, retry_after="soon")
    url = f"{scene.base}/telegram/bot{scene.telegram.settings.token}/getMe"
    async with scene.http.get(url) as response:
        assert response.headers["Retry-After"] == "soon"
        assert (await response.json())["parameters"] == {"retry_after": "soon"}


async def test_planned_errors(scene: Stage) -> None:
    await scene.fault(code=500)
    with pytest.raises(TelegramServerError, match="Internal Server Error"):
        await scene.bot.send_message(ANNA, "привет")
    await scene.fault(code=401)
    with pytest.raises(TelegramUnauthorizedError):
        await scene.bot.send_message(ANNA, "привет")
    await scene.fault(code=400, description="Bad Request: PEER_ID_INVALID", to=str(ANNA))
    await scene.bot.get_me()
    with pytest.raises(TelegramBadRequest, match="PEER_ID_INVALID"):
        await scene.bot.send_message(ANNA, "привет")
    await scene.fault(kind="html", status=504)
    with pytest.raises(ClientDecodeError, match="504 Gateway Timeout"):
        await scene.bot.send_message(ANNA, "привет")
    assert scene.accepted() == []


async def test_a_reset_comes_after_accepting_and_a_drop_before(scene: Stage) -> None:
    await scene.fault(kind="drop")
    with pytest.raises(TelegramNetworkError):
        await scene.bot.send_message(ANNA, "потеряно")
    assert scene.accepted() == []
    await scene.fault(kind="reset")
    with pytest.raises(TelegramNetworkError):
        await scene.bot.send_message(ANNA, "доставлено")
    assert [entry.text for entry in scene.accepted()] == ["доставлено"]


async def test_a_proxys_page_may_hide_that_the_message_went_out(scene: Stage) -> None:
    await scene.fault(kind="html", accepted=True)
    with pytest.raises(ClientDecodeError, match="502 Bad Gateway"):
        await scene.bot.send_message(ANNA, "доставлено")
    assert [entry.text for entry in scene.accepted()] == ["доставлено"]


async def test_a_hanging_request_was_accepted(scene: Stage) -> None:
    await scene.fault(kind="hang")
    asking = scene.bot.send_message(ANNA, "доставлено")
    assert isinstance(await seen_by_caller(asking, scene.accepted, 0.3), TimeoutError)
    assert [entry.text for entry in scene.accepted()] == ["доставлено"]


async def test_a_restart_and_a_garbled_429(scene: Stage) -> None:
    await scene.fault(code=500, description="Internal Server Error: restart")
    with pytest.raises(RestartingTelegram):
        await scene.bot.send_message(ANNA, "привет")
    await scene.fault(code=429, retry_after=None, description="Too Many Requests: later")
    with pytest.raises(TelegramAPIError) as caught:
        await scene.bot.send_message(ANNA, "привет")
    assert not isinstance(caught.value, TelegramRetryAfter)
    assert scene.accepted() == []


async def test_an_album_whose_answer_is_lost_went_out_once(scene: Stage) -> None:
    await scene.fault(kind="reset", method="sendMediaGroup", to=str(ANNA))
    photo = InputMediaPhoto(media="https://example.com/a.jpg")
    await scene.bot.send_message(ANNA, "сначала текст")
    with pytest.raises(TelegramNetworkError):
        await scene.bot.send_media_group(ANNA, [photo, photo])
    assert [entry.kind for entry in scene.accepted()] == ["text", "photo", "photo"]


async def test_a_poll_may_fail_and_nothing_is_lost(scene: Stage) -> None:
    await scene.does("say", text="привет")
    for fault in ({"kind": "html"}, {"kind": "reset"}, {"code": 500}, {"code": 409}):
        await scene.fault(method="getUpdates", **fault)
        with pytest.raises((ClientDecodeError, TelegramNetworkError, TelegramAPIError)):
            await scene.bot.get_updates()
    assert (await scene.heard_message()).text == "привет"


async def test_a_download_may_fail(scene: Stage) -> None:
    await scene.does("photo")
    photo = (await scene.heard_message()).photo
    assert photo is not None
    path = (await scene.bot.get_file(photo[-1].file_id)).file_path
    url = f"{scene.base}/telegram/file/bot{scene.telegram.settings.token}/{path}"
    await scene.fault(method="file", kind="html")
    await scene.fault(method="file", code=404)
    found = []
    for _ in range(3):
        async with scene.http.get(url) as response:
            found.append((response.status, response.content_type))
    assert found == [(502, "text/html"), (404, "application/json"), (200, "image/png")]


async def test_a_lost_answer_brings_the_same_update_again(scene: Stage) -> None:
    async with receiving() as receiver:
        await scene.bot.set_webhook(receiver.url)
        await scene.fault(method="webhook", times=2)
        await scene.does("say", text="привет")
        await eventually(lambda: len(receiver.updates) == 2)
        scene.world.clock.advance(2)
        await eventually(lambda: len(receiver.updates) == 3)
        assert receiver.updates[0] == receiver.updates[1] == receiver.updates[2]
        info = await scene.bot.get_webhook_info()
        assert info.last_error_message == "Webhook connection closed"
