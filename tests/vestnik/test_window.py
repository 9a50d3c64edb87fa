"""The customer-service window."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestnik.window import MARGIN, is_open, open_until

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("known", "at", "received_at", "until"),
    [
        pytest.param(None, NOON, NOON, NOON + 24 * HOUR, id="first message"),
        pytest.param(None, NOON - HOUR, NOON, NOON + 23 * HOUR, id="it came late"),
        pytest.param(None, NOON + HOUR, NOON, NOON + 24 * HOUR, id="a clock that is fast"),
        pytest.param(
            NOON + 24 * HOUR,
            NOON - HOUR,
            NOON,
            NOON + 24 * HOUR,
            id="an older one shortens nothing",
        ),
        pytest.param(NOON + HOUR, NOON, NOON, NOON + 24 * HOUR, id="it is longer now"),
    ],
)
def test_it_opens(
    known: datetime | None, at: datetime, received_at: datetime, until: datetime
) -> None:
    assert open_until(known, at=at, received_at=received_at, hours=24) == until


@given(st.permutations([(0, 0), (-5, 1), (3, 2), (-1, 30)]))
def test_any_order_of_messages_opens_it_as_long(messages: list[tuple[int, int]]) -> None:
    until = None
    for at, received in messages:
        until = open_until(until, at=NOON + at * HOUR, received_at=NOON + received * HOUR, hours=24)
    assert until == NOON + 26 * HOUR  # the message of +3 h, which came at +2 h


@pytest.mark.parametrize(
    ("until", "opened"),
    [
        (None, False),
        (NOON - HOUR, False),
        (NOON, False),
        (NOON + MARGIN, False),
        (NOON + MARGIN + timedelta(seconds=1), True),
        (NOON + HOUR, True),
    ],
)
def test_a_margin_is_kept(until: datetime | None, opened: bool) -> None:
    assert is_open(until, NOON) is opened
