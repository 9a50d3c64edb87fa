"""Telegram comes in: what is accepted as Telegram's, and what it tells."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bots.telegram import LIMITS, NAME, Settings, build
from bots.telegram.read import SHOWN, read
from vestnik.abilities import Polling, Probe, Setup
from vestnik.address import Address
from vestnik.channel import Channel, Forged, Hook, Kept, Unreadable
from vestnik.inbound import (
    Allowed,
    Author,
    ButtonPressed,
    Closed,
    ContactShared,
    Inbound,
    MediaReceived,
    Started,
    TextReceived,
)

PAYLOADS = Path(__file__).parent / "telegram"
TOKEN = "42:AAtestTOKENtest"
RECEIVED = datetime(2025, 11, 24, 16, 0, 5, tzinfo=UTC)
AT = datetime(2025, 11, 24, 16, 0, 0, tzinfo=UTC)

ANNA = Author("5001", "Анна Петрова", "ru")
OLEG = Author("7007", "Oleg", "pt-br")
GROUP = "-1001234567890"


def address(handle: str) -> Address:
    return Address(NAME, "main", handle)


def anna(update: int, **more: Any) -> dict[str, Any]:
    said = {"event_id": f"u{update}", "address": address("5001"), "author": ANNA}
    return {**said, "at": AT, "reference": "11", **more}


def group(update: int, message: str, **more: Any) -> dict[str, Any]:
    said = {"event_id": f"u{update}", "address": address(GROUP), "author": OLEG}
    return {**said, "at": AT, "reference": message, "in_group": True, **more}


EVENTS: dict[str, Inbound] = {
    "start": Started(**anna(1002)),
    "start_deep_link": Started(**anna(1001), payload="spring-26"),
    "text": TextReceived(**anna(1003), text="Здравствуйте! 👋"),
    "reply": TextReceived(**anna(1004, reference="12"), reply_to="10", text="да"),
    "contact_own": ContactShared(
        **anna(1005, author=replace(ANNA, phone="+79161234567"), reply_to="10"),
        phone="+79161234567",
        own=True,
    ),
    "contact_of_another": ContactShared(**anna(1006), phone="+74950001122", own=False),
    "contact_of_a_stranger": ContactShared(**anna(1007), phone="+74950001122", own=False),
    "photo": MediaReceived(**anna(1008), kind="image", media_id="large", caption="мой чек"),
    "animation": MediaReceived(**anna(1009), kind="video", media_id="gif"),
    "voice": MediaReceived(**anna(1010), kind="voice", media_id="said"),
    "location": MediaReceived(**anna(1011), kind="location"),
    "press": ButtonPressed(
        **anna(1012, reference="10", at=RECEIVED),
        payload="drink:2",
        press="4382bfdwdsb323b2d9",
        label="Латте",
    ),
    "press_on_an_old_message": ButtonPressed(
        **anna(1013, reference="3", at=RECEIVED), payload="drink:1", press="77"
    ),
    "press_in_a_group": ButtonPressed(
        **group(1014, "90", at=RECEIVED), payload="go:9", press="78", label="Отправить"
    ),
    "blocked": Closed(**anna(1015, reference=None)),
    "unblocked": Allowed(**anna(1016, reference=None)),
    "group_command": TextReceived(**group(1017, "91"), text="/report 12"),
    "group_reply": TextReceived(**group(1018, "92"), reply_to="88", text="Уже везём"),
    "group_topic": TextReceived(**group(1019, "93"), text="Здравствуйте"),
    "group_anonymous_administrator": TextReceived(
        **group(1020, "94", author=Author("1087968824", "Group")), text="Беру"
    ),
}

NOT_OURS = ["group_robot", "group_title", "group_added", "edited", "pinned", "game_press"]

UNREADABLE = {
    "group_migrated": "the group became a supergroup: put -1001234567890 where the settings name",
    "group_left": "the bot was put out of the chat -1001234567890",
    "unknown_update": "an update of a kind we do not know",
    "unknown_message": "a message of a kind we do not know",
    "no_sender": "from is not an object",
    "nul": "text has NUL or half a character in it",
    "half_a_character": "text has NUL or half a character in it",
    "wrong_types": "message_id is not a whole number",
    "date_beyond_time": "date is not a time",
    "contact_without_digits": "phone_number is not a phone number",
}

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


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


@pytest.mark.parametrize("name", EVENTS)
def test_event(name: str) -> None:
    assert read(kept(payload(name))) == [EVENTS[name]]


@pytest.mark.parametrize("name", NOT_OURS)
def test_what_is_none_of_ours_gives_nothing(name: str) -> None:
    assert read(kept(payload(name))) == []


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_may_matter_goes_to_quarantine(name: str) -> None:
    body = payload(name)
    (item,) = read(kept(body))
    assert isinstance(item, Unreadable)
    assert item.why.startswith(UNREADABLE[name])
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
    files = {path.stem for path in PAYLOADS.glob("*.json")}
    assert files == EVENTS.keys() | UNREADABLE.keys() | set(NOT_OURS)


def test_repeated_update_is_the_same_event() -> None:
    first, again = read(kept(payload("press"))), read(kept(payload("press")))
    other = read(kept(payload("press_on_an_old_message")))
    ids = [item.event_id for item in (*first, *again, *other) if not isinstance(item, Unreadable)]
    assert ids == ["u1012", "u1012", "u1013"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(EVENTS)))
def test_one_field_of_any_shape_never_raises(data: st.DataObject, name: str) -> None:
    update = json.loads(payload(name))
    place = update
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(_JSON)
    assert len(read(kept(json.dumps(update).encode()))) <= 1


def hook(secret: str | None, *, account: str = "main") -> Hook:
    headers = {} if secret is None else {"x-telegram-bot-api-secret-token": secret}
    url = "https://bot.example/webhooks/telegram/main"
    return Hook("POST", url, "", headers, payload("text"), account)


def test_webhook_with_the_secret_is_kept_as_it_came() -> None:
    channel = build(Settings(token=SecretStr(TOKEN), webhook_secret=SecretStr("agreed-on")))
    reply = channel.accept(hook("agreed-on"))
    assert (reply.status, reply.keep) == (200, payload("text"))


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (hook(None), 401),
        (hook(""), 403),
        (hook("agreed-oN"), 403),
        (hook("секрет"), 403),
        (hook("\udcff"), 403),
        (hook("agreed-on", account="other"), 403),
    ],
)
def test_forged_webhook(given: Hook, status: int) -> None:
    channel = build(Settings(token=SecretStr(TOKEN), webhook_secret=SecretStr("agreed-on")))
    with pytest.raises(Forged) as refusal:
        channel.accept(given)
    assert refusal.value.status == status


def test_the_channel_has_its_abilities_and_limits() -> None:
    channel: Channel = build(Settings(token=SecretStr(TOKEN), rate=5, mode="polling"), "second")
    assert isinstance(channel, Polling)
    assert isinstance(channel, Setup)
    assert isinstance(channel, Probe)
    assert channel.polls
    assert (channel.name, channel.account) == ("telegram", "second")
    assert channel.limits == replace(LIMITS, rate=5)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_MODE", "polling")
    monkeypatch.setenv("TELEGRAM_RATE", "")
    given = Settings()
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
