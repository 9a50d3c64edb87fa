"""Consent: the present is the fold of the ledger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestnik.address import ChannelName
from vestnik.consent import (
    MESSENGERS,
    NEVER_ASKED,
    Action,
    ConsentEntry,
    Purpose,
    Standing,
    fingerprint,
    fold,
    undoable,
)

SMS = ChannelName("sms")
EVERYWHERE = (MESSENGERS, SMS)
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def entry(action: Action, *channels: ChannelName, purpose: Purpose = "advertising") -> ConsentEntry:
    return ConsentEntry(
        person_id=1, purpose=purpose, action=action, at=NOW, actor="customer", channels=channels
    )


GRANT, WITHDRAW = entry("grant", *EVERYWHERE), entry("withdraw")


@pytest.mark.parametrize(
    ("ledger", "present"),
    [
        pytest.param([], None, id="never asked"),
        pytest.param([GRANT], Standing(True, frozenset(EVERYWHERE)), id="granted"),
        pytest.param([WITHDRAW], Standing(False), id="refused"),
        pytest.param([GRANT, WITHDRAW], Standing(False), id="withdrawn"),
        pytest.param(
            [GRANT, WITHDRAW, entry("grant", SMS)], Standing(True, frozenset((SMS,))), id="again"
        ),
        pytest.param(
            [GRANT, entry("grant", MESSENGERS)],
            Standing(True, frozenset((MESSENGERS,))),
            id="the last one counts alone",
        ),
        pytest.param(
            [GRANT, entry("withdraw", purpose="service")],
            Standing(True, frozenset(EVERYWHERE)),
            id="another purpose is another matter",
        ),
    ],
)
def test_the_present(ledger: list[ConsentEntry], present: Standing | None) -> None:
    assert fold(ledger).get("advertising") == present


@given(st.lists(st.sampled_from([GRANT, WITHDRAW]), min_size=1))
def test_a_withdrawal_covers_nothing(ledger: list[ConsentEntry]) -> None:
    standing = fold(ledger)["advertising"]
    assert standing.covers(SMS) == (ledger[-1] is GRANT)


@pytest.mark.parametrize(
    ("standing", "channel", "covered"),
    [
        (Standing(True, frozenset((MESSENGERS,))), "telegram", True),
        (Standing(True, frozenset((MESSENGERS,))), "vk", True),
        (Standing(True, frozenset((MESSENGERS,))), "sms", False),
        (Standing(True, frozenset((SMS,))), "sms", True),
        (Standing(True, frozenset((SMS,))), "telegram", False),
        (Standing(True, frozenset((ChannelName("vk"),))), "vk", True),
        (Standing(True, frozenset((ChannelName("vk"),))), "telegram", False),
        (Standing(True), "telegram", False),
        (Standing(False, frozenset(EVERYWHERE)), "telegram", False),
        (NEVER_ASKED, "telegram", False),
    ],
)
def test_what_is_covered(standing: Standing, channel: str, covered: bool) -> None:
    assert standing.covers(ChannelName(channel)) is covered


def test_words_have_a_fingerprint() -> None:
    # sha256sum of the UTF-8 bytes of "Да"
    assert fingerprint("Да") == "93e6073f9005224b87428f26194784deb52ed7c12da309105f100db2b2a06299"
    assert fingerprint("Да") != fingerprint("Да ")
    assert len(fingerprint("half a \ud800 character")) == 64


def at(action: Action, minutes: int, purpose: Purpose = "advertising") -> ConsentEntry:
    return replace(entry(action, purpose=purpose), at=NOW + timedelta(minutes=minutes))


GIVEN, STOPPED = at("grant", -60), at("withdraw", -5)


@pytest.mark.parametrize(
    ("ledger", "given"),
    [
        ([GIVEN, STOPPED], GIVEN),
        ([GIVEN, STOPPED, at("grant", -1, "personal_data")], GIVEN),
        ([GIVEN], None),
        ([STOPPED], None),
        ([], None),
        ([GIVEN, STOPPED, at("grant", -1)], None),
        ([GIVEN, STOPPED, STOPPED], None),
        ([at("grant", -9000), at("withdraw", -24 * 60)], None),
    ],
)
def test_a_stop_of_the_last_day_can_be_undone(
    ledger: list[ConsentEntry], given: ConsentEntry | None
) -> None:
    assert undoable(ledger, "advertising", NOW) == given
