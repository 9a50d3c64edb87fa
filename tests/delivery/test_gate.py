"""The gate: the table of guarantees.md, one row a kind of message."""

from dataclasses import replace
from itertools import product

import pytest

from delivery.gate import HELD_RETRY, Defer, Pass, Place, Refuse, Stop, Verdict, judge, missing
from tests.delivery.making import HOUR, LIMITS, NEWS, NOW, SECOND, TELEGRAM, WHATSAPP, delivery
from vestnik.address import SMS, ChannelName
from vestnik.consent import MESSENGERS, Standing
from vestnik.delivery import Delivery
from vestnik.preferences import Preferences, QuietHours
from vestnik.states import KINDS, Kind
from vestnik.window import MARGIN

AGREED = Place(
    advertising=Standing(True, frozenset((MESSENGERS, SMS))),
    advertising_entry=42,
    window_until=NOW + HOUR,
)
GROUND = {"event": 9}


def message(kind: Kind, channel: ChannelName = TELEGRAM, **given: object) -> Delivery:
    ground = None if kind == "broadcast" else GROUND
    return delivery(channel, kind=kind, **{"ground": ground, **given})


def judged(message: Delivery, place: Place) -> Verdict:
    assert message.address is not None
    return judge(message, place, LIMITS[message.address.channel], NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_it_may_go_on_its_ground(kind: Kind) -> None:
    ground = {"consent": 42} if kind == "broadcast" else GROUND
    assert judged(message(kind, version=0), AGREED) == Pass("free", ground)


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("reply", Pass("free", GROUND)),
        ("operator", Pass("free", GROUND)),
        ("staff", Pass("free", GROUND)),
        ("transactional", Pass("free", GROUND)),
        ("broadcast", Stop("opted_out")),
    ],
)
def test_advertising_was_withdrawn(kind: Kind, verdict: Verdict) -> None:
    withdrawn = replace(AGREED, advertising=Standing(False), advertising_entry=43)
    assert judged(message(kind), withdrawn) == verdict


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("reply", Pass("free", GROUND)),
        ("operator", Pass("free", GROUND)),
        ("staff", Pass("free", GROUND)),
        ("transactional", Stop("opted_out")),
        ("broadcast", Pass("free", {"consent": 42})),
    ],
)
def test_everything_was_stopped(kind: Kind, verdict: Verdict) -> None:
    assert judged(message(kind), replace(AGREED, stopped_everything=True)) == verdict


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("reply", Stop("taken_over")),
        ("operator", Pass("free", GROUND)),
        ("staff", Pass("free", GROUND)),
        ("transactional", Pass("free", GROUND)),
        ("broadcast", Defer(NOW + HELD_RETRY, "held")),
    ],
)
def test_an_operator_took_over(kind: Kind, verdict: Verdict) -> None:
    taken = replace(AGREED, held=True, version=4)
    assert judged(message(kind, version=3), taken) == verdict


@pytest.mark.parametrize(
    ("written", "present", "verdict"),
    [
        (3, 3, Pass("free", GROUND)),
        (3, 4, Stop("taken_over")),
        (3, 5, Stop("taken_over")),
        (None, 5, Pass("free", GROUND)),
    ],
)
def test_a_reply_is_of_its_version(written: int | None, present: int, verdict: Verdict) -> None:
    assert judged(message("reply", version=written), replace(AGREED, version=present)) == verdict


@pytest.mark.parametrize(
    ("advertising", "entry", "channel", "verdict"),
    [
        (Standing(False), None, TELEGRAM, Stop("no_consent")),
        (Standing(False), 5, TELEGRAM, Stop("opted_out")),
        (Standing(True, frozenset((MESSENGERS,))), 5, TELEGRAM, Pass("free", {"consent": 5})),
        (Standing(True, frozenset((MESSENGERS,))), 5, SMS, Refuse("no_consent")),
        (Standing(True, frozenset((SMS,))), 5, TELEGRAM, Refuse("no_consent")),
        (Standing(True, frozenset((SMS,))), 5, SMS, Pass("free", {"consent": 5})),
    ],
)
def test_a_broadcast_needs_a_consent_that_covers_the_channel(
    advertising: Standing, entry: int | None, channel: ChannelName, verdict: Verdict
) -> None:
    place = replace(AGREED, advertising=advertising, advertising_entry=entry)
    assert judged(message("broadcast", channel), place) == verdict


# At noon in UTC it is three in the afternoon in Moscow.
NIGHT = Preferences(zone="Europe/Moscow", quiet=QuietHours(14 * 60, 16 * 60))
QUIET = Defer(NOW + HOUR, "quiet_hours")


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("reply", Pass("free", GROUND)),
        ("operator", Pass("free", GROUND)),
        ("staff", Pass("free", GROUND)),
        ("transactional", QUIET),
        ("broadcast", QUIET),
    ],
)
def test_it_is_the_persons_quiet_hours(kind: Kind, verdict: Verdict) -> None:
    quiet = replace(AGREED, preferences=NIGHT)
    assert judged(message(kind), quiet) == verdict
    capped = replace(quiet, had_enough=True)
    assert judged(message(kind), capped) == verdict, "what waits is counted when it goes"


def test_what_is_urgent_goes_at_any_hour() -> None:
    code = message("transactional", urgent=True)
    assert judged(code, replace(AGREED, preferences=NIGHT)) == Pass("free", GROUND)


def test_what_will_be_too_late_after_the_quiet_hours_waits_no_longer() -> None:
    soon = message("broadcast", expires_at=NOW + SECOND)
    verdict = judged(soon, replace(AGREED, preferences=NIGHT))
    assert verdict == Defer(NOW + SECOND, "quiet_hours")


@pytest.mark.parametrize(
    ("preferences", "reason"),
    [
        (Preferences(topics_off=frozenset(("menu",))), "topic_off"),
        (Preferences(paused_until=NOW + SECOND), "paused"),
    ],
)
def test_what_somebody_does_not_want_now_is_left_out(preferences: Preferences, reason: str) -> None:
    place = replace(AGREED, preferences=preferences)
    assert judged(message("broadcast", topic="menu"), place) == Stop(reason)
    for kind in KINDS:
        if kind != "broadcast":
            assert judged(message(kind), place) == Pass("free", GROUND)


@pytest.mark.parametrize(
    "preferences",
    [
        Preferences(topics_off=frozenset(("offers",))),
        Preferences(paused_until=NOW),
        Preferences(zone="Asia/Tokyo", quiet=QuietHours(14 * 60, 16 * 60)),
    ],
)
def test_what_somebody_wants_goes(preferences: Preferences) -> None:
    place = replace(AGREED, preferences=preferences)
    assert judged(message("broadcast", topic="menu"), place) == Pass("free", {"consent": 42})


def test_enough_is_enough_of_broadcasts_alone() -> None:
    enough = replace(AGREED, had_enough=True)
    verdicts = {kind: judged(message(kind), enough) for kind in KINDS}
    stopped = [kind for kind, verdict in verdicts.items() if not isinstance(verdict, Pass)]
    assert stopped == ["broadcast"]
    assert verdicts["broadcast"] == Stop("frequency_cap")


REACHABLE_KINDS = [kind for kind in KINDS if kind != "staff"]


@pytest.mark.parametrize(("kind", "why"), list(product(REACHABLE_KINDS, ("blocked", None))))
def test_a_closed_address_is_refused(kind: Kind, why: str | None) -> None:
    closed = replace(AGREED, reachable=False, closed_reason=why)
    assert judged(message(kind), closed) == Refuse(why or "closed")


@pytest.mark.parametrize("kind", REACHABLE_KINDS)
def test_a_closed_window_takes_no_free_form(kind: Kind) -> None:
    ground = {"consent": 42} if kind == "broadcast" else GROUND
    free = message(kind, WHATSAPP)
    with_template = replace(free, templates={"whatsapp": NEWS})
    other_template = replace(free, templates={"vk": NEWS})
    for until in (None, NOW - HOUR, NOW, NOW + MARGIN):
        closed = replace(AGREED, window_until=until)
        assert judged(free, closed) == Refuse("window_closed")
        assert judged(other_template, closed) == Refuse("window_closed")
        assert judged(with_template, closed) == Pass("template", ground)
        assert judged(replace(free, content=NEWS), closed) == Pass("template", ground)
    opened = replace(AGREED, window_until=NOW + MARGIN + SECOND)
    assert judged(with_template, opened) == Pass("free", ground)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_goes_when_nobody_wants_it_any_more(kind: Kind) -> None:
    stopped = replace(AGREED, reachable=False, held=True, stopped_everything=True)
    for expires_at in (NOW, NOW - SECOND):
        verdict = judged(message(kind, expires_at=expires_at), stopped)
        assert verdict == Stop("expired", expired=True)
    assert judged(message(kind, expires_at=NOW + SECOND), AGREED) != Stop("expired", expired=True)


@pytest.mark.parametrize(("channel", "why"), [("sms", "no_phone"), ("telegram", "no_address")])
def test_a_step_without_an_address(channel: str, why: str) -> None:
    assert missing(channel) == why
