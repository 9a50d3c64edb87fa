"""Quiet hours on any night of any zone, and caps: whoever is left in peace is so by their clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestnik.preferences import Cap, Preferences, QuietHours, quiet_until

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(22 * 60, 8 * 60)
ZONES = (
    "Europe/Moscow",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "UTC",
)
MINUTES = st.integers(0, 24 * 60 - 1)
HOURS = st.builds(QuietHours, MINUTES, MINUTES)
# Pacific/Apia skipped a whole day at the end of 2011; clocks change twice a year elsewhere.
MOMENTS = st.integers(0, 16 * 365 * 24 * 60).map(
    lambda minutes: datetime(2011, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


def within(hours: QuietHours, minute: int) -> bool:
    if hours.begin <= hours.end:
        return hours.begin <= minute < hours.end
    return minute >= hours.begin or minute < hours.end


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-28 21:59", None),
        ("2026-11-28 22:00", "2026-11-29 08:00"),
        ("2026-11-29 00:30", "2026-11-29 08:00"),
        ("2026-11-29 07:59", "2026-11-29 08:00"),
        ("2026-11-29 08:00", None),
        # Clocks are put forward at 2 and back at 3 in these nights.
        ("2026-03-28 23:00", "2026-03-29 08:00"),
        ("2026-10-24 23:00", "2026-10-25 08:00"),
    ],
)
def test_a_night(now: str, until: str | None) -> None:
    expected = None if until is None else berlin(until)
    assert quiet_until(NIGHT, BERLIN, berlin(now)) == expected


def test_an_hour_that_comes_twice_is_quiet_twice() -> None:
    hours = QuietHours(2 * 60, 2 * 60 + 30)
    end = berlin("2026-10-25 02:30", fold=1)
    for fold in (0, 1):
        assert quiet_until(hours, BERLIN, berlin("2026-10-25 02:15", fold)) == end


def test_an_hour_that_is_left_out_makes_no_noise_after_it() -> None:
    hours = QuietHours(2 * 60 + 30, 4 * 60)
    assert quiet_until(hours, BERLIN, berlin("2026-03-29 03:05")) == berlin("2026-03-29 04:00")


@given(hours=HOURS, zone=st.sampled_from(ZONES).map(ZoneInfo), now=MOMENTS)
def test_no_clock_shows_a_quiet_time_while_we_write(
    hours: QuietHours, zone: ZoneInfo, now: datetime
) -> None:
    local = now.astimezone(zone)
    if within(hours, local.hour * 60 + local.minute):
        assert quiet_until(hours, zone, now) is not None


@given(hours=HOURS, zone=st.sampled_from(ZONES).map(ZoneInfo), now=MOMENTS)
def test_the_quiet_ends_within_a_day_and_then_one_may_write(
    hours: QuietHours, zone: ZoneInfo, now: datetime
) -> None:
    until = quiet_until(hours, zone, now)
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        local = until.astimezone(zone)
        assert not within(hours, local.hour * 60 + local.minute)


def test_the_persons_own_hours_hold_in_place_of_the_houses() -> None:
    house = Preferences(zone="Europe/Moscow", quiet=NIGHT, cap=Cap(1, 1))
    late = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
    assert Preferences().over(house).quiet_until(late) is not None
    assert Preferences(zone="Europe/London").over(house).quiet_until(late) is None
    assert Preferences(quiet=QuietHours(0, 0)).over(house).quiet_until(late) is None
    assert Preferences(cap=Cap(3, 7)).over(house).cap == Cap(3, 7)


@pytest.mark.parametrize(("most", "reached"), [(1, True), (2, True), (3, False)])
def test_a_cap_counts_the_days_before(most: int, reached: bool) -> None:
    now = datetime(2026, 11, 28, tzinfo=UTC)
    got = [now - timedelta(days=days) for days in (1, 6, 7, 30)]
    assert Cap(most, 7).reached(got, now) is reached
