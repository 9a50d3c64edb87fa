"""SMSC.ru: who may call back, and what callbacks mean."""

import pytest
from pydantic import SecretStr

from fallback.gateways import smsc
from tests.fallback.smsc.incoming import ANOTHER, AT, FORGED, INCOMING, body_of
from tests.fallback.smsc.speaking import PASSWORD, settings
from vestnik.channel import Forged, Hook, Kept, Unreadable
from vestnik.inbound import DeliveryReported


def hook(*, query: str = "", method: str = "POST", body: bytes = b"") -> Hook:
    return Hook(method, "https://bot.example/webhooks/sms/smsc", query, {}, body, "smsc")


@pytest.mark.parametrize("row", INCOMING)
def test_incoming(row: str) -> None:
    assert smsc.build(settings()).read(Kept("smsc", body_of(row), AT)) == (INCOMING[row],)


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
        channel.read(Kept("smsc", body_of(row), AT))[0] for row in ("delivered", "repeated")
    )
    assert body_of("delivered") != body_of("repeated")
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


@pytest.mark.parametrize("row", FORGED)
def test_forged_callbacks(row: str) -> None:
    query, status = FORGED[row]
    with pytest.raises(Forged) as refused:
        smsc.build(settings()).accept(hook(query=query, body=b"id=1&status=1"))
    assert refused.value.status == status


def test_each_account_has_a_secret_of_its_own() -> None:
    ours = smsc.callback_url(settings(), "https://b.example")
    assert ours != smsc.callback_url(ANOTHER, "https://b.example")
    assert PASSWORD not in ours
