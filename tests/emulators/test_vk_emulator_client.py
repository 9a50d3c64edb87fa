"""A real, unmodified vkbottle bot against the VK emulator: polling, callbacks, uploads, errors."""

import asyncio
import json
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bots.vk.quiet import undisturbed
from tests.emulators.stagehand import eventually
from tests.emulators.vk_stage import ANNA, BORIS, SECRET, Business, Stand, business, standing

GROUP = 200001


@pytest.fixture
def vkbottle() -> ModuleType:
    """The library, imported only when a test needs it: that takes seconds."""
    with undisturbed():
        import_module("vkbottle.bot")
        import_module("vkbottle.callback")
        return import_module("vkbottle")


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing(long_poll=True) as ready:
        yield ready


@pytest.fixture
async def server(stand: Stand) -> AsyncIterator[Business]:
    async with business(stand.vk.settings.confirmation) as ready:
        yield ready


@pytest.fixture
async def conversation(
    vkbottle: ModuleType, stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[list[str]]:
    """A bot that polls and answers every text; gives what it heard."""
    # vkbottle keeps its place in the current folder; from a place it goes on and skips nothing.
    monkeypatch.chdir(tmp_path)
    place = tmp_path / ".vkbottle" / "bot-polling" / f"{GROUP}.json"
    place.parent.mkdir(parents=True)
    place.write_text('{"ts": "0"}')
    heard: list[str] = []
    polling = vkbottle.BotPolling(stand.api, group_id=GROUP, wait=5)
    bot: Any = vkbottle.Bot(api=stand.api, polling=polling, skip_old_events=False)

    async def answer(message: Any) -> None:
        heard.append(message.text)
        await message.answer(f"вы сказали: {message.text}", random_id=len(heard))

    bot.on.message()(answer)

    listening = asyncio.create_task(_listen(bot))
    yield heard
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def _listen(bot: Any) -> None:
    async for batch in bot.polling.listen():
        for update in batch["updates"]:
            await bot.process_event(update)


async def test_a_bot_that_polls_answers(stand: Stand, conversation: list[str]) -> None:
    await stand.gesture("start", who="boris", payload="promo")
    await eventually(lambda: stand.accepted(BORIS), 20)
    await stand.gesture("say", who="boris", text="Привет")
    await eventually(lambda: len(stand.accepted(BORIS)) == 2, 20)
    assert conversation == ["Начать", "Привет"]
    assert stand.accepted(BORIS) == ["вы сказали: Начать", "вы сказали: Привет"]


@pytest.mark.parametrize("code", [1, 2, 3, 4])
async def test_a_bot_that_polls_survives_every_failure_code(
    stand: Stand, conversation: list[str], code: int
) -> None:
    beside = {"ts": 0} if code == 1 else {"min_version": 0, "max_version": 3}
    await stand.fault(kind="error", method="a_check", failed=code, **beside)
    # With 3 VK has lost what happened before the new ts: who wants to be heard says it again.
    async with asyncio.timeout(30):
        while "два" not in conversation:
            await stand.gesture("say", text="раз" if "раз" not in conversation else "два")
            await asyncio.sleep(0.05)
    assert stand.world.faults.take("vk", "a_check") is None


async def test_a_bot_with_a_callback_hears_answers_and_acknowledges(
    vkbottle: ModuleType, stand: Stand, server: Business
) -> None:
    callback = vkbottle.callback.BotCallback(url=server.url, title="bot", secret_key=SECRET)
    bot: Any = vkbottle.Bot(api=stand.api, callback=callback)
    code, secret = await bot.setup_webhook()
    assert (code, secret) == (stand.vk.settings.confirmation, SECRET)
    number = await bot.callback.find_server_id()
    await stand.api.groups.set_callback_settings(
        group_id=GROUP, server_id=number, message_event=True
    )
    keyboard = vkbottle.Keyboard(inline=True)
    keyboard.add(vkbottle.Callback("Да", payload={"k": 1})).add(vkbottle.Text("Нет", {"k": 0}))

    async def begin(message: Any) -> None:
        await message.answer("Кофе?", keyboard=keyboard.get_json(), random_id=1)

    bot.on.message(payload={"command": "start"})(begin)

    async def no(message: Any) -> None:
        await message.answer("Жаль", random_id=2)

    bot.on.message(payload={"k": 0})(no)

    async def yes(event: Any) -> None:
        await event.show_snackbar("Записали")
        await event.edit_message("Будет кофе")

    bot.on.raw_event(vkbottle.GroupEventType.MESSAGE_EVENT, vkbottle.bot.MessageEvent)(yes)

    await stand.gesture("start", who="boris")
    await bot.process_event((await server.got(1))[0])
    asked = stand.screen(BORIS).bubbles[-1]
    await stand.gesture("press", who="boris", message=asked.id, row=0, column=1)
    await bot.process_event((await server.got(2))[1])
    assert stand.screen(BORIS).bubbles[-1].text == "Жаль"
    await stand.gesture("press", who="boris", message=asked.id, row=0, column=0)
    await bot.process_event((await server.got(3))[2])
    assert (asked.text, asked.edited, asked.keys) == ("Будет кофе", True, [])


async def test_uploaders_and_attachments(vkbottle: ModuleType, stand: Stand) -> None:
    photo = await vkbottle.PhotoMessageUploader(stand.api).upload(b"\x89PNG", peer_id=ANNA.vk)
    document = await vkbottle.DocMessagesUploader(stand.api).upload(
        b"%PDF", title="счёт.pdf", peer_id=ANNA.vk
    )
    voice = await vkbottle.VoiceMessageUploader(stand.api).upload(
        b"OggS", title="voice.ogg", peer_id=ANNA.vk
    )
    await stand.api.messages.send(
        peer_id=ANNA.vk, random_id=1, message="вот", attachment=f"{photo},{document}"
    )
    await stand.api.messages.send(peer_id=ANNA.vk, random_id=2, attachment=voice)
    first, second = stand.screen().bubbles
    assert first.image
    assert (first.text, second.text) == ("вот\n📎 счёт.pdf", "🎤 0:03")
    items = (await stand.api.messages.get_by_id(message_ids=[1])).items
    doc = items[0].attachments[1].doc
    assert (doc.title, doc.ext, doc.size) == ("счёт.pdf", "pdf", 4)
    async with stand.web.get(doc.url) as answer:
        assert await answer.read() == b"%PDF"


async def test_lookups_as_vkbottle_reads_them(stand: Stand) -> None:
    await stand.api.messages.send(peer_id=ANNA.vk, random_id=1, message="раз")
    found = await stand.api.messages.get_by_conversation_message_id(
        peer_id=ANNA.vk, conversation_message_ids=[1, 7]
    )
    assert [message.text for message in found.items] == ["раз"]
    assert await stand.api.messages.send_reaction(peer_id=ANNA.vk, cmid=1, reaction_id=3)
    again = await stand.api.messages.get_by_id(message_ids=[1])
    assert (again.items[0].reaction_id, again.items[0].reactions[0].count) == (3, 1)
    assert await stand.api.messages.delete_reaction(peer_id=ANNA.vk, cmid=1)
    await stand.gesture("subscribe", intent="promo_newsletter", subscribe_id=4)
    users = await stand.api.messages.get_intent_users(intent="promo_newsletter", subscribe_id=4)
    assert (users.count, users.items) == (1, [ANNA.vk])
    rights = await stand.api.groups.get_token_permissions()
    assert "messages" in [each.name for each in rights.permissions]


@pytest.mark.parametrize(
    ("code", "beside"),
    [
        (1, {}),
        (5, {}),
        (6, {}),
        (9, {}),
        (10, {}),
        (14, {"captcha_sid": "1", "captcha_img": "https://vk.com/captcha.php?sid=1"}),
        (29, {}),
        (901, {}),
        (914, {}),
        (936, {}),
        (950, {}),
        (979, {}),
    ],
)
async def test_errors_are_vkbottles_own(
    vkbottle: ModuleType, stand: Stand, code: int, beside: dict[str, Any]
) -> None:
    await stand.fault(kind="error", method="messages.send", code=code, **beside)
    with pytest.raises(vkbottle.VKAPIError[code]) as raised:
        await stand.api.messages.send(peer_id=ANNA.vk, random_id=1, message="?")
    assert raised.value.code == code
    assert raised.value.request_params["method"] == "messages.send"
    assert stand.vk.settings.token not in json.dumps(raised.value.request_params)
    assert stand.accepted() == []
