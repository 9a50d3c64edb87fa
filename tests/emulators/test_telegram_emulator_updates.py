"""How the Telegram emulator's bot hears from people: long polls and a real webhook receiver."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError, TelegramRetryAfter
from aiohttp import web

from tests.emulators.stagehand import eventually
from tests.emulators.telegram_stage import ANNA, OPERATORS, Receiver, Stage, receiving, stage

POLL_SECONDS = 30
WOKEN_SECONDS = 20.0
"""Whoever is woken comes back before the poll ends by itself."""


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        yield ready


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as ready:
        yield ready


async def hook(scene: Stage, receiver: Receiver, **settings: Any) -> None:
    assert await scene.bot.set_webhook(receiver.url, **settings)


def texts(receiver: Receiver) -> list[str]:
    return [update["message"]["text"] for update in receiver.updates]


async def test_updates_stay_until_they_are_confirmed(scene: Stage) -> None:
    for text in ("раз", "два", "три"):
        await scene.does("say", text=text)
    first = await scene.bot.get_updates(limit=2)
    second = await scene.bot.get_updates(offset=first[0].update_id + 1)

    assert [update.message and update.message.text for update in first] == ["раз", "два"]
    assert [update.update_id - first[0].update_id for update in second] == [1, 2]
    assert await scene.bot.get_updates(offset=second[-1].update_id + 1) == []
    assert (await scene.bot.get_webhook_info()).pending_update_count == 0


async def test_a_negative_offset_keeps_the_newest(scene: Stage) -> None:
    for text in ("раз", "два", "три"):
        await scene.does("say", text=text)
    (newest,) = await scene.bot.get_updates(offset=-1)
    assert newest.message is not None
    assert newest.message.text == "три"
    assert (await scene.bot.get_webhook_info()).pending_update_count == 1


async def test_a_long_poll_ends_with_the_first_update(scene: Stage) -> None:
    poll = asyncio.create_task(scene.bot.get_updates(timeout=POLL_SECONDS))
    await asyncio.sleep(0.1)
    assert not poll.done()
    await scene.does("say", text="привет")
    (update,) = await asyncio.wait_for(poll, WOKEN_SECONDS)
    assert update.message is not None
    assert update.message.text == "привет"


async def test_a_long_poll_ends_with_nothing(scene: Stage) -> None:
    started = time.monotonic()
    assert await scene.bot.get_updates(timeout=1) == []
    assert 0.9 < time.monotonic() - started < WOKEN_SECONDS


async def test_a_second_poll_ends_the_first(scene: Stage) -> None:
    first = asyncio.create_task(scene.bot.get_updates(timeout=POLL_SECONDS))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(scene.bot.get_updates(timeout=POLL_SECONDS))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await asyncio.wait_for(first, WOKEN_SECONDS)
    second.cancel()
    with suppress(asyncio.CancelledError):
        await second


async def test_a_webhook_ends_the_poll_and_forbids_another(
    scene: Stage, receiver: Receiver
) -> None:
    poll = asyncio.create_task(scene.bot.get_updates(timeout=POLL_SECONDS))
    await asyncio.sleep(0.1)
    await hook(scene, receiver)
    with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
        await asyncio.wait_for(poll, WOKEN_SECONDS)
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook"):
        await scene.bot.get_updates()


async def test_allowed_updates_are_kept_until_changed(scene: Stage) -> None:
    await scene.does("start")
    await scene.bot.get_updates(allowed_updates=["my_chat_member"])
    await scene.does("say", text="не слышно")
    await scene.does("block")
    updates = await scene.bot.get_updates(offset=1)
    assert [update.event_type for update in updates] == ["message", "my_chat_member"]
    assert (await scene.bot.get_webhook_info()).allowed_updates == ["my_chat_member"]

    await scene.bot.get_updates(offset=2, allowed_updates=[])
    await scene.calls("getUpdates", offset=3, allowed_updates=[])
    await scene.does("start")
    assert (await scene.bot.get_webhook_info()).pending_update_count == 4


async def test_old_updates_are_dropped(scene: Stage) -> None:
    scene.telegram.opened(ANNA)
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "x"}]]}
    _, sent = await scene.calls("sendMessage", chat_id=ANNA, text="Да?", reply_markup=markup)
    await scene.does("press", message=sent["result"]["message_id"], row=0, column=0)
    await scene.does("say", text="привет")
    scene.world.clock.advance(151)
    (update,) = await scene.bot.get_updates()
    assert update.event_type == "message"
    scene.world.clock.advance(86_400)
    assert await scene.bot.get_updates(offset=1) == []


async def test_a_webhook_takes_what_waited_and_what_comes(scene: Stage, receiver: Receiver) -> None:
    await scene.does("start", payload="spring")
    await hook(scene, receiver, secret_token="s3cret_-", max_connections=10)
    await scene.does("say", text="привет")
    await eventually(lambda: len(receiver.updates) == 2)

    assert texts(receiver) == ["/start spring", "привет"]
    assert receiver.secrets == ["s3cret_-", "s3cret_-"]
    first, second = (update["update_id"] for update in receiver.updates)
    assert second == first + 1
    info = await scene.bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.max_connections) == (receiver.url, 0, 10)
    assert info.last_error_message is None


async def test_a_refused_update_comes_again_before_the_next(
    scene: Stage, receiver: Receiver
) -> None:
    receiver.answers = [web.Response(status=503), web.Response(status=204)]
    await hook(scene, receiver)
    await scene.does("say", text="раз")
    await scene.does("say", text="два")
    await eventually(lambda: len(receiver.updates) == 3)

    assert texts(receiver) == ["раз", "раз", "два"]
    info = await scene.bot.get_webhook_info()
    assert info.last_error_message == ("Wrong response from the webhook: 503 Service Unavailable")


async def test_the_pauses_grow_on_telegrams_clock(scene: Stage, receiver: Receiver) -> None:
    receiver.answers = [web.Response(status=500) for _ in range(4)]
    await hook(scene, receiver)
    await scene.does("say", text="раз")
    await eventually(lambda: len(receiver.updates) == 2)
    for pause, tries in ((2, 3), (4, 4)):
        scene.world.clock.advance(pause / 2)
        await asyncio.sleep(0.1)
        assert len(receiver.updates) == tries - 1
        scene.world.clock.advance(pause / 2)
        await eventually(lambda tries=tries: len(receiver.updates) == tries)  # type: ignore[misc]
    scene.world.clock.advance(8)
    await eventually(lambda: len(receiver.updates) == 5)
    assert (await scene.bot.get_webhook_info()).pending_update_count == 0


async def test_retry_after_is_honoured(scene: Stage, receiver: Receiver) -> None:
    receiver.answers = [web.Response(status=429, headers={"Retry-After": "100"})]
    await hook(scene, receiver)
    await scene.does("say", text="раз")
    await eventually(lambda: len(receiver.updates) == 1)
    scene.world.clock.advance(90)
    await asyncio.sleep(0.1)
    assert len(receiver.updates) == 1
    scene.world.clock.advance(10)
    await eventually(lambda: len(receiver.updates) == 2)


async def test_a_chat_that_is_stuck_holds_up_no_other_queue(
    scene: Stage, receiver: Receiver
) -> None:
    scene.telegram.opened(ANNA)
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "x"}]]}
    _, sent = await scene.calls("sendMessage", chat_id=ANNA, text="Да?", reply_markup=markup)
    receiver.answers = [web.Response(status=500), web.Response(status=500)]
    await hook(scene, receiver)
    await scene.does("say", text="раз")
    await eventually(lambda: len(receiver.updates) == 2)
    await scene.does("press", message=sent["result"]["message_id"], row=0, column=0)
    await scene.does("say", "boris", text="два")
    await scene.does("block")
    await eventually(lambda: len(receiver.updates) == 5)

    kinds = [set(update) - {"update_id"} for update in receiver.updates]
    assert kinds[:2] == [{"message"}, {"message"}]
    assert {next(iter(kind)) for kind in kinds[2:]} == {
        "callback_query",
        "message",
        "my_chat_member",
    }
    assert (await scene.bot.get_webhook_info()).pending_update_count == 1


async def test_a_press_that_nobody_takes_is_given_up(scene: Stage, receiver: Receiver) -> None:
    scene.telegram.opened(ANNA)
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "x"}]]}
    _, sent = await scene.calls("sendMessage", chat_id=ANNA, text="Да?", reply_markup=markup)
    receiver.answers = [web.Response(status=500) for _ in range(2)]
    await hook(scene, receiver)
    await scene.does("press", message=sent["result"]["message_id"], row=0, column=0)
    await eventually(lambda: len(receiver.updates) == 2)
    scene.world.clock.advance(151)
    await asyncio.sleep(0.2)
    assert len(receiver.updates) == 2
    assert (await scene.bot.get_webhook_info()).pending_update_count == 0


async def test_an_answer_may_ask_for_a_method(scene: Stage, receiver: Receiver) -> None:
    scene.telegram.opened(ANNA)
    asked = {"method": "sendMessage", "chat_id": ANNA, "text": "И вам привет"}
    receiver.answers = [web.json_response(asked), web.json_response({"method": "deleteWebhook"})]
    await hook(scene, receiver)
    await scene.does("say", text="привет")
    await scene.does("say", text="ещё")
    await eventually(lambda: len(receiver.updates) == 2 and scene.accepted())

    assert [entry.text for entry in scene.accepted()] == ["И вам привет"]
    assert (await scene.bot.get_webhook_info()).url == receiver.url


async def test_after_the_webhook_the_queue_can_be_polled(scene: Stage) -> None:
    await scene.bot.set_webhook("http://127.0.0.1:9/nobody")
    await scene.does("say", text="раз")
    assert await scene.bot.delete_webhook()
    (update,) = await scene.bot.get_updates()
    assert update.message is not None
    assert update.message.text == "раз"
    assert await scene.bot.delete_webhook(drop_pending_updates=True)
    assert await scene.bot.get_updates(offset=1) == []


async def test_a_new_webhook_takes_over(scene: Stage, receiver: Receiver) -> None:
    await scene.bot.set_webhook("http://127.0.0.1:9/nobody")
    await scene.does("say", text="раз")
    with pytest.raises(TelegramRetryAfter):
        await hook(scene, receiver)
    scene.world.clock.advance(1)
    await hook(scene, receiver)
    await eventually(lambda: receiver.updates)
    assert texts(receiver) == ["раз"]


@pytest.mark.parametrize(
    ("url", "secret", "why"),
    [
        ("ftp://127.0.0.1/x", None, "invalid webhook URL specified"),
        ("http://127.0.0.1/x", "с кириллицей", "secret token contains unallowed characters"),
        ("http://127.0.0.1/x", "x" * 257, "secret token is too long"),
    ],
)
async def test_bad_webhooks(scene: Stage, url: str, secret: str | None, why: str) -> None:
    with pytest.raises(TelegramBadRequest) as caught:
        await scene.bot.set_webhook(url, secret_token=secret)
    assert caught.value.message == f"Bad Request: {why}"


async def test_the_kinds_of_a_webhook(scene: Stage, receiver: Receiver) -> None:
    await hook(scene, receiver, allowed_updates=["callback_query", "no_such_kind"])
    await scene.does("say", text="не слышно")
    await scene.does("say", "anna", chat=str(OPERATORS), text="не слышно")
    info = await scene.bot.get_webhook_info()
    assert (info.allowed_updates, info.pending_update_count) == (["callback_query"], 0)


async def test_the_numbers_of_a_restarted_emulator_are_new() -> None:
    async with stage() as before:
        await before.does("say", text="раз")
        (old,) = await before.heard()
    await asyncio.sleep(0.2)
    async with stage() as after:
        await after.does("say", text="раз")
        (new,) = await after.heard()
    assert new.update_id > old.update_id
