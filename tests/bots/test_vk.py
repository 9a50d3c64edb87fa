"""VK comes in: what is accepted as VK's, and what it tells."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bots.vk import LIMITS, Settings, build
from bots.vk.read import ITEM_LENGTH, read
from tests.bots.vk.incoming import RECEIVED
from tests.bots.vk.rows import INCOMING
from tests.bots.vk.speaking import GROUP, SECRET
from vestnik.abilities import Linking, Packing, Polling, Probe, ReadMarks, Setup
from vestnik.channel import Channel, Kept, Unreadable
from vestnik.inbound import Inbound

PAYLOADS = Path(__file__).parent / "vk"

HOSTILE = {
    "empty": (b"", "not JSON"),
    "html": (b"<html>", "not JSON"),
    "latin": ('{"type": "é"}'.encode("latin-1"), "not JSON"),
    "raw NUL": (b'{"type": "\0"}', "not JSON"),
    "a list": (b"[]", "not a JSON object"),
    "type of another kind": (b'{"type": ["message_new"]}', "type is not a text"),
    "id endless": (b'{"event_id": ' + b"9" * 5000 + b"}", "not JSON"),
    "depth bomb": (b"[" * 100_000, "nested too deeply"),
    "depth bomb in a payload": (
        json.dumps(
            {
                "type": "message_event",
                "event_id": "e",
                "object": {"user_id": 1, "peer_id": 1, "payload": "[" * 100_000},
            }
        ).encode(),
        "nested too deeply",
    ),
    "5 MB": (b'{"type": "message_new", "object": "' + b"y" * 5_000_000 + b'"}', "object is not"),
}


def kept(body: bytes) -> Kept:
    return Kept("main", body, RECEIVED)


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


@pytest.mark.parametrize("name", INCOMING)
def test_event(name: str) -> None:
    told = read(kept(payload(name)), GROUP)
    expected = INCOMING[name]
    if not isinstance(expected, Unreadable):
        assert told == expected
        return
    (item,) = told
    assert isinstance(item, Unreadable)
    assert item.why == expected.why
    assert name in item.item
    assert SECRET not in item.item


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_body_goes_to_quarantine(name: str) -> None:
    body, why = HOSTILE[name]
    (item,) = read(kept(body), GROUP)
    assert isinstance(item, Unreadable)
    assert item.why.startswith(why)
    assert "\0" not in item.item
    assert len(item.item) <= 2 * ITEM_LENGTH


def test_every_payload_file_has_its_row() -> None:
    files = {path.stem for path in PAYLOADS.glob("*.json")}
    assert files == INCOMING.keys()


def test_repeated_callback_is_the_same_event_even_without_an_id_of_vks() -> None:
    anonymous = {**json.loads(payload("text")), "event_id": None}
    other = {**json.loads(payload("start")), "event_id": None}
    bodies = [json.dumps(body).encode() for body in (anonymous, anonymous, other)]
    ids = [event.event_id for body in bodies for event in happened(body)]
    assert ids[0] == ids[1] != ids[2]


def happened(body: bytes) -> list[Inbound]:
    return [item for item in read(kept(body), GROUP) if not isinstance(item, Unreadable)]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(INCOMING)))
def test_one_field_of_any_shape_never_raises(data: st.DataObject, name: str) -> None:
    callback = json.loads(payload(name))
    place = callback
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(_JSON)
    assert len(read(kept(json.dumps(callback).encode()), GROUP)) <= 3


def test_the_channel_has_its_abilities_and_limits() -> None:
    given = Settings(token=SecretStr("t"), group_id=GROUP, rate=5, mode="longpoll")
    channel: Channel = build(given, "second")
    for ability in (Polling, Setup, Probe, Packing, ReadMarks, Linking):
        assert isinstance(channel, ability)
    assert isinstance(channel, Polling)
    assert channel.polls
    assert (channel.name, channel.account) == ("vk", "second")
    assert channel.limits == replace(LIMITS, rate=5)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "TOKEN": "vk1.a.t",
        "GROUP_ID": "7",
        "MODE": "longpoll",
        "RATE": "",
    }.items():
        monkeypatch.setenv(f"VK_{name}", value)
    given = Settings()
    assert (given.enabled, given.group_id, given.mode, given.rate) == (True, 7, "longpoll", None)
    assert "vk1.a.t" not in repr(given)
    assert not Settings(token=SecretStr(""), group_id=0).enabled


@pytest.mark.parametrize("wrong", [{"token": "vk1.a.t", "group_id": "0"}, {"secret": "s" * 51}])
def test_settings_refuse_what_cannot_work_and_show_no_secret(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refusal:
        Settings(**wrong)  # type: ignore[arg-type]  # as the environment gives it
    assert "vk1.a.t" not in str(refusal.value)
    assert "s" * 51 not in str(refusal.value)
