"""VK comes in: what is accepted as VK's, and what it tells."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bots.vk import LIMITS, NAME, Settings, build
from bots.vk.read import ITEM_LENGTH, read
from vestnik.abilities import Polling, Probe, Setup
from vestnik.address import Address
from vestnik.channel import Channel, Kept, Unreadable
from vestnik.inbound import (
    Allowed,
    Author,
    ButtonPressed,
    Closed,
    DeliveryReported,
    Inbound,
    MediaReceived,
    Started,
    TextReceived,
)

PAYLOADS = Path(__file__).parent / "vk"
GROUP = 200001
SECRET = "agreed_on"
CHAT = "2000000005"
RECEIVED = datetime(2025, 11, 24, 16, 0, 5, tzinfo=UTC)
AT = datetime(2025, 11, 24, 16, 0, 0, tzinfo=UTC)


def address(handle: str) -> Address:
    return Address(NAME, "main", handle)


def anna(event_id: str, **more: Any) -> dict[str, Any]:
    said = {"event_id": event_id, "address": address("5001"), "author": Author("5001", "", "ru")}
    return {**said, "at": AT, "reference": "11", **more}


def did(event_id: str, **more: Any) -> dict[str, Any]:
    """What anna did without writing: VK tells neither the time nor the language."""
    quiet = {"author": Author("5001"), "at": RECEIVED, "reference": None}
    return anna(event_id, **{**quiet, **more})


def chat(event_id: str, reference: str, **more: Any) -> dict[str, Any]:
    there = {"address": address(CHAT), "in_group": True, "reference": reference}
    return anna(event_id, **{**there, **more})


def press(event_id: str, user_id: int, peer_id: int) -> str:
    return f'{{"event_id":"{event_id}","user_id":{user_id},"peer_id":{peer_id}}}'


EVENTS: dict[str, list[Inbound]] = {
    "text": [TextReceived(**anna("text"), text="Здравствуйте! 👋")],
    "start": [Started(**anna("start"))],
    "start_deep_link": [Started(**anna("start_deep_link"), payload="spring-26")],
    "deep_link_into_a_known_dialog": [
        Started(**anna("deep_link_into_a_known_dialog"), payload="spring-26")
    ],
    "text_button": [ButtonPressed(**anna("text_button"), payload="drink:2", label="Латте")],
    "button_of_another_bot": [TextReceived(**anna("button_of_another_bot"), text="Латте")],
    "reply": [TextReceived(**anna("reply"), text="да", reply_to="10")],
    "album": [
        MediaReceived(
            **anna("album"), kind="image", media_id="photo5001_457239017_ab12", caption="мой чек"
        ),
        MediaReceived(**anna("album:1"), kind="document", media_id="doc5001_5"),
    ],
    "sticker": [MediaReceived(**anna("sticker"), kind="sticker", media_id="163")],
    "voice": [MediaReceived(**anna("voice"), kind="voice", media_id="audio_message5001_9")],
    "location": [MediaReceived(**anna("location"), kind="location")],
    "link_with_preview": [TextReceived(**anna("link_with_preview"), text="https://coffee.example")],
    "forwarded_only": [MediaReceived(**anna("forwarded_only"), kind="other")],
    "chat_command": [TextReceived(**chat("chat_command", "cmid:91"), text="/report 12")],
    "chat_reply": [
        TextReceived(**chat("chat_reply", "cmid:92", reply_to="cmid:88"), text="Уже везём")
    ],
    "press": [
        ButtonPressed(
            **did("press", reference="cmid:8"), payload="drink:2", press=press("4f2b1c", 5001, 5001)
        )
    ],
    "press_in_a_chat": [
        ButtonPressed(
            **chat("press_in_a_chat", "cmid:93", author=Author("7007"), at=RECEIVED),
            payload="go:9",
            press=press("77", 7007, 2000000005),
        )
    ],
    "press_of_another_bot": [
        ButtonPressed(
            **did("press_of_another_bot", reference="cmid:8"),
            payload='{"cmd": "x"}',
            press=press("78", 5001, 5001),
        )
    ],
    "allowed": [Allowed(**did("allowed"))],
    "denied": [Closed(**did("denied"))],
    "read": [DeliveryReported(**did("read", reference="12"), state="read", and_earlier=True)],
}

NOT_OURS = [
    "chat_invitation",
    "written_by_a_community",
    "read_by_us",
    "echo",
    "typing",
    "joined",
]

UNREADABLE = {
    "unknown_message_event": "unknown event message_pinned_somewhere",
    "no_sender": "from_id is not a number",
    "no_object": "object is not an object",
    "nul": "text is not a text",
    "half_a_character": "text is not a text",
    "date_beyond_time": "date is not a time",
    "wrong_types": "id is not a number",
    "attachments_wrong": "attachments is not a list of objects",
}

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


@pytest.mark.parametrize("name", EVENTS)
def test_event(name: str) -> None:
    assert read(kept(payload(name)), GROUP) == EVENTS[name]


@pytest.mark.parametrize("name", NOT_OURS)
def test_what_is_none_of_ours_gives_nothing(name: str) -> None:
    assert read(kept(payload(name)), GROUP) == []


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_may_matter_goes_to_quarantine_without_the_secret(name: str) -> None:
    (item,) = read(kept(payload(name)), GROUP)
    assert isinstance(item, Unreadable)
    assert item.why == UNREADABLE[name]
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
    assert files == EVENTS.keys() | UNREADABLE.keys() | set(NOT_OURS)


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
@given(data=st.data(), name=st.sampled_from(sorted(EVENTS)))
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
    assert isinstance(channel, Polling)
    assert isinstance(channel, Setup)
    assert isinstance(channel, Probe)
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
