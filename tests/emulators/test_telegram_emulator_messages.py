"""What the Telegram emulator takes as a message and as a keyboard, and what it says of the rest."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulators.telegram_stage import ADMINS, ANNA, OPERATORS, VERA, Stage, inline, stage


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        yield ready


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
            inline(text="Да", callback_data=None),
            'can\'t parse inline keyboard button: Field "callback_data" must be of type String',
        ),
        (
            inline(text={"ru": "Да"}, callback_data="x"),
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        (inline(text="Код", copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
        (inline(text="Код", copy_text={"text": "x" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (
            inline(text="Код", copy_text="SALE"),
            'can\'t parse inline keyboard button: Field "copy_text" must be of type Object',
        ),
        ({"reply_markup": None}, "object expected as reply markup"),
        (
            {"reply_markup": {"keyboard": [[{"text": "Номер", "request_contact": "yes"}]]}},
            'can\'t parse keyboard button: Field "request_contact" must be of type Boolean',
        ),
        (
            {"reply_markup": {"inline_keyboard": {"text": "Да"}}},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101}},
            "reply markup is too long",
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


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Danger", {"style": "danger"}),
        ("success", {"style": "success"}),
        ("PRIMARY", {"style": "primary"}),
        ("default", {}),
    ],
)
async def test_styles_in_any_case(scene: Stage, told: str, shown: dict[str, str]) -> None:
    markup = inline(text="Да", callback_data="x", style=told)
    _, body = await scene.calls("sendMessage", chat_id=ANNA, text="Хотите?", **markup)
    ((button,),) = body["result"]["reply_markup"]["inline_keyboard"]
    assert button == {"text": "Да", "callback_data": "x"} | shown


async def test_a_copied_text_is_for_the_person_only(scene: Stage) -> None:
    markup = inline(text="Код", copy_text={"text": "х" * 256})
    _, body = await scene.calls("sendMessage", chat_id=ANNA, text="Скидка", **markup)
    number = body["result"]["message_id"]
    told = await scene.does("press", message=number, row=0, column=0)
    assert told == {"copied": "х" * 256}
    assert await scene.heard() == []


async def test_phones_are_not_asked_for_in_groups(scene: Stage) -> None:
    keyboard = {"keyboard": [[{"text": "Номер", "request_contact": True}]]}
    _, body = await scene.calls("sendMessage", chat_id=ADMINS, text="?", reply_markup=keyboard)
    why = "phone number can be requested in private chats only"
    assert body["description"] == f"Bad Request: {why}"
