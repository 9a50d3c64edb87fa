"""What becomes of our WhatsApp messages at the emulated Cloud API, and of our account there."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from bots import whatsapp
from tests.emulators.whatsapp_rehearsal import Rehearsal, greeted, rehearsing, settings, text
from tests.emulators.whatsapp_stage import ANNA, SETTINGS
from vestnik.abilities import SetupFailed
from vestnik.address import Address
from vestnik.inbound import DeliveryReported
from vestnik.outbound import Recipient, Send, Template
from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    SendResult,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    async with greeted() as ready:
        yield ready


async def test_receipts_name_our_handle(rehearsal: Rehearsal) -> None:
    reference = await rehearsal.sent(text("Важное"), handle="640")
    await rehearsal.does("read")
    seen = await rehearsal.door.hears(DeliveryReported, lambda it: it.state == "read")
    assert (seen.reference, seen.handle, seen.address.handle) == (reference, "640", ANNA.bsuid)
    states = [
        it.state
        for it in rehearsal.door.heard
        if isinstance(it, DeliveryReported) and it.reference == reference
    ]
    assert states == ["accepted", "delivered", "read"]


async def test_a_block_is_reported_as_unreachable(rehearsal: Rehearsal) -> None:
    await rehearsal.does("block")
    report = await rehearsal.failure(text("Вы тут?"), handle="640")
    assert report.cause == Unreachable("no_account", "131026")
    assert report.handle == "640"


async def test_a_window_closes_and_a_template_still_goes(rehearsal: Rehearsal) -> None:
    rehearsal.world.clock.advance(24 * 3600 + 1)
    known = Recipient(phone=ANNA.phone)
    report = await rehearsal.failure(text("Поздно"), recipient=known)
    assert report.cause == WindowClosed("131047")
    # A failed status names a number at most, never the scoped id.
    assert report.address.handle == ANNA.phone
    await rehearsal.sent(Template("reply_waiting", "ru", payloads=("read:1",)))


async def test_refusals_may_come_at_once() -> None:
    async with rehearsing(replace(SETTINGS, async_errors=False)) as rehearsal:
        assert await rehearsal.says(text("Кто вы?")) == WindowClosed("131047")
        await rehearsal.does("no_whatsapp")
        assert await rehearsal.says(text("a")) == Unreachable("no_account", "131026")


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        ({"kind": "error", "code": 130429, "retry_after": 3}, Throttled(3.0)),
        ({"kind": "error", "code": 131056}, Throttled(6.0, "address")),
        ({"kind": "error", "code": 131016}, Temporary("131016")),
        ({"kind": "error", "code": 131000}, Ambiguous("131000")),
        ({"kind": "error", "code": 131042}, ChannelDown("a payment problem (131042)")),
        ({"kind": "html", "status": 502}, Ambiguous("http_502")),
        ({"kind": "drop"}, Ambiguous("ServerDisconnectedError")),
    ],
)
async def test_faults(rehearsal: Rehearsal, fault: dict[str, Any], result: SendResult) -> None:
    await rehearsal.fault(method="messages", **fault)
    assert await rehearsal.says(text("Здравствуйте")) == result
    await rehearsal.sent(text("И снова здравствуйте"))


async def test_the_echo_tells_of_a_message_whose_answer_was_lost() -> None:
    async with greeted(timeout=3.0) as rehearsal:
        await rehearsal.fault(method="messages", kind="hang")
        assert isinstance(await rehearsal.says(text("Дошло?"), handle="641"), Ambiguous)
        echo = await rehearsal.door.hears(DeliveryReported, lambda it: it.handle == "641")
        assert echo.reference
        assert sum(bubble.text == "Дошло?" for bubble in rehearsal.screen()) == 1


async def test_probe_and_templates(rehearsal: Rehearsal) -> None:
    assert SETTINGS.verified_name in await rehearsal.channel.probe()
    found = await rehearsal.channel.templates()
    news = next(it for it in found if (it.name, it.language) == ("news", "ru"))
    assert (news.status, news.variables, news.quick_replies) == ("APPROVED", 1, ("Отписаться",))


async def test_a_revoked_token_stops_the_channel(rehearsal: Rehearsal) -> None:
    stranger = whatsapp.build(settings(rehearsal.base, SETTINGS, token=SecretStr("revoked")))
    try:
        address = Address(whatsapp.NAME, "main", ANNA.bsuid)
        (result,) = await stranger.send([Send(address, text("a"))])
        assert isinstance(result, ChannelDown)
        with pytest.raises(SetupFailed):
            await stranger.probe()
    finally:
        await stranger.aclose()


async def test_a_webhook_signed_by_another_app_is_not_heard() -> None:
    async with rehearsing(app_secret=SecretStr("another")) as rehearsal:
        await rehearsal.does("say", text="Привет")
        await rehearsal.door.refuses()
        assert rehearsal.door.heard == []
