"""SMSC.ru: who may call back, and what callbacks mean."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr

from fallback.gateways import smsc
from tests.fallback.smsc_account import ANNA, DIGITS, PASSWORD, PHONE, settings
from vestnik.channel import Forged, Hook, Kept, Unreadable
from vestnik.inbound import Author, DeliveryReported, Inbound, TextReceived
from vestnik.outcome import Cause, ChannelDown, Rejected, Temporary, Unreachable

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def hook(*, query: str = "", method: str = "POST", body: bytes = b"") -> Hook:
    return Hook(method, "https://bot.example/webhooks/sms/smsc", query, {}, body, "smsc")


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
