"""Who may call WhatsApp's webhook, and what a hostile body can do: nothing."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.bots.whatsapp_business import APP_SECRET, business
from vestnik.channel import Forged, Hook, Kept, Unreadable
from vestnik.inbound import Inbound, TextReceived

FILES = Path(__file__).parent / "whatsapp"
RECEIVED = datetime(2025, 11, 22, 10, 0, tzinfo=UTC)

VECTOR = (
    rb'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages",'
    rb'"value":{"messages":[{"text":{"body":"\u041f\u0440\u0438\u0432\u0435\u0442 a\u0040b.ru '
    rb'100\u0025 \u003Cok> https:\/\/x.y\/z \ud83d\ude42"}}]}}]}]}'
)
VECTOR_SIGNATURE = "sha256=9b3b5289f5c18ed6f6fdef761faaea25709dc6b05f82db6e2ab0118b8830edb8"


def post(body: bytes, signature: str | None, account: str = "main") -> Hook:
    headers = {} if signature is None else {"x-hub-signature-256": signature}
    url = "https://bot.example/webhooks/whatsapp/main"
    return Hook("POST", url, "", headers, body, account)


def signed(body: bytes) -> str:
    return "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()


def test_a_signed_webhook_is_kept_as_it_is() -> None:
    reply = business().accept(post(VECTOR, VECTOR_SIGNATURE))
    assert (reply.status, reply.keep) == (200, VECTOR)


def test_three_megabytes_and_unreadable_bytes_are_kept_too() -> None:
    for body in (b"\xff" * 3_000_000, b"[" * 100_000, b""):
        assert business().accept(post(body, signed(body))).keep == body


@pytest.mark.parametrize(
    ("body", "signature", "refused"),
    [
        (VECTOR, None, 401),
        (VECTOR, "", 403),
        (VECTOR, "sha256=", 403),
        (VECTOR, VECTOR_SIGNATURE.removeprefix("sha256="), 403),
        (VECTOR, VECTOR_SIGNATURE[:-1] + "0", 403),
        (VECTOR, "sha256=я\ud800", 403),
        (json.dumps(json.loads(VECTOR)).encode(), VECTOR_SIGNATURE, 403),
        (VECTOR + b" ", VECTOR_SIGNATURE, 403),
    ],
)
def test_forged_webhooks(body: bytes, signature: str | None, refused: int) -> None:
    with pytest.raises(Forged) as forged:
        business().accept(post(body, signature))
    assert forged.value.status == refused


def test_another_account_s_webhook_is_forged() -> None:
    with pytest.raises(Forged):
        business().accept(post(VECTOR, VECTOR_SIGNATURE, account="other"))


def test_without_an_app_secret_every_webhook_is_forged() -> None:
    unset = business(app_secret=SecretStr(""))
    empty_key = "sha256=" + hmac.new(b"", VECTOR, hashlib.sha256).hexdigest()
    with pytest.raises(Forged):
        unset.accept(post(VECTOR, empty_key))


def challenge(query: str) -> Hook:
    return Hook("GET", "https://bot.example/webhooks/whatsapp/main", query, {}, b"", "main")


KNOWS = "hub.verify_token=%D0%B2%D0%B5%D1%80%D1%8C%20%D0%BC%D0%BD%D0%B5"


def test_the_challenge_is_echoed_and_not_kept() -> None:
    asked = challenge(f"hub.mode=subscribe&hub.challenge=1158201444&{KNOWS}")
    reply = business().accept(asked)
    assert (reply.status, reply.body, reply.content_type) == (200, "1158201444", "text/plain")
    assert reply.keep is None


@pytest.mark.parametrize(
    "query",
    [
        "",
        f"hub.mode=unsubscribe&hub.challenge=1&{KNOWS}",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=%FF%ED%A0%80",
        "hub.mode=subscribe&hub.challenge=1",
    ],
)
def test_forged_challenges(query: str) -> None:
    with pytest.raises(Forged):
        business().accept(challenge(query))


def test_without_a_verify_token_every_challenge_is_forged() -> None:
    unset = business(verify_token=SecretStr(""))
    with pytest.raises(Forged):
        unset.accept(challenge("hub.mode=subscribe&hub.challenge=1&hub.verify_token="))


def read(body: bytes) -> Sequence[Inbound | Unreadable]:
    return business().read(Kept("main", body, RECEIVED))


START = b'{"object":"whatsapp_business_account","entry":'

HOSTILE = {
    "a depth bomb": b"[" * 100_000,
    "a deep envelope": START + b"[" * 900 + b"]" * 900 + b"}",
    "not JSON": b"hello",
    "empty": b"",
    "not UTF-8": b'{"object":"\xff"}',
    "another object": b'{"object":"page","entry":[]}',
    "a list": b"[]",
    "entry is a number": START + b"5}",
    "changes are words": START + b'[{"changes":"x"}]}',
    "an entry of null": START + b"[null]}",
    "a change of null": START + b'[{"changes":[null]}]}',
    "a field with NUL": START + rb'[{"changes":[{"field":"\u0000\ud800"}]}]}',
    "an endless number": b'{"object":' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bodies_are_unreadable(body: bytes) -> None:
    events = read(body)
    assert events
    for event in events:
        assert isinstance(event, Unreadable)
        assert (event.why + event.item).isascii()
        assert "\0" not in event.why + event.item


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "timestamp", "from", "text", "body", "status", "contacts"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)  # the machine may be busy with other tests
@given(
    key=st.sampled_from(["messages", "statuses", "user_preferences", "contacts"]), item=json_values
)
def test_no_item_can_break_the_reading_of_the_others(key: str, item: Any) -> None:
    body = json.loads((FILES / "text.json").read_text())
    value = body["entry"][0]["changes"][0]["value"]
    value[key] = [item, *value.get(key, [])]
    events = read(json.dumps(body).encode())
    assert any(isinstance(event, TextReceived) and event.text == "Привет 😀" for event in events)


@settings(deadline=None)  # the machine may be busy with other tests
@given(entry=json_values, change=json_values, field=json_values, value=json_values)
def test_no_body_can_break_the_reading(entry: Any, change: Any, field: Any, value: Any) -> None:
    changes = [change, {"field": field, "value": value}, {"field": "messages", "value": value}]
    body = {"object": "whatsapp_business_account", "entry": [entry, {"changes": changes}]}
    for event in read(json.dumps(body).encode()):
        assert isinstance(event, Unreadable | Inbound)


def test_a_thousand_updates_are_read_in_a_moment() -> None:
    body = json.loads((FILES / "text.json").read_text())
    value = body["entry"][0]["changes"][0]["value"]
    people = [f"7999{number:07}" for number in range(1000)]
    value["contacts"] = [{"wa_id": who, "profile": {"name": who}} for who in people]
    item = {key: kept for key, kept in value["messages"][0].items() if key != "from_user_id"}
    value["messages"] = [item | {"from": who, "id": f"wamid.{who}"} for who in reversed(people)]
    raw = json.dumps(body).encode()
    started = time.perf_counter()
    events = read(raw)
    assert time.perf_counter() - started < 1.0
    assert [it.author.name for it in events if isinstance(it, TextReceived)] == people[::-1]
