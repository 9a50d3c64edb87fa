"""SMSC.ru: what its callbacks mean, what it is asked to send, what its answers mean."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from pydantic import SecretStr

from fallback.gateways import smsc
from tests.bots.tables import Answer, Stub, serving
from vestnik.address import Address
from vestnik.channel import Channel, Forged, Hook, Kept, Probe, SetupFailed, Unreadable
from vestnik.fit import Unfit, fit
from vestnik.inbound import Author, DeliveryReported, Inbound, TextReceived
from vestnik.outbound import Acknowledge, Button, Edit, LinkButton, Outbound, Send, Template, Text
from vestnik.outcome import (
    Ambiguous,
    Cause,
    ChannelDown,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
)
from vestnik.richtext import RichText, Span

PHONE = "+79161234567"
DIGITS = "79161234567"
ANNA = Address(smsc.NAME, "main", PHONE)
PASSWORD = "hunter2-of-smsc"
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def settings(**given: Any) -> smsc.Settings:
    return smsc.Settings(login="coffee", password=SecretStr(PASSWORD), **given)


def hook(*, query: str = "", method: str = "POST", body: bytes = b"") -> Hook:
    return Hook(method, "https://bot.example/webhooks/sms/smsc", query, {}, body, "smsc")


@asynccontextmanager
async def talking(*answers: Answer, **given: Any) -> AsyncIterator[tuple[Channel, Stub]]:
    async with serving(*answers) as stub:
        channel = smsc.build(settings(**{"api_url": stub.url, **given}))
        try:
            yield channel, stub
        finally:
            await channel.aclose()


def text(words: str, handle: str = "640") -> Send:
    return Send(ANNA, Text(RichText(words)), handle=handle)


def form_of(stub: Stub, index: int = 0) -> dict[str, str]:
    return dict(parse_qsl(stub.requests[index].body.decode(), keep_blank_values=True))


# Incoming ---------------------------------------------------------------------------------------


def report(state: Any, status: int, cause: Cause | None = None) -> DeliveryReported:
    return DeliveryReported(
        event_id=f"dlr:640:{DIGITS}:{status}",
        address=ANNA,
        author=Author(DIGITS, phone=PHONE),
        at=AT,
        reference=f"640:{DIGITS}",
        handle="640",
        state=state,
        cause=cause,
    )


def told(status: int, **more: Any) -> dict[str, Any]:
    return {"id": 640, "phone": DIGITS, "status": status, "time": "23.11.2026 15:00:00", **more}


@dataclass(frozen=True)
class Incoming:
    label: str
    form: dict[str, Any]
    event: Inbound | str


INCOMING = [
    Incoming("queued", told(-1), report("accepted", -1)),
    Incoming("handed to the operator", told(0, err=""), report("accepted", 0)),
    Incoming("delivered", told(1, err=0), report("delivered", 1)),
    Incoming("a phone with a plus", {**told(1), "phone": PHONE}, report("delivered", 1)),
    Incoming("read", told(2), report("read", 2)),
    Incoming("a link was clicked", told(4), report("read", 4)),
    Incoming("expired", told(3), report("failed", 3, Temporary("expired"))),
    Incoming("expired while off", told(3, err=6), report("failed", 3, Temporary("6"))),
    Incoming(
        "stopped",
        told(-2),
        report("failed", -2, Rejected("stopped", "stopped in the account at SMSC.ru")),
    ),
    Incoming("undeliverable", told(20), report("failed", 20, Unreachable("no_account", "20"))),
    Incoming("nobody there", told(20, err=1), report("failed", 20, Unreachable("no_account", "1"))),
    Incoming(
        "mailings refused",
        told(20, err=244),
        report("failed", 20, Unreachable("not_allowed", "244")),
    ),
    Incoming("spam filter", told(23, err=253), report("failed", 23, Rejected("253"))),
    Incoming("wrong number", told(22), report("failed", 22, Unreachable("no_account", "22"))),
    Incoming("no funds", told(24), report("failed", 24, ChannelDown("no funds"))),
    Incoming(
        "sender not registered",
        told(20, err=254),
        report("failed", 20, ChannelDown("the sender name is not registered with the operator")),
    ),
    Incoming(
        "an answer from the phone",
        {"sms_id": "981", "phone": DIGITS, "mes": "СТОП 😀", "to": "79000000000"},
        TextReceived(
            event_id="mo:981",
            address=ANNA,
            author=Author(DIGITS, phone=PHONE),
            at=AT,
            reference=f"981:{DIGITS}",
            text="СТОП 😀",
        ),
    ),
    Incoming("an unknown status", told(777), "unknown status 777"),
    Incoming("a status in words", {**told(1), "status": "ok"}, "no number in status"),
    Incoming("no phone", {"id": 1, "status": 1}, "no phone number"),
    Incoming("a phone in words", {**told(1), "phone": "Anna"}, "no phone number"),
    Incoming("digits of another script", {**told(1), "phone": "٧٩١٦١٢٣٤٥٦٧"}, "no phone number"),
    Incoming("no id", {"phone": DIGITS, "status": 1}, "no id"),
    Incoming("NUL", {"sms_id": "1", "phone": DIGITS, "mes": "a\0b"}, "a NUL in the form"),
    Incoming("nothing", {}, "no phone number"),
]


@pytest.mark.parametrize("row", INCOMING, ids=lambda row: row.label)
def test_incoming(row: Incoming) -> None:
    body = urlencode(row.form).encode()
    (event,) = smsc.build(settings()).read(Kept("smsc", body, AT))
    if isinstance(row.event, str):
        assert isinstance(event, Unreadable)
        assert event.why == row.event
    else:
        assert event == row.event


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"mes=%FF&phone=79161234567", b"&".join([b"a=1"] * 100_000), b"[" * 100_000],
    ids=["not UTF-8", "not UTF-8 within", "100 000 fields", "a depth bomb"],
)
def test_hostile_bodies_are_unreadable(body: bytes) -> None:
    (event,) = smsc.build(settings()).read(Kept("smsc", body, AT))
    assert isinstance(event, Unreadable)
    assert event.item.isascii()


def test_a_repeated_report_is_the_same_event() -> None:
    channel = smsc.build(settings())
    first, again = (
        channel.read(Kept("smsc", urlencode(form).encode(), AT))[0]
        for form in (told(1), told(1, time="23.11.2026 15:07:00"))
    )
    assert isinstance(first, DeliveryReported)
    assert isinstance(again, DeliveryReported)
    assert first.event_id == again.event_id


def test_a_callback_with_the_secret_is_kept() -> None:
    asked = settings()
    _, query = smsc.callback_url(asked, "https://bot.example/").split("?")
    reply = smsc.build(asked).accept(hook(query=query, body=b"id=1"))
    assert (reply.status, reply.body, reply.keep) == (200, "OK", b"id=1")


def test_trying_the_address_keeps_nothing() -> None:
    asked = settings(callback_secret=SecretStr("of my own"))
    assert smsc.callback_url(asked, "https://b.example").endswith(
        "/webhooks/sms/smsc?secret=of%20my%20own"
    )
    reply = smsc.build(asked).accept(hook(query="secret=of+my+own", method="GET"))
    assert (reply.status, reply.keep) == (200, None)


@pytest.mark.parametrize(
    "query", ["", "secret=", "secret=guess", "secret=%D1%8F", "secret=%FF", f"secret={PASSWORD}"]
)
def test_forged_callbacks(query: str) -> None:
    with pytest.raises(Forged) as refused:
        smsc.build(settings()).accept(hook(query=query, body=b"id=1&status=1"))
    assert refused.value.status == 403


def test_each_account_has_a_secret_of_its_own() -> None:
    ours = smsc.callback_url(settings(), "https://b.example")
    theirs = smsc.Settings(login="coffee", password=SecretStr("another"))
    assert ours != smsc.callback_url(theirs, "https://b.example")
    assert PASSWORD not in ours


# Outgoing ---------------------------------------------------------------------------------------

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


def error(code: int, message: str = "error") -> dict[str, Any]:
    return {"error": message, "error_code": code, "id": 640}


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
