"""Our Telegram channel against the emulated Bot API: what people do, and what they see."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bots.telegram import LIMITS, NAME
from tests.emulators.telegram_rehearsal import (
    Rehearsal,
    kept,
    reference,
    rehearsing,
    started,
    text,
)
from tests.emulators.telegram_stage import ADMINS, ANNA, OPERATORS
from vestnik.abilities import SetupFailed
from vestnik.address import Address
from vestnik.channel import Hook, Unreadable
from vestnik.inbound import (
    Allowed,
    ButtonPressed,
    Closed,
    ContactShared,
    Inbound,
    MediaReceived,
    Moved,
    Started,
    TextReceived,
)
from vestnik.outbound import (
    Acknowledge,
    Button,
    ContactButton,
    Edit,
    LinkButton,
    Media,
    Send,
    Text,
)
from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    Rejected,
    SendResult,
    Sent,
    Throttled,
    Unreachable,
)
from vestnik.richtext import RichText, Span


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    async with started() as ready:
        yield ready


async def test_webhook_is_registered_delivered_and_read() -> None:
    events: asyncio.Queue[Inbound | Unreadable] = asyncio.Queue()
    async with rehearsing({"mode": "webhook"}) as rehearsal:
        channel = rehearsal.channel

        async def take(request: web.Request) -> web.Response:
            headers = {name.lower(): value for name, value in request.headers.items()}
            body = await request.read()
            account = request.match_info["account"]
            reply = channel.accept(Hook("POST", str(request.url), "", headers, body, account))
            assert reply.keep is not None
            for item in channel.read(kept(reply.keep)):
                events.put_nowait(item)
            return web.Response(status=reply.status, text=reply.body)

        app = web.Application()
        app.router.add_post("/webhooks/telegram/{account}", take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            await channel.setup(f"http://127.0.0.1:{runner.addresses[0][1]}")
            await rehearsal.stage.does("start", payload="spring-26")
            event = await asyncio.wait_for(events.get(), 30)
        finally:
            await runner.cleanup()
    assert isinstance(event, Started)
    assert event.payload == "spring-26"
    assert (event.address.handle, event.author.name) == (str(ANNA), "Анна Петрова")


async def test_menu_and_name() -> None:
    async with rehearsing({"mode": "webhook"}) as rehearsal:
        assert await rehearsal.channel.probe() == "@vestnik_demo_bot"
        await rehearsal.channel.setup("http://127.0.0.1:9")
        scope = {"type": "all_private_chats"}
        for language, words in (("", "Начать сначала"), ("en", "Start again")):
            _, told = await rehearsal.stage.calls(
                "getMyCommands", scope=scope, language_code=language
            )
            assert told["result"][0] == {"command": "start", "description": words}


async def test_polling_takes_over_from_a_webhook(rehearsal: Rehearsal) -> None:
    await rehearsal.stage.calls("setWebhook", url="http://127.0.0.1:9/hook")
    await rehearsal.channel.setup("https://bot.example")
    await rehearsal.stage.does("say", text="раз")
    first = await rehearsal.hears()
    await rehearsal.stage.does("say", text="два")
    second = await rehearsal.hears()
    assert isinstance(first, TextReceived)
    assert isinstance(second, TextReceived)
    assert (first.text, second.text) == ("раз", "два")
    assert first.event_id != second.event_id


async def test_rich_text_and_buttons_on_the_screen(rehearsal: Rehearsal) -> None:
    body = RichText(
        "👋 Новинки и сайт",
        (Span(2, 9, "bold"), Span(12, 16, "link", "https://coffee.example")),
    )
    buttons = (Button("Да", "yes"), LinkButton("Сайт", "https://coffee.example/a?b=1"))
    sent = reference(await rehearsal.says(Text(body, buttons)))
    bubble = rehearsal.stage.last_bubble()
    assert (bubble.id, bubble.text) == (sent, "👋 Новинки и сайт")
    assert [(span["offset"], span["length"], span["style"]) for span in bubble.spans] == [
        (3, 7, "bold"),
        (13, 4, "link"),
    ]
    assert [[(key.label, key.kind, key.url) for key in row] for row in bubble.keys] == [
        [("Да", "press", None)],
        [("Сайт", "link", "https://coffee.example/a?b=1")],
    ]


async def test_press_comes_back_and_is_answered_once(rehearsal: Rehearsal) -> None:
    sent = reference(await rehearsal.says(text("Кофе?", Button("Да", "yes"), Button("Нет", "no"))))
    await rehearsal.stage.does("press", message=sent, row=1, column=0)
    pressed = await rehearsal.hears()
    assert isinstance(pressed, ButtonPressed)
    assert (pressed.payload, pressed.label, pressed.reference) == ("no", "Нет", sent)
    assert pressed.press is not None
    assert await rehearsal.says(Acknowledge(pressed.press, "Жаль")) == Sent("")
    assert await rehearsal.says(Acknowledge(pressed.press)) == Sent("")  # too late is no harm

    assert await rehearsal.says(Edit(sent, text("Нет так нет"))) == Sent(sent)
    assert await rehearsal.says(Edit(sent, text("Нет так нет"))) == Sent(sent)
    bubble = rehearsal.stage.last_bubble()
    assert (bubble.text, bubble.keys, bubble.edited) == ("Нет так нет", [], True)


async def test_phone_is_asked_for_and_only_the_own_one_counts(rehearsal: Rehearsal) -> None:
    await rehearsal.says(text("Телефон?", ContactButton("Поделиться"), Button("Потом", "later")))
    keys = [[(key.label, key.kind) for key in row] for row in rehearsal.stage.screen().keyboard]
    assert keys == [[("Поделиться", "contact")], [("Потом", "text")]]

    await rehearsal.stage.does("tap", row=0, column=0)
    own = await rehearsal.hears()
    assert isinstance(own, ContactShared)
    assert (own.phone, own.own, own.author.phone) == ("+79001110001", True, "+79001110001")
    assert rehearsal.stage.screen().keyboard == []

    await rehearsal.stage.does("contact", of="boris")
    other = await rehearsal.hears()
    assert isinstance(other, ContactShared)
    assert (other.phone, other.own, other.author.phone) == ("+79001110002", False, None)


async def test_picture_comes_in_and_goes_out_by_its_id(rehearsal: Rehearsal) -> None:
    await rehearsal.stage.does("photo", caption="чек")
    received = await rehearsal.hears()
    assert isinstance(received, MediaReceived)
    assert (received.kind, received.caption) == ("image", "чек")
    picture = (Media("image", id=received.media_id),)
    sent = reference(await rehearsal.says(text("Принято", Button("Ок", "ok"), media=picture)))
    assert rehearsal.stage.last_bubble().image is not None
    edit = Edit(sent, text("Проверено", media=picture))
    assert await rehearsal.says(edit) == Sent(sent)
    assert rehearsal.stage.last_bubble().text == "Проверено"


async def test_limits_are_telegrams(rehearsal: Rehearsal) -> None:
    full = "я" * LIMITS.text
    assert isinstance(await rehearsal.says(text(full)), Sent)
    assert rehearsal.stage.last_bubble().text == full
    assert isinstance(await rehearsal.says(text("?", *_buttons("ж" * 32))), Sent)
    for wrong in (text(full + "я"), text("?", *_buttons("ж" * 33)), text("")):
        assert isinstance(await rehearsal.says(wrong), Rejected)


def _buttons(payload: str) -> list[Button]:
    return [Button("я" * LIMITS.label, payload)] * LIMITS.buttons


async def test_block_closes_and_unblock_opens(rehearsal: Rehearsal) -> None:
    await rehearsal.stage.does("block")
    assert isinstance(await rehearsal.hears(), Closed)
    blocked = await rehearsal.says(text("Вернитесь"))
    assert blocked == Unreachable("blocked", "bot was blocked by the user")
    await rehearsal.stage.does("unblock")
    assert isinstance(await rehearsal.hears(), Allowed)
    assert isinstance(await rehearsal.says(text("С возвращением")), Sent)


async def test_strangers_and_the_departed_are_unreachable(rehearsal: Rehearsal) -> None:
    for nobody in (502, 999_999):  # Boris never wrote; nobody has the other id
        assert isinstance(await rehearsal.says(text("Привет"), to=nobody), Unreachable)
    await rehearsal.stage.does("delete_account")
    gone = await rehearsal.says(text("Привет"))
    assert gone == Unreachable("no_account", "user is deactivated")
    assert rehearsal.stage.accepted() == []


FAULTS: dict[str, tuple[dict[str, Any], SendResult, int]] = {
    "throttled": (
        {"kind": "error", "code": 429, "description": "Too Many Requests", "retry_after": 3},
        Throttled(3),
        0,
    ),
    "server error": (
        {"kind": "error", "code": 500, "description": "Internal Server Error"},
        Ambiguous("Internal Server Error"),
        0,
    ),
    "proxy's page": ({"kind": "html", "status": 504}, Ambiguous("http_504"), 0),
    "hang after acceptance": ({"kind": "hang"}, Ambiguous("TimeoutError"), 1),
    "reset after acceptance": ({"kind": "reset"}, Ambiguous("ServerDisconnectedError"), 1),
    "dropped": ({"kind": "drop"}, Ambiguous("ServerDisconnectedError"), 0),
}


@pytest.mark.parametrize("label", FAULTS)
async def test_fault(rehearsal: Rehearsal, label: str) -> None:
    fault, result, copies = FAULTS[label]
    await rehearsal.stage.fault(method="sendMessage", **fault)
    assert await rehearsal.says(text("Привет")) == result
    assert len(rehearsal.stage.accepted()) == copies
    assert isinstance(await rehearsal.says(text("Снова")), Sent)


async def test_too_fast_for_one_chat_is_throttled_in_order() -> None:
    async with rehearsing(pace=1) as rehearsal:
        await rehearsal.stage.does("start")
        address = Address(NAME, "main", str(ANNA))
        results = await rehearsal.channel.send([Send(address, text(f"{n}")) for n in range(8)])
        sent = [result for result in results if isinstance(result, Sent)]
        assert 0 < len(sent) < 8
        assert all(isinstance(result, Throttled) for result in results[len(sent) :])
        said = [entry.text for entry in rehearsal.stage.accepted()]
        assert said == [f"{n}" for n in range(len(sent))]


async def test_group_is_heard_answered_and_followed(rehearsal: Rehearsal) -> None:
    asked = reference(await rehearsal.says(text("Анна: где заказ?"), to=ADMINS))
    await rehearsal.stage.does("say", "boris", chat=str(ADMINS), text="Везём", reply_to=asked)
    said = await rehearsal.hears()
    assert isinstance(said, TextReceived)
    assert (said.in_group, said.address.handle, said.author.user_id) == (True, str(ADMINS), "502")
    assert said.reply_to == asked
    answer = text("Передано", reply_to=said.reference)
    assert isinstance(await rehearsal.says(answer, to=ADMINS), Sent)
    assert rehearsal.stage.last_bubble(ADMINS).reply_to == said.reference

    moved = await rehearsal.stage.does("migrate", "boris", chat=str(ADMINS))
    told = await rehearsal.hears_all()
    assert [(type(event), event.address.handle, event.event_id) for event in told] == [
        (Moved, str(ADMINS), f"moved{ADMINS}")
    ] * 2
    assert isinstance(await rehearsal.says(text("Все здесь?"), to=ADMINS), Sent)
    assert rehearsal.stage.last_bubble(int(moved["chat"])).text == "Все здесь?"


async def test_group_without_us_is_unreachable_and_told(rehearsal: Rehearsal) -> None:
    await rehearsal.stage.does("kick", "boris", chat=str(OPERATORS))
    polled = await rehearsal.channel.poll(rehearsal.cursor)
    (item,) = [item for body in polled.bodies for item in rehearsal.channel.read(kept(body))]
    assert isinstance(item, Unreadable)
    assert str(OPERATORS) in item.why
    assert isinstance(await rehearsal.says(text("Ау"), to=OPERATORS), Unreachable)


async def test_revoked_token_stops_the_channel() -> None:
    async with rehearsing({"token": SecretStr("1:revoked")}) as rehearsal:
        assert isinstance(await rehearsal.says(text("Привет")), ChannelDown)
        with pytest.raises(SetupFailed, match="check TELEGRAM_TOKEN"):
            await rehearsal.channel.probe()
