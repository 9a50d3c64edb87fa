"""States: any permutation of the same receipts gives the same final state (I7)."""

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestnik.states import ATTEMPT_STATES, KINDS, PRIORITY, AttemptState, later

RECEIPTS: tuple[AttemptState, ...] = ("accepted", "delivered", "read", "failed")


@pytest.mark.parametrize(
    ("known", "reported", "after"),
    [
        ("sending", "accepted", "accepted"),
        ("sending", "delivered", "delivered"),
        ("sending", "read", "read"),
        ("sending", "failed", "failed"),
        ("unknown", "accepted", "accepted"),
        ("unknown", "delivered", "delivered"),
        ("unknown", "read", "read"),
        ("unknown", "failed", "failed"),
        ("accepted", "accepted", "accepted"),
        ("accepted", "delivered", "delivered"),
        ("accepted", "read", "read"),
        ("accepted", "failed", "failed"),
        ("delivered", "accepted", "delivered"),
        ("delivered", "delivered", "delivered"),
        ("delivered", "read", "read"),
        ("delivered", "failed", "delivered"),
        ("read", "accepted", "read"),
        ("read", "delivered", "read"),
        ("read", "read", "read"),
        ("read", "failed", "read"),
        ("failed", "accepted", "failed"),
        ("failed", "delivered", "delivered"),
        ("failed", "read", "read"),
        ("failed", "failed", "failed"),
    ],
)
def test_a_report(known: AttemptState, reported: AttemptState, after: AttemptState) -> None:
    assert later(known, reported) == after


@given(st.sampled_from(ATTEMPT_STATES), st.lists(st.sampled_from(RECEIPTS), max_size=4))
def test_any_order_ends_the_same(start: AttemptState, receipts: list[AttemptState]) -> None:
    assert len({reduce(later, order, start) for order in permutations(receipts)}) == 1


@given(st.sampled_from(ATTEMPT_STATES), st.sampled_from(RECEIPTS))
def test_a_repetition_changes_nothing(known: AttemptState, reported: AttemptState) -> None:
    once = later(known, reported)
    assert later(once, reported) == once


def test_every_kind_has_its_turn() -> None:
    assert set(PRIORITY) == set(KINDS)
    assert max(PRIORITY, key=PRIORITY.__getitem__) == "broadcast"
    assert PRIORITY["reply"] == min(PRIORITY.values())
