"""A lane's breaker: when it opens, how long it rests, and what its probes decide."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from delivery.breaker import (
    DOWN_OPENINGS,
    JITTER,
    LONGEST_REST,
    RECENT,
    Tally,
    after_answers,
    rest,
    tally,
)
from delivery.decide import WORKER_LOST
from storage.lanes import Breaker
from tests.delivery.making import MINUTE, NOW, SECOND, decided, delivery
from vestnik.outcome import (
    Ambiguous,
    ChannelDown,
    Declined,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)
from vestnik.sample import Sample

CLOSED = Breaker()
COUNTING = Breaker(sample=Sample(100, 10), counted_at=NOW - 10 * SECOND)
STALE = replace(COUNTING, counted_at=NOW - 2 * MINUTE)
OPEN = Breaker(openings=3, rest_until=NOW + SECOND, why="temporary:503")
HALF_OPEN = replace(OPEN, rest_until=NOW - SECOND, probing_until=NOW + MINUTE)
PAUSED = replace(HALF_OPEN, rest_until=NOW + MINUTE)
BAD = "unknown:timeout"


def opened(openings: int, why: str = BAD) -> Breaker:
    return Breaker(
        openings=openings, rest_until=NOW + timedelta(seconds=rest(openings, 0)), why=why
    )


@pytest.mark.parametrize(
    ("before", "told", "after"),
    [
        # Closed: nothing is counted before something fails, and a few answers prove nothing.
        (CLOSED, Tally(100), CLOSED),
        (CLOSED, Tally(19, 19, BAD), Breaker(sample=Sample(19, 19), counted_at=NOW)),
        (CLOSED, Tally(20, 4, BAD), Breaker(sample=Sample(20, 4), counted_at=NOW)),
        (CLOSED, Tally(20, 5, BAD), opened(1)),
        (CLOSED, Tally(100, 100, BAD), opened(1)),
        # What an hour of good answers does not hide: an outage shows within a hundred.
        (COUNTING, Tally(20, 20, BAD), opened(1)),
        (COUNTING, Tally(10, 0), replace(COUNTING, sample=Sample(100, 9), counted_at=NOW)),
        (COUNTING, Tally(1000), Breaker(counted_at=NOW)),
        # Failures of long ago say nothing of now.
        (STALE, Tally(20), STALE),
        (STALE, Tally(20, 1, BAD), Breaker(sample=Sample(20, 1), counted_at=NOW)),
        # Pauses have rules of their own; they tell nothing.
        (COUNTING, Tally(), COUNTING),
        # Open: what was sent before is answered still.
        (OPEN, Tally(50, 50, BAD), OPEN),
        (OPEN, Tally(50), OPEN),
        # The probes came to nothing but a pause: after it others may probe.
        (PAUSED, Tally(), replace(PAUSED, probing_until=None)),
        # Half-open: the majority of the probes decides.
        (HALF_OPEN, Tally(5), Breaker(rest_until=HALF_OPEN.rest_until)),
        (HALF_OPEN, Tally(5, 2, BAD), Breaker(rest_until=HALF_OPEN.rest_until)),
        (HALF_OPEN, Tally(5, 3, BAD), opened(4)),
        (HALF_OPEN, Tally(1, 1, BAD), opened(4)),
        (HALF_OPEN, Tally(), HALF_OPEN),
        # An account that cannot send does not wait for a share.
        (CLOSED, Tally(down="no funds"), opened(DOWN_OPENINGS, "no funds")),
        (COUNTING, Tally(99, down="no funds"), opened(DOWN_OPENINGS, "no funds")),
        (OPEN, Tally(down="no funds"), opened(DOWN_OPENINGS, "no funds")),
        (HALF_OPEN, Tally(down="no funds"), opened(DOWN_OPENINGS, "no funds")),
        (replace(HALF_OPEN, openings=8), Tally(down="no funds"), opened(9, "no funds")),
        (replace(OPEN, openings=6), Tally(down="no funds"), replace(OPEN, openings=6)),
    ],
)
def test_what_follows(before: Breaker, told: Tally, after: Breaker) -> None:
    assert after_answers(before, told, NOW, 0.0) == after


def test_a_longer_pause_stays_as_long() -> None:
    throttled = Breaker(rest_until=NOW + MINUTE)
    assert after_answers(throttled, Tally(50, 50, BAD), NOW, 0.0).rest_until == NOW + MINUTE


@pytest.mark.parametrize(
    ("openings", "seconds"), [(1, 2), (2, 4), (5, 32), (6, 64), (8, 256), (9, 300), (10**6, 300)]
)
def test_rests_grow_up_to_a_bound(openings: int, seconds: float) -> None:
    assert rest(openings, 0.0) == seconds
    assert rest(openings, 1.0) == seconds * (1 + JITTER)


@pytest.mark.parametrize(
    ("results", "told"),
    [
        (
            [Sent("1"), Unreachable("blocked"), Declined("1"), WindowClosed(), Rejected("9")],
            Tally(5),
        ),
        ([Throttled(3), Throttled(3, "address")], Tally(1)),
        ([WORKER_LOST], Tally()),
        (
            [Temporary("503"), Ambiguous("timeout"), Sent("1"), Ambiguous("timeout")],
            Tally(4, 3, BAD),
        ),
        ([ChannelDown("no funds"), Sent("1")], Tally(1, down="no funds")),
        ([ChannelDown("marks", bulk=True)], Tally()),
        ([], Tally()),
    ],
)
def test_what_a_flush_tells(results: list[SendResult], told: Tally) -> None:
    assert tally([decided(result, delivery()) for result in results]) == told


TALLIES = some.integers(0, 500).flatmap(
    lambda n: some.builds(
        Tally,
        some.just(n),
        some.integers(0, n),
        some.just(BAD),
        some.sampled_from([None, None, None, "no funds"]),
    )
)


@given(some.lists(some.tuples(some.floats(0, 400), TALLIES, some.floats(0, 1))))
def test_whatever_happens(story: list[tuple[float, Tally, float]]) -> None:
    """Rests are bounded, never shortened; it closes only by answers that are mostly good."""
    breaker, now = CLOSED, NOW
    for seconds, told, luck in story:
        now += timedelta(seconds=seconds)
        before, breaker = breaker, after_answers(breaker, told, now, luck)
        assert breaker.sample.answers <= RECENT + 1e-6
        assert left(breaker, now) >= left(before, now)
        assert left(breaker, now) <= LONGEST_REST * (1 + JITTER)
        if breaker.openings > before.openings:
            assert left(breaker, now) > 0
            assert breaker.why
        if breaker.openings < before.openings:
            assert left(before, now) == 0
            assert told.failures * 2 < told.answers
            assert told.down is None
        if told.down:
            assert breaker.openings >= DOWN_OPENINGS


def left(breaker: Breaker, now: datetime) -> float:
    return max(0.0, (breaker.rest_until - now).total_seconds()) if breaker.rest_until else 0.0
