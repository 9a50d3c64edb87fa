"""SMSC.ru: what it is asked to send, and what its answers mean."""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pydantic import SecretStr

from fallback.gateways import smsc
from fallback.gateways.smsc.channel import validity
from tests.bots.tables import Answer
from tests.fallback.smsc_account import (
    ANNA,
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
from vestnik.outbound import Acknowledge, Button, Edit, LinkButton, Outbound, Send, Template, Text
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

CREDENTIALS = {"login": "coffee", "psw": PASSWORD, "fmt": "3", "charset": "utf-8", "cost": "3"}


@dataclass(frozen=True)
class Outgoing:
    label: str
    said: Text
    mes: str
    handle: str = "640"
    id: str | None = "640"


OUTGOING = [
    Outgoing("plain", Text(RichText("hello")), "hello"),
    Outgoing("Cyrillic at the limit", Text(RichText("ж" * 670)), "ж" * 670),
    Outgoing("signs of a form", Text(RichText("a&b=c+d %20 😀")), "a&b=c+d %20 😀"),
    Outgoing(
        "styles fall away, links are spelled out",
        Text(RichText("Скидки здесь!", (Span(0, 6, "bold"), Span(7, 12, "link", "https://x.y/1")))),
        "Скидки здесь (https://x.y/1)!",
    ),
    Outgoing("a handle that is no number", Text(RichText("a")), "a", handle="a-1", id=None),
    Outgoing("a handle too large", Text(RichText("a")), "a", handle=str(2**31), id=None),
    Outgoing("no handle", Text(RichText("a")), "a", handle="", id=None),
]


@pytest.mark.parametrize("row", OUTGOING, ids=lambda row: row.label)
async def test_outgoing(row: Outgoing) -> None:
    async with talking(Answer({"id": 640, "cnt": 1})) as (channel, stub):
        assert fit(row.said, channel.limits) == row.said
        await channel.send([Send(ANNA, row.said, handle=row.handle)])
    expected = CREDENTIALS | {"phones": DIGITS, "mes": row.mes}
    assert form_of(stub) == (expected | {"id": row.id} if row.id else expected)
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


def test_buttons_at_the_limit_are_none() -> None:
    limits = smsc.build(settings()).limits
    buttons = (Button("Да", "yes"), LinkButton("Сайт", "https://x.y"))
    assert fit(Text(RichText("Придёте?"), buttons), limits) == Text(
        RichText("Придёте?\n\nСайт: https://x.y")
    )
    assert isinstance(fit(Text(RichText("ж" * 671)), limits), Unfit)


@dataclass(frozen=True)
class Outcome:
    label: str
    answer: Answer
    result: SendResult


OUTCOMES = [
    Outcome("taken", Answer({"id": 640, "cnt": 2}), Sent(f"640:{DIGITS}", segments=2)),
    Outcome(
        "taken, with its cost",
        Answer({"id": 63, "cnt": 1, "cost": "3.8", "balance": "286.55"}),
        Sent(f"63:{DIGITS}", segments=1, cost="3.8"),
    ),
    Outcome(
        "parameters", Answer(error(1)), Rejected("1", "SMSC.ru does not understand the parameters")
    ),
    Outcome(
        "password", Answer(error(2)), ChannelDown("SMSC.ru refuses the login, password or key")
    ),
    Outcome("no funds", Answer(error(3)), ChannelDown("no funds")),
    Outcome(
        "IP blocked",
        Answer(error(4)),
        ChannelDown("SMSC.ru has blocked this server's IP address after too many errors"),
    ),
    Outcome(
        "forbidden text",
        Answer(error(6)),
        Rejected("6", "the text or the sender name is forbidden"),
    ),
    Outcome("unreachable: no such number", Answer(error(7)), Unreachable("no_account", "7")),
    Outcome("unreachable: not deliverable", Answer(error(8)), Unreachable("not_allowed", "8")),
    Outcome("throttled", Answer(error(9, "too many concurrent requests")), Throttled(60.0)),
    Outcome(
        "throttled: said twice",
        Answer(error(9, "duplicate request, wait a minute")),
        Throttled(60.0, "address"),
    ),
    Outcome("throttled by the web server", Answer(b"slow down", 429), Throttled(60.0)),
    Outcome("unknown code", Answer(error(77, "new")), Rejected("77", "new")),
    Outcome("server error", Answer(b"<html>502</html>", 502), Ambiguous("http_502")),
    Outcome("server error in our hands", Answer({"oops": 1}, 500), Ambiguous("http_500")),
    Outcome("empty", Answer(b""), Ambiguous("http_200")),
    Outcome("HTML", Answer(b"<html>OK</html>"), Ambiguous("http_200")),
    Outcome("a depth bomb", Answer(b"[" * 100_000), Ambiguous("http_200")),
    Outcome("JSON of something else", Answer([1]), Ambiguous("http_200")),
    Outcome("moved", Answer(b"", 302, {"Location": "/elsewhere"}), Ambiguous("http_302")),
    Outcome("broken off", Answer(fault="close"), Ambiguous("ServerDisconnectedError")),
]


@pytest.mark.parametrize("row", OUTCOMES, ids=lambda row: row.label)
async def test_outcomes(row: Outcome, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with talking(row.answer) as (channel, stub):
        assert list(await channel.send([text("Здравствуйте")])) == [row.result]
        assert PASSWORD not in caplog.text + repr(channel) + repr(vars(channel))
    assert len(stub.requests) == 1


async def test_no_answer_in_time() -> None:
    async with talking(Answer(fault="hang"), timeout=0.2) as (channel, _):
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


@pytest.mark.parametrize(
    ("outbound", "result"),
    [
        (Acknowledge("1"), Sent("")),
        (Edit("1", Text(RichText("a"))), Rejected("edit_unsupported")),
        (Template("news", "ru"), Rejected("template_unsupported")),
    ],
)
async def test_what_an_sms_cannot_be(outbound: Outbound, result: SendResult) -> None:
    async with talking() as (channel, stub):
        assert list(await channel.send([Send(ANNA, outbound)])) == [result]
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
