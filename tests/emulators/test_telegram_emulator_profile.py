"""What the Telegram emulator's bot tells of itself, and the smaller methods' refusals."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulators.telegram_stage import ADMINS, ANNA, OPERATORS, Stage, stage

COMMAND = {"command": "start", "description": "Начать"}


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        yield ready


async def test_texts_by_language(scene: Stage) -> None:
    bot = scene.bot
    assert (await bot.get_my_name()).name == "Вестник"
    await bot.set_my_description("Скидки и новости")
    await bot.set_my_description("Sales and news", language_code="en")
    told = [(await bot.get_my_description(language_code=it)).description for it in ("en", "ru")]
    assert told == ["Sales and news", "Скидки и новости"]
    await bot.set_my_description("", language_code="en")
    english = await bot.get_my_description(language_code="en")
    assert english.description == "Скидки и новости"
    await bot.set_my_short_description("Новости")
    assert (await bot.get_my_short_description()).short_description == "Новости"


@pytest.mark.parametrize(
    ("method", "told", "why"),
    [
        ("setMyName", {"name": "я" * 65}, "BOT_TITLE_INVALID"),
        ("setMyDescription", {"description": "я" * 513}, "BOT_DESCRIPTION_TOO_LONG"),
        ("setMyCommands", {"commands": "["}, "can't parse commands JSON object"),
        ("setMyCommands", {"commands": {}, "scope": 5}, "can't parse BotCommandScope: "
         "BotCommandScope must be an Object"),
        ("setMyCommands", {"commands": "x"}, "can't parse commands JSON object"),
        ("setMyCommands", {"commands": {"command": "x"}}, "expected an Array of BotCommand"),
        ("setMyCommands", {"commands": [COMMAND] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ("setMyCommands", {"commands": ["start"]}, "can't parse BotCommand: expected an Object"),
        ("setMyCommands", {"commands": [{"command": "x"}]},
         "can't parse BotCommand: Can't find field \"description\""),
        ("setMyCommands", {"commands": [COMMAND | {"command": "Старт"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [COMMAND | {"description": " "}]},
         "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("getMyCommands", {"language_code": "rus"}, "invalid language code specified"),
        ("getMyCommands", {"scope": {"type": "galaxy"}},
         "can't parse BotCommandScope: Unsupported type specified"),
        ("getMyCommands", {"scope": {"type": "chat"}},
         "can't parse BotCommandScope: Can't find field \"chat_id\""),
        ("getMyCommands", {"scope": {"type": "chat", "chat_id": 777}}, "chat not found"),
        ("getMyCommands", {"scope": {"type": "chat_member", "chat_id": ADMINS, "user_id": 0}},
         "can't parse BotCommandScope: Invalid user_id specified"),
        ("sendMessageDraft", {"chat_id": OPERATORS, "draft_id": 1, "text": "…"},
         "TEXTDRAFT_PEER_INVALID"),
        ("sendMessageDraft", {"chat_id": ANNA, "text": "…"}, 'parameter "draft_id" is required'),
        ("sendContact", {"chat_id": ANNA}, 'parameter "phone_number" is required'),
        ("sendChatAction", {"chat_id": ANNA, "action": "dance"},
         "wrong parameter action in request"),
        ("sendVideoNote", {"chat_id": ANNA}, "there is no video note in the request"),
        ("sendMessage", {"chat_id": ANNA, "text": "x", "link_preview_options": None},
         "object expected as link preview options"),
        ("sendMessage", {"chat_id": ANNA, "text": "x", "parse_mode": None},
         "unsupported parse_mode"),
        ("sendMessage", {"chat_id": ANNA, "text": "x", "reply_parameters": {"message_id": "x"}},
         'field "message_id" must be a valid Number'),
        ("sendMessage", {"chat_id": ANNA, "text": "x", "business_connection_id": "b"},
         "business connection not found"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("deleteMessage", {"chat_id": ANNA}, "message identifier is not specified"),
        ("deleteMessages", {"chat_id": ANNA}, "message identifiers are not specified"),
    ],
)  # fmt: skip
async def test_refusals(scene: Stage, method: str, told: dict[str, Any], why: str) -> None:
    status, answer = await scene.calls(method, **told)
    assert (status, answer["description"]) == (400, f"Bad Request: {why}")
    assert scene.accepted() == []


async def test_a_draft_and_typing_leave_nothing(scene: Stage) -> None:
    draft = {"chat_id": ANNA, "draft_id": 7, "text": "пишу…"}
    assert (await scene.calls("sendMessageDraft", **draft))[0] == 200
    assert await scene.bot.send_chat_action(ANNA, "upload_photo")
    assert (scene.screen().bubbles, scene.accepted()) == ([], [])
