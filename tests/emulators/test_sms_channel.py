"""Our SMSC.ru channel against the emulated gateway: phones, reports, money and faults."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from emulators.server import serving
from emulators.sms import Sms, SmsSettings
from emulators.world import Human, World
from fallback.gateways import smsc
from tests.emulators.our_door import Door, open_door
from tests.emulators.stagehand import gesture, plan_fault
from tests.emulators.whatsapp_stage import ANNA, people
from vestnik.abilities import SetupFailed
from vestnik.address import Address
from vestnik.fit import fit
from vestnik.inbound import DeliveryReported, TextReceived
from vestnik.outbound import Button, LinkButton, Send, Text
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

EMULATED = SmsSettings(sent_after=0.0, delivered_after=0.02)


@dataclass
class Rehearsal:
    """The emulated gateway, our channel, and our webhook at the address it tells its owner."""

    base: str
    world: World
    channel: smsc.Smsc
    door: Door
    http: aiohttp.ClientSession

    async def does(self, name: str, who: Human = ANNA, /, **told: Any) -> None:
        status, answer = await gesture(self.http, self.base, "sms", name, who=who.id, **told)
        assert status == 200, answer

    async def fault(self, **told: Any) -> None:
        await plan_fault(self.http, self.base, "sms", **told)

    async def says(self, words: str | Text, phone: str = ANNA.phone, **more: Any) -> SendResult:
        said = Text(RichText(words)) if isinstance(words, str) else words
        address = Address(smsc.NAME, "main", phone)
        (result,) = await self.channel.send([Send(address, said, **more)])
        return result

    async def reported(self, result: SendResult, state: str) -> DeliveryReported:
        assert isinstance(result, Sent), result
        return await self.door.hears(
            DeliveryReported, lambda it: (it.reference, it.state) == (result.reference, state)
        )

    def screen(self) -> list[Any]:
        return list(self.world.screens.of("sms", ANNA.phone).bubbles)


def settings(base: str, **changed: Any) -> smsc.Settings:
    told: dict[str, Any] = {
        "login": EMULATED.login,
        "password": SecretStr(EMULATED.password),
        "api_url": f"{base}/sms",
    }
    return smsc.Settings(**told | changed)


@asynccontextmanager
async def rehearsing(emulated: SmsSettings = EMULATED, **changed: Any) -> AsyncIterator[Rehearsal]:
    world = people()
    gateway = Sms(world, emulated)
    async with serving(world, [gateway]) as base, aiohttp.ClientSession() as http:
        ours = settings(base, **changed)
        channel = smsc.build(ours)
        try:
            async with open_door(channel) as door:
                gateway.callback_url = smsc.callback_url(ours, door.url)
                yield Rehearsal(base, world, channel, door, http)
        finally:
            await channel.aclose()


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    async with rehearsing() as ready:
        yield ready


async def test_a_text_arrives_and_is_reported(rehearsal: Rehearsal) -> None:
    result = await rehearsal.says("Здравствуйте 😀", handle="640")
    assert result == Sent("640:79990001122", segments=1, cost="2.00")
    report = await rehearsal.reported(result, "delivered")
    assert (report.handle, report.address.handle) == ("640", ANNA.phone)
    assert rehearsal.screen()[-1].text == "Здравствуйте 😀"
    assert rehearsal.door.refused == 0


async def test_parts_are_counted_as_the_gateway_bills_them(rehearsal: Rehearsal) -> None:
    for number, words in enumerate(("a" * 161, "ж" * 71, "ж" * 66 + "😀ж", "€" * 81, "ж" * 670), 1):
        result = await rehearsal.says(words, handle=str(number))
        assert isinstance(result, Sent)
        assert result.segments == rehearsal.channel.limits.measure(words)
        assert Decimal(result.cost or 0) == 2 * (result.segments or 0)


async def test_what_cannot_be_pressed_is_written_out(rehearsal: Rehearsal) -> None:
    said = Text(
        RichText("Скидки здесь", (Span(0, 6, "bold"), Span(7, 12, "link", "https://x.y/1"))),
        (Button("Да", "yes"), LinkButton("Сайт", "https://x.y/2")),
    )
    fitted = fit(said, rehearsal.channel.limits)
    assert isinstance(fitted, Text)
    await rehearsal.reported(await rehearsal.says(fitted), "delivered")
    shown = rehearsal.screen()[-1].text
    assert shown == "Скидки здесь (https://x.y/1)\n\nСайт: https://x.y/2"


async def test_an_answer_from_the_phone(rehearsal: Rehearsal) -> None:
    await rehearsal.does("say", text="СТОП & 100% + ещё")
    heard = await rehearsal.door.hears(TextReceived)
    assert heard.text == "СТОП & 100% + ещё"
    assert heard.address == Address(smsc.NAME, "main", ANNA.phone)


async def test_a_dead_number_is_reported(rehearsal: Rehearsal) -> None:
    await rehearsal.does("dead")
    report = await rehearsal.reported(await rehearsal.says("Вы тут?"), "failed")
    assert report.cause == Unreachable("no_account", "1")


async def test_a_phone_that_stays_off_lets_a_text_expire(rehearsal: Rehearsal) -> None:
    await rehearsal.does("offline")
    until = datetime.now(UTC) + timedelta(hours=2)
    result = await rehearsal.says("Пока в силе", expires_at=until)
    await rehearsal.http.post(f"{rehearsal.base}/_sim/clock", json={"advance": 1.9 * 3600})
    assert not any(
        isinstance(it, DeliveryReported) and it.state == "failed" for it in rehearsal.door.heard
    )
    await rehearsal.http.post(f"{rehearsal.base}/_sim/clock", json={"advance": 0.2 * 3600})
    report = await rehearsal.reported(result, "failed")
    assert report.cause == Temporary("6")


async def test_a_phone_switched_on_again_gets_what_waited(rehearsal: Rehearsal) -> None:
    await rehearsal.does("offline")
    result = await rehearsal.says("Подожду")
    await rehearsal.does("online")
    await rehearsal.reported(result, "delivered")


async def test_a_report_may_overtake_the_answer() -> None:
    async with rehearsing(replace(EMULATED, report_first=True)) as rehearsal:
        result = await rehearsal.says("Быстро", handle="640")
        (report,) = rehearsal.door.heard
        assert isinstance(report, DeliveryReported)
        assert report.state == "delivered"
        assert isinstance(result, Sent)
        assert report.reference == result.reference


async def test_a_repeated_report_is_the_same_event() -> None:
    async with rehearsing(replace(EMULATED, duplicate_reports=2)) as rehearsal:
        first = await rehearsal.reported(await rehearsal.says("Ещё раз"), "delivered")
        again = await rehearsal.door.hears(DeliveryReported, lambda it: it.at > first.at)
        assert again.event_id == first.event_id


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        ({"kind": "error", "code": 3}, ChannelDown("no funds")),
        ({"kind": "error", "code": 9}, Throttled(60.0, "address")),
        ({"kind": "error", "code": 8}, Unreachable("not_allowed", "8")),
        ({"kind": "html", "status": 502}, Ambiguous("http_502")),
        ({"kind": "drop"}, Ambiguous("ServerDisconnectedError")),
    ],
)
async def test_faults(rehearsal: Rehearsal, fault: dict[str, Any], result: SendResult) -> None:
    await rehearsal.fault(method="send", **fault)
    assert await rehearsal.says("Здравствуйте") == result
    await rehearsal.reported(await rehearsal.says("И снова"), "delivered")


async def test_the_report_tells_of_a_text_whose_answer_was_lost() -> None:
    async with rehearsing(timeout=3.0) as rehearsal:
        await rehearsal.fault(method="send", kind="hang")
        assert isinstance(await rehearsal.says("Дошло?", handle="641"), Ambiguous)
        await rehearsal.door.hears(
            DeliveryReported, lambda it: (it.handle, it.state) == ("641", "delivered")
        )


async def test_the_same_text_again_within_a_minute(rehearsal: Rehearsal) -> None:
    assert isinstance(await rehearsal.says("Дважды"), Sent)
    assert await rehearsal.says("Дважды") == Throttled(60.0, "address")


async def test_too_many_requests_pause_the_lane() -> None:
    async with rehearsing(replace(EMULATED, requests_per_second=1)) as rehearsal:
        results = [await rehearsal.says(f"Текст {number}") for number in range(3)]
    assert Throttled(60.0, "lane") in results


async def test_refusals_of_the_text_and_of_the_number() -> None:
    async with rehearsing(replace(EMULATED, forbidden=("казино",))) as rehearsal:
        assert isinstance(await rehearsal.says("Лучшее казино"), Rejected)
        assert await rehearsal.says("a", "+7123") == Unreachable("no_account", "7")
        assert isinstance(await rehearsal.says("ж" * 1001), Rejected)


async def test_no_money() -> None:
    async with rehearsing(replace(EMULATED, balance=Decimal("1.00"))) as rehearsal:
        assert await rehearsal.says("Здравствуйте") == ChannelDown("no funds")
        assert await rehearsal.channel.probe() == "emulated, balance 1.00"


async def test_a_wrong_password_stops_the_channel() -> None:
    async with rehearsing(password=SecretStr("wrong")) as rehearsal:
        assert isinstance(await rehearsal.says("a"), ChannelDown)
        with pytest.raises(SetupFailed, match="SMSC_PASSWORD"):
            await rehearsal.channel.probe()


async def test_a_key_instead_of_a_password() -> None:
    given: dict[str, Any] = {
        "login": "",
        "password": SecretStr(""),
        "apikey": SecretStr(EMULATED.apikey),
    }
    async with rehearsing(**given) as rehearsal:
        await rehearsal.reported(await rehearsal.says("По ключу"), "delivered")


async def test_callbacks_without_our_secret_are_refused() -> None:
    async with rehearsing() as rehearsal:
        strange = f"{rehearsal.door.url}/webhooks/sms/smsc?secret=guess"
        async with rehearsal.http.post(strange, data={"id": 1, "status": 1}) as response:
            assert response.status == 403
        assert rehearsal.door.heard == []
