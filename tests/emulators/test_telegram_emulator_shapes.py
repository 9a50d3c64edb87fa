"""The Telegram emulator's answers and updates against the machine-readable Bot API."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from emulators.telegram import Telegram
from emulators.world import World
from tests.emulators.telegram_specification import Specification, specification_told
from tests.emulators.telegram_stage import ADMINS, ANNA, OPERATORS, Stage, receiving, stage

KINDS = {"message", "edited_message", "callback_query", "my_chat_member", "message_reaction"}
BUTTON = {"inline_keyboard": [[{"text": "Да", "callback_data": "x", "style": "danger"}]]}
LINK = "https://example.com/a.bin"
ALBUM = [{"type": "photo", "media": LINK, "caption": "*а*", "parse_mode": "MarkdownV2"}] * 2
COMMANDS = [{"command": "start", "description": "Начать"}]

# Calls of each method that go well. Words in braces stand for what the stage has: {message} of the
# bot, {said} and {photo} of Anna, {file} of the photo, {query} of a press, {topic} of a forum.
HERE: dict[str, Any] = {"chat_id": ANNA}
OWN: dict[str, Any] = {"chat_id": ANNA, "message_id": "{message}"}
FORUM: dict[str, Any] = {"chat_id": OPERATORS, "message_thread_id": "{topic}"}
COPIED: dict[str, Any] = {"chat_id": ADMINS, "from_chat_id": ANNA}
CALLS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "getMe": ({},),
    "sendMessage": (
        HERE | {"text": "/да @somebody", "reply_parameters": {"message_id": "{said}"}},
        HERE | {"text": "<b>а</b>", "parse_mode": "HTML", "reply_markup": BUTTON},
        FORUM | {"text": "a", "link_preview_options": {"is_disabled": True}},
        HERE | {"text": "a", "protect_content": True},
    ),
    "sendPhoto": (HERE | {"photo": "{file}", "caption": "#чек", "has_spoiler": True},),
    "sendVideo": (HERE | {"video": LINK, "width": 4, "height": 3, "duration": 2},),
    "sendAnimation": (HERE | {"animation": LINK},),
    "sendAudio": (HERE | {"audio": LINK, "title": "а", "performer": "б"},),
    "sendDocument": (HERE | {"document": LINK},),
    "sendVoice": (HERE | {"voice": LINK, "duration": 1},),
    "sendVideoNote": (HERE | {"video_note": LINK, "length": 240, "duration": 1},),
    "sendSticker": (HERE | {"sticker": LINK},),
    "sendContact": (HERE | {"phone_number": "79001110001", "first_name": "Анна"},),
    "sendMediaGroup": (HERE | {"media": ALBUM}, FORUM | {"media": ALBUM}),
    "sendMessageDraft": (HERE | {"draft_id": 1, "text": "а…"},),
    "sendChatAction": (HERE | {"action": "typing"},),
    "copyMessage": (COPIED | {"message_id": "{photo}"},),
    "copyMessages": (COPIED | {"message_ids": ["{said}", "{photo}"]},),
    "forwardMessage": (COPIED | {"message_id": "{said}"},),
    "forwardMessages": (COPIED | {"message_ids": ["{said}", "{photo}"]},),
    "editMessageText": (OWN | {"text": "нет"},),
    "editMessageReplyMarkup": (OWN | {"reply_markup": BUTTON},),
    "editMessageMedia": (OWN | {"media": {"type": "video", "media": LINK}},),
    "editMessageCaption": (OWN | {"caption": "подпись"},),
    "setMessageReaction": (OWN | {"reaction": [{"type": "emoji", "emoji": "👍"}]},),
    "deleteMessage": (OWN,),
    "deleteMessages": (HERE | {"message_ids": ["{said}"]},),
    "answerCallbackQuery": ({"callback_query_id": "{query}", "text": "Да"},),
    "getFile": ({"file_id": "{file}"},),
    "getChat": (HERE, {"chat_id": OPERATORS}, {"chat_id": ADMINS}),
    "getChatMember": tuple(
        {"chat_id": OPERATORS, "user_id": user_id} for user_id in (ANNA, 502, 503, 100001)
    ),
    "getChatAdministrators": ({"chat_id": OPERATORS},),
    "getChatMemberCount": ({"chat_id": OPERATORS},),
    "createForumTopic": ({"chat_id": OPERATORS, "name": "Вера"},),
    "editForumTopic": (FORUM | {"name": "Вера Ли"},),
    "closeForumTopic": (FORUM,),
    "reopenForumTopic": (FORUM,),
    "deleteForumTopic": (FORUM,),
    "getForumTopicIconStickers": ({},),
    "setMyCommands": ({"commands": COMMANDS},),
    "getMyCommands": ({},),
    "deleteMyCommands": ({},),
    **{f"set{it}": ({},) for it in ("MyName", "MyDescription", "MyShortDescription")},
    **{f"get{it}": ({},) for it in ("MyName", "MyDescription", "MyShortDescription")},
    "getMyStarBalance": ({},),
    "leaveChat": ({"chat_id": ADMINS},),
    "getUpdates": ({"offset": -3},),
    "setWebhook": ({"url": "http://127.0.0.1:9/nobody", "allowed_updates": ["message"]},),
    "getWebhookInfo": ({},),
    "deleteWebhook": ({},),
}


@pytest.fixture(scope="module")
def specification() -> Specification:
    return specification_told()


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        yield ready


def test_every_method_has_a_row() -> None:
    assert set(Telegram(World()).methods) == set(CALLS)


@pytest.mark.outside("VESTNIK_SPEC")
def test_every_row_tells_only_documented_parameters(specification: Specification) -> None:
    for method, bodies in CALLS.items():
        assert {name for body in bodies for name in body} <= specification.parameters(method)


@pytest.mark.outside("VESTNIK_SPEC")
async def test_results_have_the_documented_shape(
    scene: Stage, specification: Specification
) -> None:
    there = await _what_there_is(scene)
    for method, bodies in CALLS.items():
        for body in bodies:
            status, answer = await scene.calls(method, **_filled(body, there))
            assert status == 200, (method, answer)
            assert specification.faults(method, answer["result"]) == []


async def _what_there_is(scene: Stage) -> dict[str, Any]:
    """What the words in braces stand for."""
    _, sent = await scene.calls("sendMessage", chat_id=ANNA, text="да?", reply_markup=BUTTON)
    number = sent["result"]["message_id"]
    said = await scene.does("say", text="привет")
    photo = await scene.does("photo", caption="чек")
    _, answer = await scene.calls("getUpdates", offset=-1)
    pressed = await scene.does("press", message=number, row=0, column=0)
    _, topic = await scene.calls("createForumTopic", chat_id=OPERATORS, name="Анна")
    return {
        "{message}": number,
        "{said}": int(said["message"]),
        "{photo}": int(photo["message"]),
        "{file}": answer["result"][0]["message"]["photo"][0]["file_id"],
        "{query}": pressed["query"],
        "{topic}": topic["result"]["message_thread_id"],
    }


def _filled(told: Any, there: Mapping[str, Any]) -> Any:
    if isinstance(told, Mapping):
        return {name: _filled(value, there) for name, value in told.items()}
    if isinstance(told, list):
        return [_filled(value, there) for value in told]
    return there.get(told, told) if isinstance(told, str) else told


async def _much_happens(scene: Stage) -> None:
    """Everything that people do and a bot is told of."""
    _, sent = await scene.calls("sendMessage", chat_id=ANNA, text="да?", reply_markup=BUTTON)
    number = sent["result"]["message_id"]
    _, topic = await scene.calls("createForumTopic", chat_id=OPERATORS, name="Вера")
    thread = topic["result"]["message_thread_id"]
    forum = {"chat": str(OPERATORS), "thread": thread}
    await scene.does("close_topic", **forum)
    await scene.does("reopen_topic", **forum)
    await scene.calls("editForumTopic", **FORUM | {"message_thread_id": thread, "name": "Вера Л"})
    await scene.does("start", payload="spring")
    said = await scene.does("say", text="@somebody https://a.ru", reply_to=number)
    await scene.does("edit", message=said["message"], text="/start")
    await scene.does("say", text="Еду", **forum)
    await scene.does("contact", of="boris")
    await scene.does("location", latitude=55.75, longitude=37.61)
    for kind in ("photo", "video", "animation", "audio", "document"):
        await scene.does("media", kind=kind, count=2, caption="вот")
    for kind in ("voice", "video_note", "sticker"):
        await scene.does("media", kind=kind)
    await scene.does("press", message=number, row=0, column=0)
    await scene.does("react", message=number, emoji="👍")
    await scene.does("react", message=number)
    await scene.does("block")
    await scene.does("unblock")
    for change in ("mute", "demote", "promote"):
        await scene.does(change, chat=str(OPERATORS))
    await scene.does("migrate", "boris", chat=str(ADMINS))
    await scene.does("kick", chat=str(OPERATORS))
    await scene.does("invite", chat=str(OPERATORS))


def _check(specification: Specification, updates: list[dict[str, Any]]) -> None:
    faults = [fault for update in updates for fault in specification.of("Update", update)]
    assert faults == []
    assert {kind for update in updates for kind in update} - {"update_id"} == KINDS


@pytest.mark.outside("VESTNIK_SPEC")
async def test_polled_updates_have_the_documented_shape(
    scene: Stage, specification: Specification
) -> None:
    await scene.calls("getUpdates", offset=1, allowed_updates=sorted(KINDS))
    await _much_happens(scene)
    _, answer = await scene.calls("getUpdates", offset=2)
    _check(specification, answer["result"])


async def _all_taken(scene: Stage) -> None:
    async with asyncio.timeout(20):
        while (await scene.bot.get_webhook_info()).pending_update_count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.outside("VESTNIK_SPEC")
async def test_delivered_updates_have_the_documented_shape(
    scene: Stage, specification: Specification
) -> None:
    async with receiving() as receiver:
        await scene.calls("setWebhook", url=receiver.url, allowed_updates=sorted(KINDS))
        await _much_happens(scene)
        await _all_taken(scene)
        _check(specification, receiver.updates)
