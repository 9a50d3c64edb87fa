"""The newest answers in two numbers."""

from hypothesis import given
from hypothesis import strategies as some

from vestnik.sample import EMPTY, Sample

FLUSHES = some.lists(
    some.integers(0, 700).flatmap(lambda n: some.tuples(some.just(n), some.integers(0, n)))
)


def test_it_begins_with_the_first_failure() -> None:
    assert EMPTY.fed(50, 0, 100) == EMPTY
    assert EMPTY.fed(50, 1, 100) == Sample(50, 1)


def test_older_answers_make_room_evenly() -> None:
    assert Sample(100, 50).fed(20, 20, 100) == Sample(100, 60)


def test_more_answers_than_it_holds_count_by_their_share() -> None:
    assert EMPTY.fed(500, 50, 100) == Sample(100, 10)
    assert Sample(100, 100).fed(500, 50, 100) == Sample(100, 10)


def test_it_is_empty_again_when_the_failures_are_long_past() -> None:
    sample = EMPTY.fed(100, 5, 100)
    flushes = 0
    while sample != EMPTY:
        sample, flushes = sample.fed(10, 0, 100), flushes + 1
    assert 10 < flushes < 30


def test_no_answers_change_nothing() -> None:
    assert Sample(30, 7).fed(0, 0, 100) == Sample(30, 7)


@given(FLUSHES)
def test_it_stays_within_its_bounds(flushes: list[tuple[int, int]]) -> None:
    sample = EMPTY
    for answers, failures in flushes:
        sample = sample.fed(answers, failures, 100)
        assert 0 <= sample.failures <= sample.answers + 1e-6
        assert sample.answers <= 100 + 1e-6
        assert 0 <= sample.share <= 1 + 1e-6


@given(FLUSHES, some.integers(100, 700))
def test_a_full_sample_forgets_all_that_was_before(
    flushes: list[tuple[int, int]], answers: int
) -> None:
    sample = EMPTY
    for told in flushes:
        sample = sample.fed(*told, 100)
    assert sample.fed(answers, answers, 100) == EMPTY.fed(answers, answers, 100)
