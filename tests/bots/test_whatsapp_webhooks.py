"""Who may call WhatsApp's webhook, and what a hostile body can do: nothing."""

import json
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.bots.whatsapp.forged import (
    ASKS,
    KNOWS,
    VECTOR,
    VECTOR_SIGNATURE,
    challenge,
    post,
    signed,
)
from tests.bots.whatsapp.plenty import MOST
from tests.bots.whatsapp.reports import FILES
from tests.bots.whatsapp.rows import FORGED
from tests.bots.whatsapp_business import APP_SECRET, RECEIVED, business
from vestnik.channel import Forged, Kept, Unreadable
from vestnik.inbound import Inbound, TextReceived


def test_a_signed_webhook_is_kept_as_it_is() -> None:
    reply = business().accept(post(VECTOR, VECTOR_SIGNATURE))
    assert (reply.status, reply.keep) == (200, VECTOR)


def test_three_megabytes_and_unreadable_bytes_are_kept_too() -> None:
    for body in (b"\xff" * 3_000_000, b"[" * 100_000, b""):
        assert business().accept(post(body, signed(body))).keep == body


@pytest.mark.parametrize("name", FORGED)
def test_forged_webhooks(name: str) -> None:
    hook, status = FORGED[name]
    with pytest.raises(Forged) as forged:
        business().accept(hook)
    assert forged.value.status == status
    assert APP_SECRET not in str(forged.value)


@pytest.mark.parametrize("told", ["the-new,app-secret-for-tests", "app-secret-for-tests, the-new"])
def test_while_the_secret_changes_both_are_known(told: str) -> None:
    between = business(app_secret=SecretStr(told))
    for secret in (APP_SECRET, "the-new"):
        assert between.accept(post(VECTOR, signed(VECTOR, secret))).keep == VECTOR
    for secret in ("", told, ","):
        with pytest.raises(Forged):
            between.accept(post(VECTOR, signed(VECTOR, secret)))


def test_without_an_app_secret_every_webhook_is_forged() -> None:
    for nothing in ("", ",", " , "):
        with pytest.raises(Forged):
            business(app_secret=SecretStr(nothing)).accept(post(VECTOR, signed(VECTOR, "")))


def test_the_challenge_is_echoed_and_not_kept() -> None:
    asked = challenge(f"{ASKS}&{KNOWS}")
    reply = business().accept(asked)
    assert (reply.status, reply.body, reply.content_type) == (200, "1158201444", "text/plain")
    assert reply.keep is None


def test_without_a_verify_token_every_challenge_is_forged() -> None:
    unset = business(verify_token=SecretStr(""))
    with pytest.raises(Forged):
        unset.accept(challenge(f"{ASKS}&hub.verify_token="))


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
    """The most that Meta sends at once: of all kinds, in three megabytes."""
    started = time.process_time()
    events = read(MOST)
    assert time.process_time() - started < 0.5
    assert len(events) == 1000
    assert not [event for event in events if isinstance(event, Unreadable)]
