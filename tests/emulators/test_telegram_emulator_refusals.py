"""Doors that the Telegram emulator keeps shut, in Telegram's own words."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)

from tests.emulators.telegram_stage import (
    ADMINS,
    ANNA,
    BORIS,
    OPERATORS,
    VERA,
    Stage,
    inline,
    stage,
)

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        yield ready


async def test_blocked_never_started_and_gone(scene: Stage) -> None:
    await scene.does("block")
    await scene.does("delete_account", "vera")
    for chat, why in (
        (ANNA, "bot was blocked by the user"),
        (VERA, "user is deactivated"),
        (BORIS, "bot can't initiate conversation with a user"),
    ):
        with pytest.raises(TelegramForbiddenError) as caught:
            await scene.bot.send_message(chat, "привет")
        assert caught.value.message == f"Forbidden: {why}"
    assert scene.accepted() == []


async def test_edits_that_cannot_be(scene: Stage) -> None:
    sent = await scene.bot.send_message(ANNA, "привет")
    said = await scene.does("say", text="ответ")
    for message, text, why in (
        (sent.message_id, "привет", NOT_MODIFIED),
        (sent.message_id + 99, "иначе", "message to edit not found"),
        (int(said["message"]), "иначе", "message can't be edited"),
    ):
        with pytest.raises(TelegramBadRequest) as caught:
            await scene.bot.edit_message_text(text, chat_id=ANNA, message_id=message)
        assert caught.value.message == f"Bad Request: {why}"


async def test_missing_messages_have_names(scene: Stage) -> None:
    for call, why in (
        (scene.bot.delete_message(ANNA, 5), "message to delete not found"),
        (scene.bot.copy_message(ANNA, ANNA, 5), "message to copy not found"),
        (scene.bot.forward_message(ANNA, ANNA, 5), "message to forward not found"),
    ):
        with pytest.raises(TelegramBadRequest) as caught:
            await call
        assert caught.value.message == f"Bad Request: {why}"


async def test_old_messages_stay(scene: Stage) -> None:
    sent = await scene.bot.send_message(ANNA, "привет")
    scene.world.clock.advance(49 * 3600)
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await scene.bot.delete_message(ANNA, sent.message_id)


async def test_a_press_is_answered_once_and_in_time(scene: Stage) -> None:
    markup = inline(text="Да", callback_data="x")
    _, sent = await scene.calls("sendMessage", chat_id=ANNA, text="Хотите?", **markup)
    message = sent["result"]["message_id"]
    first = await scene.does("press", message=message, row=0, column=0)
    second = await scene.does("press", message=message, row=0, column=0)
    await scene.bot.answer_callback_query(first["query"])
    scene.world.clock.advance(600)
    why = "query is too old and response timeout expired or query ID is invalid"
    for query in (first["query"], second["query"], "17"):
        with pytest.raises(TelegramBadRequest) as caught:
            await scene.bot.answer_callback_query(query)
        assert caught.value.message == f"Bad Request: {why}"


async def test_a_group_that_moved_tells_its_new_id(scene: Stage) -> None:
    with scene.world.feed.listening() as events:
        moved = await scene.does("migrate", chat=str(ADMINS))
    told = events.get_nowait()
    assert [(it["chat"], it["role"]) for it in told["groups"]] == [
        (str(OPERATORS), "operators"),
        (moved["chat"], "admin"),
    ]
    with pytest.raises(TelegramMigrateToChat) as caught:
        await scene.bot.send_message(ADMINS, "привет")
    assert str(caught.value.migrate_to_chat_id) == moved["chat"]
    assert (await scene.bot.send_message(moved["chat"], "привет")).chat.title == "Рассылки"
    assert [group.chat for group in scene.world.groups] == [str(OPERATORS), moved["chat"]]


async def test_a_group_that_threw_the_bot_out(scene: Stage) -> None:
    await scene.does("kick", chat=str(OPERATORS))
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await scene.bot.send_message(OPERATORS, "привет")


async def test_topics_that_are_not_there(scene: Stage) -> None:
    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await scene.bot.create_forum_topic(ADMINS, "Вера")
    topic = await scene.bot.create_forum_topic(OPERATORS, "Вера")
    thread = topic.message_thread_id
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await scene.bot.reopen_forum_topic(OPERATORS, thread)
    await scene.bot.send_message(OPERATORS, "первое", message_thread_id=thread)
    await scene.does("delete_topic", chat=str(OPERATORS), thread=thread)
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await scene.bot.send_message(OPERATORS, "второе", message_thread_id=thread)
    assert scene.screen(OPERATORS).bubbles == []


@pytest.mark.parametrize(
    ("token", "method", "status", "why"),
    [
        (None, "getMeNot", 404, "Not Found: method not found"),
        ("100001:another", "getMe", 401, "Unauthorized"),
        ("токен", "getMe", 401, "Unauthorized: invalid token specified"),
    ],
)
async def test_wrong_doors(
    scene: Stage, token: str | None, method: str, status: int, why: str
) -> None:
    token = token or scene.telegram.settings.token
    refusal = {"ok": False, "error_code": status, "description": why}
    assert await scene.calls_as(token, method) == (status, refusal)
    async with scene.http.get(f"{scene.base}/telegram/elsewhere") as response:
        assert (await response.json())["description"] == "Not Found"


@pytest.mark.parametrize("path", ["SENDmessage", "test/sendMessage", "?method=sendMessage"])
async def test_methods_are_found_in_any_case_by_get_and_post(scene: Stage, path: str) -> None:
    url = f"{scene.base}/telegram/bot{scene.telegram.settings.token}/{path}"
    asked = {"chat_id": str(ANNA), "text": "привет"}
    async with scene.http.get(url, params=asked) as response:
        assert (await response.json())["result"]["text"] == "привет"
    async with scene.http.post(url, data=asked) as response:
        assert (await response.json())["result"]["text"] == "привет"
    form = aiohttp.FormData(asked)
    form.add_field("link_preview_options", '{"is_disabled": true}', content_type="text/plain")
    assert form.is_multipart
    async with scene.http.post(url, data=form) as response:
        told = (await response.json())["result"]
        assert told["link_preview_options"] == {"is_disabled": True}
    async with scene.http.post(url, json=asked) as response:
        assert (await response.json())["result"]["text"] == "привет"
    async with scene.http.post(
        url, data="{", headers={"Content-Type": "application/json"}
    ) as answer:
        assert (await answer.json())["description"] == "Bad Request: can't parse JSON object"
