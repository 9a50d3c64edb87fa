"""What the Telegram emulator refuses, in Telegram's own words, and how it breaks on demand."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiogram.client.default import DefaultBotProperties
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from tests.emulators.telegram_stage import ADMINS, ANNA, BORIS, OPERATORS, VERA, Stage, stage

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        yield ready


def inline(**button: Any) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": [[button]]}}


def entity(offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"entities": [{"type": "bold", "offset": offset, "length": length, **more}]}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"chat_id": ANNA}, "message text is empty"),
        ({"chat_id": ANNA, "text": " \n\t"}, "text must be non-empty"),
        ({"chat_id": ANNA, "text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "привет"}, "chat_id is empty"),
        ({"chat_id": "@somebody", "text": "привет"}, "chat not found"),
        ({"chat_id": 777, "text": "привет"}, "chat not found"),
        ({"chat_id": -777, "text": "привет"}, "chat not found"),
        ({"chat_id": VERA, "text": "привет"}, "chat not found"),
        ({"chat_id": ANNA, "text": "я" * 4097}, "message is too long"),
        ({"chat_id": ANNA, "text": "😀" * 2049}, "message is too long"),
        ({"chat_id": ANNA, "text": "я" * 20_000}, "text is too long"),
        ({"chat_id": ANNA, "text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"chat_id": ANNA, "text": "x", "message_thread_id": 5}, "message thread not found"),
        ({"chat_id": OPERATORS, "text": "x", "message_thread_id": 5}, "message thread not found"),
        (
            {"chat_id": ANNA, "text": "x", "reply_parameters": {"message_id": 5}},
            "message to be replied not found",
        ),
        (
            {"chat_id": ANNA, "text": "x", "reply_parameters": 7},
            "object expected as reply parameters",
        ),
    ],
)
async def test_bad_messages(scene: Stage, body: dict[str, Any], why: str) -> None:
    refusal = {"ok": False, "error_code": 400, "description": f"Bad Request: {why}"}
    assert await scene.calls("sendMessage", **body) == (400, refusal)
    assert scene.accepted() == []


@pytest.mark.parametrize("text", ["я" * 4096, "😀" * 2048, "  " + "x" * 4096 + "\n", "&lt;" * 4096])
async def test_messages_at_the_limit_pass(scene: Stage, text: str) -> None:
    status, body = await scene.calls("sendMessage", chat_id=ANNA, text=text, parse_mode="HTML")
    assert (status, body["ok"]) == (200, True)


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        (inline(text="Да", callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (inline(text="Да", callback_data="я" * 33), "BUTTON_DATA_INVALID"),
        (
            inline(text="Да"),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            inline(callback_data="x"),
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (inline(text=" ", callback_data="x"), "inline keyboard button text must be non-empty"),
        (
            inline(text="Да", url="http://localhost:80"),
            "inline keyboard button URL 'http://localhost:80' is invalid: Wrong HTTP URL",
        ),
        (
            inline(text="Да", callback_data="x", style="rainbow"),
            "can't parse inline keyboard button: invalid button style specified",
        ),
        (
            {"reply_markup": {"inline_keyboard": {"text": "Да"}}},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101}},
            "REPLY_MARKUP_TOO_LONG",
        ),
        ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        (
            {"reply_markup": {"keyboard": [[{"text": ""}]]}},
            "keyboard button text must be non-empty",
        ),
    ],
)
async def test_bad_keyboards(scene: Stage, markup: dict[str, Any], why: str) -> None:
    status, body = await scene.calls("sendMessage", chat_id=ANNA, text="Хотите?", **markup)
    assert (status, body["description"]) == (400, f"Bad Request: {why}")


async def test_a_callback_of_64_bytes_passes(scene: Stage) -> None:
    markup = inline(text="Да", callback_data="я" * 32)
    status, _ = await scene.calls("sendMessage", chat_id=ANNA, text="Хотите?", **markup)
    assert status == 200


async def test_phones_are_not_asked_for_in_groups(scene: Stage) -> None:
    keyboard = {"keyboard": [[{"text": "Номер", "request_contact": True}]]}
    _, body = await scene.calls("sendMessage", chat_id=ADMINS, text="?", reply_markup=keyboard)
    why = "phone number can be requested in private chats only"
    assert body["description"] == f"Bad Request: {why}"


@pytest.mark.parametrize(
    ("text", "mode", "why"),
    [
        ("1 < 2", "HTML", 'Unsupported start tag "" at byte offset 2'),
        ("я <blink>x", "HTML", 'Unsupported start tag "blink" at byte offset 3'),
        ("<b>x", "HTML", 'Can\'t find end tag corresponding to start tag "b"'),
        (
            "<b><i>x</b>",
            "HTML",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("x</b>", "HTML", "Unexpected end tag at byte offset 1"),
        ("x <b", "HTML", "Unclosed start tag at byte offset 2"),
        ("я *x", "MarkdownV2", "Can't find end of Bold entity at byte offset 3"),
        ("__x_", "MarkdownV2", "Can't find end of Italic entity at byte offset 3"),
        (
            "Привет!",
            "MarkdownV2",
            "Character '!' is reserved and must be escaped with the preceding '\\'",
        ),
        ("[x](http://a.ru", "MarkdownV2", "Can't find end of a URL at byte offset 4"),
        ("```x", "MarkdownV2", "Can't find end of Pre entity at byte offset 0"),
    ],
)
async def test_unreadable_markup(scene: Stage, text: str, mode: str, why: str) -> None:
    with pytest.raises(TelegramBadRequest) as caught:
        await scene.bot.send_message(ANNA, text, parse_mode=mode)
    assert caught.value.message == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize(
    ("text", "mode", "plain", "entities"),
    [
        (
            "<b>Скидка</b> &lt;50&#37;&gt; <a href='https://a.ru/?x=1&amp;y=2'>тут</a>",
            "HTML",
            "Скидка <50%> тут",
            [("bold", 0, 6, None), ("text_link", 13, 3, "https://a.ru/?x=1&y=2")],
        ),
        (
            "😀 <i>да <u>нет</u></i><tg-spoiler>!</tg-spoiler>",
            "HTML",
            "😀 да нет!",
            [("italic", 3, 6, None), ("underline", 6, 3, None), ("spoiler", 9, 1, None)],
        ),
        (
            '<pre><code class="language-python">x = 1</code></pre>',
            "HTML",
            "x = 1",
            [("pre", 0, 5, None)],
        ),
        (
            "*жирно* _курсив_ __черта__ ~нет~ ||тайна|| `код`",
            "MarkdownV2",
            "жирно курсив черта нет тайна код",
            [
                ("bold", 0, 5, None),
                ("italic", 6, 6, None),
                ("underline", 13, 5, None),
                ("strikethrough", 19, 3, None),
                ("spoiler", 23, 5, None),
                ("code", 29, 3, None),
            ],
        ),
        (
            "[тут \\*](https://a.ru/\\))\n>цитата\n>ещё\nдальше",
            "MarkdownV2",
            "тут *\nцитата\nещё\nдальше",
            [("text_link", 0, 5, "https://a.ru/)"), ("blockquote", 6, 10, None)],
        ),
        (
            "```python\nx_y = 1\n```",
            "MarkdownV2",
            "x_y = 1",
            [("pre", 0, 7, None)],
        ),
        (
            " /start и @vestnik_demo_bot, #весна https://a.ru/x. почта i@a.ru",
            "HTML",
            "/start и @vestnik_demo_bot, #весна https://a.ru/x. почта i@a.ru",
            [
                ("bot_command", 0, 6, None),
                ("mention", 9, 17, None),
                ("hashtag", 28, 6, None),
                ("url", 35, 14, None),
                ("email", 57, 6, None),
            ],
        ),
    ],
)
async def test_markup_is_read(
    scene: Stage, text: str, mode: str, plain: str, entities: list[tuple[Any, ...]]
) -> None:
    sent = await scene.bot.send_message(ANNA, text, parse_mode=mode)
    told = [(e.type, e.offset, e.length, e.url) for e in sent.entities or []]
    assert (sent.text, told) == (plain, entities)


@pytest.mark.parametrize(
    ("entities", "why"),
    [
        (entity(0, 9), "entity beginning at UTF-16 offset 0 ends after the end of the text "
         "at UTF-16 offset 9"),
        (entity(9, 1), "entity begins after the end of the text at UTF-16 offset 9"),
        (entity(0, 1), "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol "
         "at byte offset 0"),
        (entity(-1, 1), "receive an entity with incorrect offset -1"),
        (entity(0, 2, type="blink"), "can't parse MessageEntity: Unsupported type specified"),
        (entity(0, 2, type="text_link"), 'can\'t parse MessageEntity: Can\'t find field "url"'),
        ({"entities": ["bold"]}, "can't parse MessageEntity: expected an Object"),
    ],
)  # fmt: skip
async def test_wrong_entities(scene: Stage, entities: dict[str, Any], why: str) -> None:
    status, body = await scene.calls("sendMessage", chat_id=ANNA, text="😀 да", **entities)
    assert (status, body["description"]) == (400, f"Bad Request: {why}")


async def test_entities_move_with_the_trimmed_text(scene: Stage) -> None:
    text = "  \r😀 да\r\n"
    status, body = await scene.calls("sendMessage", chat_id=ANNA, text=text, **entity(3, 6))
    assert (status, body["result"]["text"]) == (200, "😀 да")
    assert body["result"]["entities"] == [{"type": "bold", "offset": 0, "length": 5}]


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


async def test_wrong_files(scene: Stage) -> None:
    for photo, why in (
        ("", "there is no photo in the request"),
        ("AgADwrong", "wrong file_id or the file is temporarily unavailable"),
        ("ftp://a.ru/x.png", "wrong HTTP URL specified"),
    ):
        _, body = await scene.calls("sendPhoto", chat_id=ANNA, photo=photo)
        assert body["description"] == f"Bad Request: {why}"
    _, body = await scene.calls("getFile", file_id="AgADwrong")
    assert body["description"] == "Bad Request: invalid file_id"


async def test_a_group_that_moved_tells_its_new_id(scene: Stage) -> None:
    moved = await scene.does("migrate", chat=str(ADMINS))
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
    refusal = {"ok": False, "error_code": status, "description": why}
    assert await scene.calls(method, token=token) == (status, refusal)
    async with scene.http.get(f"{scene.base}/telegram/elsewhere") as response:
        assert (await response.json())["description"] == "Not Found"


async def test_methods_are_found_in_any_case_by_get_and_post(scene: Stage) -> None:
    url = f"{scene.base}/telegram/bot{scene.telegram.settings.token}/SENDmessage"
    asked = {"chat_id": str(ANNA), "text": "привет"}
    async with scene.http.get(url, params=asked) as response:
        assert (await response.json())["result"]["text"] == "привет"
    async with scene.http.post(url, data=asked) as response:
        assert (await response.json())["result"]["text"] == "привет"
    async with scene.http.post(
        url, data="{", headers={"Content-Type": "application/json"}
    ) as answer:
        assert (await answer.json())["description"] == "Bad Request: can't parse JSON object"


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


async def test_a_hanging_request_was_accepted(scene: Stage) -> None:
    await scene.fault(kind="hang")
    with pytest.raises(TelegramNetworkError, match="timeout"):
        await scene.bot.send_message(ANNA, "доставлено", request_timeout=1)
    assert [entry.text for entry in scene.accepted()] == ["доставлено"]


async def test_texts_that_are_not_unicode(scene: Stage) -> None:
    status, body = await scene.calls("sendMessage", chat_id=ANNA, text="\ud800")
    assert (status, body["description"]) == (400, "Bad Request: strings must be encoded in UTF-8")
    status, _ = await scene.tries("say", text="\ud800")
    assert status == 400


async def test_defaults_of_aiogram_reach_the_parser(scene: Stage) -> None:
    scene.bot.default = DefaultBotProperties(parse_mode="HTML")
    sent = await scene.bot.send_message(ANNA, "<b>привет</b>")
    assert sent.text == "привет"


async def test_an_upload_beyond_telegrams_limit(scene: Stage) -> None:
    form = aiohttp.FormData({"chat_id": str(ANNA)})
    form.add_field("photo", b"GIF8" + bytes(10 * 2**20), filename="big.gif")
    url = f"{scene.base}/telegram/bot{scene.telegram.settings.token}/sendPhoto"
    async with scene.http.post(url, data=form) as response:
        body = await response.json()
    assert body["description"] == (
        "Bad Request: file of size 10485764 bytes is too big for a photo; "
        "the maximum size is 10485760 bytes"
    )
