"""Telegram comes in: what is accepted as Telegram's, and what it tells."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from aiogram.types import Update
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

import tests.bots.telegram
from bots.telegram import LIMITS, Settings, build
from bots.telegram.read import SHOWN, read
from tests.bots.telegram.incoming import AGREED, FORGED, INCOMING, RECEIVED, hook, payload
from vestnik.abilities import Files, Linking, Polling, Probe, Setup
from vestnik.channel import Channel, Forged, Kept, Unreadable
from vestnik.inbound import Inbound

TOKEN = "42:AAtestTOKENtest"

HOSTILE = {
    "empty": (b"", "not JSON"),
    "html": (b"<html>", "not JSON"),
    "latin": ('{"update_id": "é"}'.encode("latin-1"), "not JSON"),
    "a list": (b"[]", "the update is not an object"),
    "no id": (b'{"message": {}}', "update_id is not a whole number"),
    "id true": (b'{"update_id": true, "message": {}}', "update_id is not a whole number"),
    "id too large": (b'{"update_id": %d, "message": {}}' % 2**64, "update_id is not a whole"),
    "id endless": (b'{"update_id": ' + b"9" * 5000 + b"}", "not JSON"),
    "depth bomb": (b"[" * 100_000, "nested too deeply"),
    "raw NUL": (b'{"update_id": "\0"}', "not JSON"),
    "5 MB": (b'{"update_id": 1, "x": "' + b"y" * 5_000_000 + b'"}', "an update of a kind"),
}


def kept(body: bytes) -> Kept:
    return Kept("main", body, RECEIVED)


@pytest.mark.parametrize("name", INCOMING)
def test_payload(name: str) -> None:
    items = read(kept(payload(name)))
    assert [_without_item(item) for item in items] == INCOMING[name]


def _without_item(item: Inbound | Unreadable) -> Inbound | Unreadable:
    return replace(item, item="") if isinstance(item, Unreadable) else item


def test_quarantine_shows_the_body() -> None:
    body = payload("unknown_message")
    (item,) = read(kept(body))
    assert isinstance(item, Unreadable)
    assert item.item == body[:SHOWN].decode("utf-8", "replace")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_body_goes_to_quarantine(name: str) -> None:
    body, why = HOSTILE[name]
    (item,) = read(kept(body))
    assert isinstance(item, Unreadable)
    assert item.why.startswith(why)
    assert "\0" not in item.item
    assert len(item.item) <= SHOWN


def test_every_payload_file_has_its_row() -> None:
    folder = Path(tests.bots.telegram.__file__).parent
    assert {path.stem for path in folder.glob("*.json")} == INCOMING.keys()


SAME = {"repeated": "text", "group_migrated_from": "group_migrated"}


def test_no_two_events_have_one_id() -> None:
    ids = [
        item.event_id
        for name, items in INCOMING.items()
        for item in items
        if name not in SAME and not isinstance(item, Unreadable)
    ]
    assert len(ids) == len(set(ids))


def test_an_event_told_twice_has_one_id() -> None:
    for name, other in SAME.items():
        (first,), (again,) = (read(kept(payload(one))) for one in (other, name))
        assert not isinstance(first, Unreadable)
        assert not isinstance(again, Unreadable)
        assert first.event_id == again.event_id


@pytest.mark.parametrize("kind", sorted(Update.model_fields.keys() - {"update_id"}))
def test_every_kind_of_update_is_known(kind: str) -> None:
    """Those of Bot API 10.3, as aiogram has them: read or of no use to us."""
    items = read(kept(json.dumps({"update_id": 7, kind: {}}).encode()))
    assert not any(isinstance(it, Unreadable) and "a kind we do not" in it.why for it in items)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(INCOMING)))
def test_one_field_of_any_shape_never_raises(data: st.DataObject, name: str) -> None:
    update = json.loads(payload(name))
    place = update
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        if not (place[key] and isinstance(place[key], dict)) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(_JSON)
    assert len(read(kept(json.dumps(update).encode()))) <= 1


def accepting() -> Channel:
    return build(Settings(token=SecretStr(TOKEN), webhook_secret=SecretStr(AGREED)))


def test_webhook_with_the_secret_is_kept_as_it_came() -> None:
    reply = accepting().accept(hook(AGREED))
    assert (reply.status, reply.keep) == (200, payload("text"))


@pytest.mark.parametrize("name", FORGED)
def test_forged_webhook(name: str) -> None:
    given, status = FORGED[name]
    with pytest.raises(Forged) as refusal:
        accepting().accept(given)
    assert refusal.value.status == status
    assert AGREED not in str(refusal.value)


def test_the_channel_has_its_abilities_and_limits() -> None:
    channel: Channel = build(Settings(token=SecretStr(TOKEN), rate=5, mode="polling"), "second")
    assert isinstance(channel, Polling)
    assert isinstance(channel, Setup)
    assert isinstance(channel, Probe)
    assert isinstance(channel, Linking)
    assert isinstance(channel, Files)
    assert channel.polls
    assert (channel.name, channel.account) == ("telegram", "second")
    assert channel.limits == replace(LIMITS, rate=5)


def test_paid_broadcasts_raise_the_rate_unless_it_is_told() -> None:
    paid = Settings(token=SecretStr(TOKEN), paid_broadcast=True)
    assert build(paid).limits.rate == 1000
    assert build(paid.model_copy(update={"rate": 200.0})).limits.rate == 200
    assert build(Settings(token=SecretStr(TOKEN))).limits == LIMITS


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_MODE", "polling")
    monkeypatch.setenv("TELEGRAM_RATE", "")
    monkeypatch.setenv("TELEGRAM_PAID_BROADCAST", "true")
    given = Settings()
    assert given.paid_broadcast
    assert (given.enabled, given.mode, given.rate) == (True, "polling", None)
    assert not Settings(token=SecretStr("")).enabled
    assert TOKEN not in repr(given)


@pytest.mark.parametrize(
    "wrong", [{"token": "no token"}, {"token": "42:with space"}, {"webhook_secret": "тайна"}]
)
def test_settings_refuse_what_telegram_would_and_do_not_show_it(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refusal:
        Settings(**wrong)  # type: ignore[arg-type]  # as the environment gives it
    assert not any(secret in str(refusal.value) for secret in wrong.values())
