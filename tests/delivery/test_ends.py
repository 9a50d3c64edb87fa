"""Where a delivery goes when a step is over."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.ends import Settled, credit, next_step, recount, run_out, settled, stop
from tests.delivery.making import NOW, TELEGRAM, WHATSAPP, attempt, delivery, route
from vestnik.address import SMS
from vestnik.delivery import MOST_ATTEMPTS, Delivery
from vestnik.states import ATTEMPT_STATES, REACHED, AttemptState

UP: tuple[Settled, ...] = ("failed", "unknown", "accepted", "delivered", "read")


@pytest.mark.parametrize("known", [None, *UP])
@pytest.mark.parametrize("state", UP)
def test_the_best_of_all_tries_is_credited(known: Settled | None, state: Settled) -> None:
    before = delivery(best=known, reached=TELEGRAM if known in REACHED else None)
    after = credit(before, state, SMS)
    if known is not None and UP.index(known) > UP.index(state):
        assert after == before
    else:
        assert (after.best, after.reached) == (state, SMS if state in REACHED else None)


@given(st.lists(st.sampled_from(ATTEMPT_STATES), max_size=4))
def test_counting_anew_does_not_depend_on_the_order(states: list[AttemptState]) -> None:
    tries = [
        attempt(TELEGRAM if number % 2 else SMS, number, state=state)
        for number, state in enumerate(states, 1)
    ]
    counted = {
        (it.best, it.reached)
        for order in permutations(tries)
        for it in [recount(delivery(best="read", reached=WHATSAPP), order)]
    }
    assert len(counted) == 1
    [(best, reached)] = counted
    told = [state for state in states if state != "sending"]
    assert best == (max(told, key=UP.index) if told else None)
    assert (reached is not None) == (best in REACHED)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (
            delivery(tries=3, again="1", reason="x", best="failed"),
            {"state": "planned", "step": 1, "reason": "why", "due_at": NOW, "tries": 0},
        ),
        (delivery(again="1"), {"address": None, "address_id": None, "again": None}),
        (delivery(step=1, best="failed"), {"state": "failed", "step": 1, "reason": "why"}),
        (delivery(attempts=MOST_ATTEMPTS, best="failed"), {"state": "failed", "step": 0}),
    ],
)
def test_the_next_step(before: Delivery, expected: dict[str, Any]) -> None:
    after = next_step(before, "why", NOW)
    assert {name: getattr(after, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("before", "state", "reason"),
    [
        (delivery(route=route(SMS)), "skipped", "why"),
        (delivery(best="failed"), "failed", "why"),
        (delivery(best="failed", reason="blocked"), "failed", "blocked"),
        (delivery(best="unknown", reason="unknown:timeout"), "unknown", "unknown:timeout"),
        (delivery(best="accepted", reached=SMS, reason="timeout"), "accepted", None),
        (delivery(best="delivered", reached=SMS), "delivered", None),
        (delivery(best="read", reached=SMS), "read", None),
    ],
)
def test_no_step_is_left(before: Delivery, state: str, reason: str | None) -> None:
    after = run_out(before, "why")
    assert (after.state, after.reason) == (state, reason)


def test_what_stops_a_delivery_is_its_reason() -> None:
    after = stop(delivery(best="failed", reason="blocked"), "opted_out")
    assert (after.state, after.reason) == ("failed", "opted_out")


def test_nobody_is_called_reached_who_was_not() -> None:
    with pytest.raises(ValueError, match="reached nobody"):
        settled(delivery(best="unknown"))
