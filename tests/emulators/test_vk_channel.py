"""Our VK channel against our emulator of VK, over real HTTP."""

from typing import Any

import pytest
from pydantic import SecretStr

from bots.vk import LIMITS, NAME
from tests.emulators.vk_channel_stage import ours, says
from tests.emulators.vk_stage import ANNA, BORIS, standing
from vestnik.abilities import SetupFailed
from vestnik.address import Address
from vestnik.fit import fit
from vestnik.inbound import (
    Allowed,
    ButtonPressed,
    Closed,
    DeliveryReported,
    Started,
    TextReceived,
)
from vestnik.outbound import Acknowledge, Button, Edit, LinkButton, Text
from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
)
from vestnik.richtext import RichText, Span


async def test_setup_is_confirmed_and_may_be_repeated() -> None:
    async with standing() as stand, ours(stand) as we:
        await we.vk.setup(we.url)
        await we.vk.setup(we.url)
        answer = await stand.call("groups.getCallbackServers", group_id=200001)
        (server,) = answer["response"]["items"]
        assert (server["status"], server["title"]) == ("ok", "Vestnik")
        assert await we.vk.probe() == stand.vk.settings.name
        with pytest.raises(SetupFailed, match="can it be reached"):
            await we.vk.setup(f"{we.url}/nowhere")


async def test_a_dialog_from_the_deep_link_to_the_pressed_button() -> None:
    async with standing() as stand, ours(stand) as we:
        await we.vk.setup(we.url)
        await stand.gesture("start", who="boris", payload="spring-26")
        allowed, started = await we.heard(2)
        assert (type(allowed), type(started)) == (Allowed, Started)
        assert started.payload == "spring-26"
        assert started.address == Address(NAME, "main", str(BORIS.vk))
        assert (started.author.user_id, started.author.language) == (str(BORIS.vk), "ru")

        question = says(
            "Кофе?", Button("Латте", "drink:2"), LinkButton("Меню", "https://a.example")
        )
        (sent,) = await we.says(question, BORIS.vk)
        assert isinstance(sent, Sent)
        bubble = stand.screen(BORIS).bubbles[-1]
        assert [(key.label, key.kind, key.url) for row in bubble.keys for key in row] == [
            ("Латте", "press", None),
            ("Меню", "link", "https://a.example"),
        ]

        await stand.gesture("press", who="boris", message=sent.reference, row=0, column=0)
        *_, read, pressed = await we.heard(4)
        assert isinstance(read, DeliveryReported)
        assert (read.reference, read.state, read.and_earlier) == (sent.reference, "read", True)
        assert isinstance(pressed, ButtonPressed)
        assert pressed.payload == "drink:2"

        assert pressed.press
        assert pressed.reference
        answer = Acknowledge(pressed.press, "Записали")
        assert isinstance((await we.says(answer, BORIS.vk))[0], Sent)
        assert (await we.says(answer, BORIS.vk))[0] == Rejected(
            "100", "One of the parameters specified was missing or invalid: invalid event_id"
        )
        edited = Edit(pressed.reference, says("Латте, записали"))
        assert await we.says(edited, BORIS.vk) == [Sent(pressed.reference)]
        bubble = stand.screen(BORIS).bubbles[-1]
        assert (bubble.text, bubble.keys, bubble.edited) == ("Латте, записали", [], True)


async def test_messages_look_as_they_were_meant() -> None:
    async with standing() as stand, ours(stand) as we:
        first = await we.shows(says("я" * LIMITS.text))
        rich = RichText(
            "👋 Новинки и сайт", (Span(2, 9, "bold"), Span(12, 16, "link", "https://a.example"))
        )
        await we.shows(Text(rich))
        await we.shows(says("<b> _*[ {{ }}", reply_to=first))
        long, styled, literal = stand.screen().bubbles
        assert long.text == "я" * 4096
        assert [(span["offset"], span["length"], span["style"]) for span in styled.spans] == [
            (3, 7, "bold"),
            (13, 4, "link"),
        ]
        assert (literal.text, literal.reply_to) == ("<b> _*[ {{ }}", first)
        (result,) = await we.says(says("я" * 4097))
        assert result == Rejected("914", "Message is too long")


@pytest.mark.parametrize("count", range(1, 11))
async def test_every_keyboard_within_the_limits_is_taken(count: int) -> None:
    buttons = [Button("Ж" * LIMITS.label, "p" * 90) for _ in range(count)]
    fitted = fit(says("?", *buttons), LIMITS)
    assert isinstance(fitted, Text)
    async with standing() as stand, ours(stand) as we:
        await we.shows(fitted)
        rows = stand.screen().bubbles[-1].keys
    assert sum(map(len, rows)) == count
    assert len(rows) <= 6


async def test_payload_at_the_limit_comes_back_whole() -> None:
    async with standing() as stand, ours(stand) as we:
        await we.vk.setup(we.url)
        longest = "ы" * (LIMITS.payload // 2)
        reference = await we.shows(says("?", Button("Да", longest)))
        await stand.gesture("press", message=reference, row=0, column=0)
        *_, pressed = await we.heard(2)
        assert pressed.payload == longest


async def test_who_closes_the_dialog_is_reported_and_not_reached() -> None:
    async with standing() as stand, ours(stand) as we:
        await we.vk.setup(we.url)
        await stand.gesture("block")
        (closed,) = await we.heard(1)
        assert isinstance(closed, Closed)
        assert await we.says(says("?")) == [Unreachable("not_allowed", "901")]
        await stand.gesture("blacklist")
        assert await we.says(says("?")) == [Unreachable("blocked", "900")]
        await stand.gesture("pardon")
        await stand.gesture("unblock")
        happened = [type(event) for event in await we.heard(4)]
        assert happened == [Closed, Closed, Allowed, Allowed]
        assert isinstance((await we.says(says("?")))[0], Sent)


async def test_one_request_reaches_those_who_can_be_reached() -> None:
    async with standing() as stand, ours(stand) as we:
        results = await we.says(says("Акция"), ANNA.vk, BORIS.vk, 999)
        assert isinstance(results[0], Sent)
        assert results[1] == Unreachable("not_allowed", "901")
        assert isinstance(results[2], Unreachable)
        assert (stand.accepted(), stand.accepted(BORIS)) == (["Акция"], [])


@pytest.mark.parametrize("kind", ["hang", "reset"])
async def test_copy_of_a_lost_message_is_dropped_by_its_handle(kind: str) -> None:
    async with standing() as stand, ours(stand, timeout=4) as we:
        await stand.fault(kind=kind, method="messages.send")
        (lost,) = await we.says(says("Раз"), handle="77")
        assert isinstance(lost, Ambiguous)
        (again,) = await we.says(says("Раз"), handle="77")
        assert isinstance(again, Sent)
        assert stand.accepted() == ["Раз"]
        await we.says(says("Раз"), handle="78")
        assert stand.accepted() == ["Раз", "Раз"]


FAULTS: dict[str, tuple[dict[str, Any], SendResult]] = {
    "throttled": ({"code": 6}, Throttled(1)),
    "flooded": ({"code": 9}, Throttled(600, "address")),
    "inside VK": ({"code": 10}, Ambiguous("10")),
    "away": ({"code": 43}, Temporary("43")),
    "page of a proxy": ({"kind": "html"}, Ambiguous("http_502")),
    "page without a status": ({"kind": "html", "status": 200}, Ambiguous("unreadable")),
    "dropped": ({"kind": "drop"}, Ambiguous("ServerDisconnectedError")),
}


@pytest.mark.parametrize("label", FAULTS)
async def test_fault(label: str) -> None:
    fault, result = FAULTS[label]
    async with standing() as stand, ours(stand) as we:
        await stand.fault(method="messages.send", **fault)
        assert await we.says(says("Раз")) == [result]
        assert isinstance((await we.says(says("Два")))[0], Sent)
        assert stand.accepted() == ["Два"]


async def test_token_that_was_revoked_stops_the_channel() -> None:
    async with standing() as stand, ours(stand, token=SecretStr("vk1.a.old")) as we:
        (result,) = await we.says(says("?"))
        assert isinstance(result, ChannelDown)
        assert "vk1.a.old" not in result.why


async def test_forged_callback_is_refused_and_a_repeated_one_is_the_same_event() -> None:
    async with standing() as stand, ours(stand) as we:
        await we.vk.setup(we.url)
        await stand.gesture("say", text="Раз")
        (first,) = await we.heard(1)
        forged = we.door.bodies[0].replace(b'"secret": "', b'"secret": "x')
        async with stand.web.post(f"{we.url}/webhooks/vk/main", data=forged) as answer:
            assert answer.status == 403
        await stand.gesture("repeat")
        again = (await we.heard(2))[1]
        assert isinstance(first, TextReceived)
        assert again.event_id == first.event_id


async def test_polling_brings_the_same_events() -> None:
    async with standing() as stand, ours(stand, mode="longpoll") as we:
        await we.vk.setup(we.url)
        polled = await we.first_poll()
        (said,) = we.read(polled.bodies)
        assert isinstance(said, TextReceived)
        assert said.text == "Раз"
        await stand.gesture("say", text="Два")
        await stand.gesture("deny")
        late = await we.vk.poll(polled.cursor)
        assert [type(item) for item in we.read(late.bodies)] == [TextReceived, Closed]


async def test_polling_goes_on_when_its_key_goes_stale() -> None:
    async with standing() as stand, ours(stand, mode="longpoll") as we:
        await we.vk.setup(we.url)
        cursor = (await we.first_poll()).cursor
        stand.vk.clock.advance(3_601)
        await stand.gesture("say", text="Два")
        stale = await we.vk.poll(cursor)
        assert stale.bodies == ()
        (said,) = we.read((await we.vk.poll(stale.cursor)).bodies)
        assert isinstance(said, TextReceived)
        assert said.text == "Два"
