"""SMSC.ru: what it is asked to send, and what its answers mean."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pydantic import SecretStr

from fallback.gateways import smsc
from fallback.gateways.smsc.channel import validity
from tests.bots.tables import Answer
from tests.fallback.smsc.outgoing import ANSWERS, REQUESTS, UNSAID, to_anna
from tests.fallback.smsc.speaking import (
    DIGITS,
    PASSWORD,
    error,
    form_of,
    settings,
    talking,
    text,
)
from vestnik.abilities import Probe, SetupFailed
from vestnik.address import Address
from vestnik.fit import Unfit, fit
from vestnik.outbound import Send, Text
from vestnik.outcome import Ambiguous, Rejected, Sent, Temporary, Throttled
from vestnik.richtext import RichText

CREDENTIALS = {"login": "coffee", "psw": PASSWORD, "fmt": "3", "charset": "utf-8", "cost": "3"}


@pytest.fixture(autouse=True)
def secrets_stay_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize("row", REQUESTS)
async def test_requests(row: str) -> None:
    said = REQUESTS[row]
    async with talking(Answer({"id": 640, "cnt": 1})) as (channel, stub):
        fitted = fit(said.said, channel.limits)
        assert isinstance(fitted, Text)
        await channel.send([to_anna(fitted, said.handle)])
    expected = CREDENTIALS | {"phones": DIGITS, "mes": said.mes}
    assert form_of(stub) == (expected | {"id": said.id} if said.id else expected)
    assert (stub.requests[0].method, stub.requests[0].path) == ("POST", "/sys/send.php")


NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "valid"),
    [
        (timedelta(hours=2, minutes=30, seconds=59), {"valid": "02:30"}),
        (timedelta(seconds=20), {"valid": "00:01"}),
        (timedelta(hours=23, minutes=59), {"valid": "23:59"}),
        (timedelta(hours=24), {}),
        (timedelta(days=30), {}),
        (timedelta(seconds=-1), {}),
    ],
)
def test_the_operator_tries_no_longer_than_the_message_is_wanted(
    left: timedelta, valid: dict[str, str]
) -> None:
    assert validity(NOW + left, NOW) == valid


async def test_the_end_of_a_message_is_told() -> None:
    async with talking(Answer({"id": 640, "cnt": 1})) as (channel, stub):
        until = datetime.now(UTC) + timedelta(hours=3, seconds=30)
        await channel.send([replace(text("a"), expires_at=until)])
    assert form_of(stub)["valid"] == "03:00"


async def test_a_key_and_a_sender_name() -> None:
    given = {"apikey": SecretStr("key-1"), "sender": "COFFEE"}
    async with talking(Answer({"id": 1, "cnt": 1}), **given) as (channel, stub):
        await channel.send([text("a")])
    form = form_of(stub)
    assert form["apikey"] == "key-1"
    assert form["sender"] == "COFFEE"
    assert not {"login", "psw"} & set(form)


def test_more_than_ten_parts_are_too_much() -> None:
    limits = smsc.build(settings()).limits
    for words in ("ж" * 671, "z" * 1531):
        assert isinstance(fit(Text(RichText(words)), limits), Unfit)


@pytest.mark.parametrize("row", ANSWERS)
async def test_answers(row: str) -> None:
    answer, result = ANSWERS[row]
    async with talking(answer) as (channel, stub):
        assert list(await channel.send([text("Здравствуйте")])) == [result]
        assert PASSWORD not in repr(result) + repr(channel) + repr(vars(channel))
    assert len(stub.requests) == 1


async def test_no_answer_in_time() -> None:
    async with talking(Answer(fault="hang"), timeout=2.0) as (channel, _):
        (result,) = await channel.send([text("a")])
    assert isinstance(result, Ambiguous)


async def test_nobody_listens() -> None:
    async with talking() as (_, stub):
        gone = stub.url
    channel = smsc.build(settings(api_url=gone))
    assert list(await channel.send([text("a")])) == [Temporary("ClientConnectorError")]
    await channel.aclose()


async def test_half_a_character_is_refused_and_harms_no_other() -> None:
    async with talking(Answer({"id": 1, "cnt": 1})) as (channel, _):
        boris = Send(Address(smsc.NAME, "main", "+79160000001"), Text(RichText("ok")))
        bad, good = await channel.send([text("\ud83d"), boris])
    assert isinstance(bad, Rejected)
    assert good == Sent("1:79160000001", segments=1)


async def test_a_batch_keeps_its_order_and_waits_behind_what_holds_it_up() -> None:
    again = error(9, "duplicate request, wait a minute")
    async with talking(Answer({"id": 1, "cnt": 1}), Answer(again)) as (channel, stub):
        results = await channel.send([text("one"), text("two"), text("three")])
    assert list(results) == [
        Sent(f"1:{DIGITS}", segments=1),
        Throttled(60.0, "address"),
        Throttled(60.0, "address"),
    ]
    assert [form_of(stub, index)["mes"] for index in range(2)] == ["one", "two"]
    assert len(stub.requests) == 2


@pytest.mark.parametrize("row", UNSAID)
async def test_what_an_sms_cannot_be(row: str) -> None:
    outbound, result = UNSAID[row]
    async with talking() as (channel, stub):
        assert list(await channel.send([to_anna(outbound)])) == [result]
    assert stub.requests == []


async def test_the_price_of_a_part_stands_in_for_a_cost_that_is_not_told() -> None:
    async with talking(Answer({"id": 1, "cnt": 3}), price=Decimal("2.10")) as (channel, _):
        (result,) = await channel.send([text("a")])
    assert result == Sent(f"1:{DIGITS}", segments=3, cost="6.30")


async def test_the_probe_tells_the_balance_or_what_to_do() -> None:
    refused = error(2, "authorise error")
    async with talking(Answer({"balance": "100.50"}), Answer(refused)) as (channel, stub):
        assert isinstance(channel, Probe)
        assert await channel.probe() == "coffee, balance 100.50"
        with pytest.raises(SetupFailed, match="authorise error: check SMSC_LOGIN"):
            await channel.probe()
    assert stub.requests[0].path == "/sys/balance.php"


def test_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not smsc.Settings().enabled
    assert not smsc.Settings(login="coffee").enabled
    monkeypatch.setenv("SMSC_APIKEY", "key")
    monkeypatch.setenv("SMSC_RATE", "5")
    read = smsc.Settings()
    assert read.enabled
    assert smsc.build(read).limits.rate == 5
