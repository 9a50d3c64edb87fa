"""What the platforms' limits are made of: buckets of tokens, and what happened lately."""

import pytest

from emulators.bucket import Bucket
from emulators.recent import Recent

NOW = 1_700_000_000.0


def test_a_bucket_gives_a_burst_and_then_one_an_interval() -> None:
    bucket = Bucket(interval=2.0, burst=3)
    assert [bucket.take(NOW) for _ in range(4)] == [True, True, True, False]
    assert bucket.wait(NOW) == pytest.approx(2.0)
    assert bucket.wait(NOW + 1.5) == pytest.approx(0.5)
    assert [bucket.take(NOW + 2.0), bucket.take(NOW + 2.0)] == [True, False]
    assert [bucket.take(NOW + 100.0) for _ in range(4)] == [True, True, True, False]


def test_less_than_one_a_second_is_a_rate_too() -> None:
    bucket = Bucket(interval=2.0, burst=0.5)
    assert [bucket.take(NOW), bucket.take(NOW + 1.0), bucket.take(NOW + 2.0)] == [True, False, True]


def test_asking_how_long_to_wait_takes_nothing() -> None:
    bucket = Bucket(interval=1.0, burst=1)
    assert [bucket.wait(NOW), bucket.wait(NOW)] == [0.0, 0.0]
    assert bucket.take(NOW)


def test_what_is_never_refused_empties_the_bucket_for_the_rest() -> None:
    bucket = Bucket(interval=1.0, burst=2)
    for _ in range(50):
        bucket.spend(NOW)
    assert not bucket.take(NOW)
    assert bucket.wait(NOW) <= 2.0


def test_a_clock_that_was_set_back_does_not_close_the_bucket() -> None:
    bucket = Bucket(interval=1.0, burst=2)
    bucket.take(NOW + 86_400)
    assert bucket.wait(NOW) <= 1.0


def test_what_is_recent_is_forgotten_in_time() -> None:
    recent: Recent[str, int] = Recent(60.0)
    recent.put("one", 1, NOW)
    recent.put("two", 2, NOW + 30)
    assert (recent.get("one", NOW + 60), recent.count(NOW + 60)) == (1, 2)
    assert (recent.get("one", NOW + 61), recent.count(NOW + 61)) == (None, 1)
    assert (recent.has("two", NOW + 61), recent.has("two", NOW + 91)) == (True, False)


def test_what_is_put_again_or_dropped() -> None:
    recent: Recent[str, int] = Recent(60.0)
    recent.put("one", 1, NOW)
    recent.put("two", 2, NOW + 10)
    recent.put("one", 3, NOW + 50)
    assert (recent.get("one", NOW + 100), recent.get("two", NOW + 100)) == (3, None)
    recent.drop("one")
    recent.drop("one")
    assert recent.get("one", NOW + 100) is None
