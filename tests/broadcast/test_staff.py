"""Roles, and the orders that are read from what staff type and press."""

import re
from datetime import UTC, datetime
from typing import get_args

import pytest

from broadcast.commands import Order, Press, Verb, is_slash, number, payload, read
from broadcast.staff import COMMANDS, Command, Role, may
from broadcast.wizard import MOST_VALUES, Choice
from dialogs.soundness import RESERVED
from vestnik.address import Address, ChannelName
from vestnik.inbound import Author, ButtonPressed, MediaReceived, Started, TextReceived

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
_ADDRESS = Address(ChannelName("telegram"), "main", "1")
_AT = datetime(2026, 3, 1, tzinfo=UTC)

ALLOWED: dict[Role, set[Command]] = {
    "owner": set(COMMANDS),
    "marketer": {
        "broadcast",
        "broadcasts",
        "report",
        "segments",
        "pause",
        "resume",
        "cancel",
        "help",
    },
    "operator": {"broadcasts", "report", "find", "help"},
}


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_role_may(role: Role, command: Command) -> None:
    assert may(role, command) == (command in ALLOWED[role])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/broadcast", Order("broadcast")),
        ("/broadcast Привет,\n**мир**", Order("broadcast", "Привет,\n**мир**")),
        ("/report@utro_bot 12", Order("report", "12")),
        ("  /PAUSE  ", Order("pause")),
        ("/broadcasts", Order("broadcasts")),
        ("/start", None),
        ("/settings", None),
        ("broadcast", None),
        ("please /broadcast", None),
        ("/broadcastings", None),
        ("/", None),
        ("", None),
    ],
)
def test_typed_orders(text: str, expected: Order | None) -> None:
    assert read(said(text)) == expected


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        ("B:send:abc", Press("send", "abc")),
        ("B:draft:1f:tick.city.3", Press("draft", "1f:tick.city.3")),
        ("B:pause:12", Press("pause", "12")),
        ("B:launch:12", None),
        ("b:send:abc", None),
        ("city:msk", None),
        ("", None),
    ],
)
def test_pressed_orders(pressed: str, expected: Press | None) -> None:
    assert read(press(pressed)) == expected


def test_a_button_needs_what_its_command_needs() -> None:
    needs = {verb: Press(verb, "").command for verb in get_args(Verb)}
    assert needs == {
        "draft": "broadcast",
        "send": "broadcast",
        "pause": "pause",
        "resume": "resume",
        "cancel": "cancel",
        "end": "cancel",
        "report": "report",
    }


def test_payloads_fit_and_clash_with_nobodys() -> None:
    longest = payload("draft", f"{2**40:x}:{Choice.TICK}.{'q' * 30}.{MOST_VALUES + 9}")
    assert len(longest.encode()) <= 64
    assert len(payload("send", "n" * 16).encode()) <= 64
    prefix = longest.partition(":")[0]
    assert not _ID.fullmatch(prefix)
    assert prefix != RESERVED


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12", 12),
        ("#12", 12),
        ("№ 12", 12),
        (" 7 ", 7),
        ("", None),
        ("12a", None),
        ("9" * 30, None),
    ],
)
def test_numbers_of_campaigns(typed: str, expected: int | None) -> None:
    assert number(typed) == expected


def test_other_commands_are_left_to_the_dialog() -> None:
    assert is_slash(said("/settings"))
    assert is_slash(Started(event_id="1", address=_ADDRESS, author=Author("1"), at=_AT))
    assert not is_slash(said("Завтра скидки"))
    photo = MediaReceived(
        event_id="1", address=_ADDRESS, author=Author("1"), at=_AT, kind="image", caption="/find"
    )
    assert not is_slash(photo)
    assert read(photo) is None


def said(text: str) -> TextReceived:
    return TextReceived(event_id="1", address=_ADDRESS, author=Author("1"), at=_AT, text=text)


def press(pressed: str) -> ButtonPressed:
    return ButtonPressed(
        event_id="1", address=_ADDRESS, author=Author("1"), at=_AT, payload=pressed
    )
