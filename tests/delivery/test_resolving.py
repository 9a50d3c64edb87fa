"""What staff decide about messages nobody can account for. Pure."""

from dataclasses import replace

import pytest

from delivery.resolving import Decision, NotResolvable, resolve
from tests.delivery.making import HOUR, MINUTE, NOW, TELEGRAM, VK, attempt, delivery, route
from vestnik.address import SMS
from vestnik.delivery import MOST_ATTEMPTS, Delivery, new_handle

UNKNOWN = delivery(state="unknown", best="unknown", reason="unknown:timeout")
UNSURE = attempt(state="unknown", reason="unknown:timeout")


@pytest.mark.parametrize(
    ("decision", "end", "told"),
    [
        (
            "accepted",
            ("accepted", "accepted", TELEGRAM, None),
            ("accepted", "resolved:accepted"),
        ),
        ("failed", ("failed", "failed", None, "resolved:failed"), ("failed", "resolved:failed")),
        ("again", ("planned", "unknown", None, "resolved:again"), ("unknown", "resolved:again")),
    ],
)
def test_what_follows(
    decision: Decision, end: tuple[str | None, ...], told: tuple[str, str]
) -> None:
    after = resolve(UNKNOWN, [UNSURE], decision, NOW)
    settled = after.delivery
    assert (settled.state, settled.best, settled.reached, settled.reason) == end
    assert [(it.state, it.reason) for it in after.attempts] == [told]


def test_a_failure_counts_only_where_nothing_else_reached_them() -> None:
    first = attempt(number=1, state="failed", reason="blocked")
    unsure = [attempt(number=it, state="unknown", step=1) for it in (2, 3)]
    before = replace(UNKNOWN, step=1, attempts=3)
    assert resolve(before, [first, *unsure], "failed", NOW).delivery.state == "failed"
    assert len(resolve(before, [first, *unsure], "failed", NOW).attempts) == 2
    assert [it.number for it in resolve(before, [first, *unsure], "accepted", NOW).attempts] == [3]


def test_again_is_a_new_message_where_it_was_unsure() -> None:
    after = resolve(UNKNOWN, [UNSURE], "again", NOW).delivery
    assert (after.address, after.due_at, after.again) == (UNKNOWN.address, NOW, None)
    assert new_handle(after) != UNSURE.handle
    # The route had gone on, and came to nothing.
    later = replace(UNKNOWN, step=1, address=None, address_id=None, route=route(VK, SMS))
    back = resolve(later, [attempt(VK, state="unknown")], "again", NOW).delivery
    assert (back.step, back.address) == (0, None)


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (replace(UNKNOWN, state="accepted"), "message 7 is not unknown but accepted"),
        (replace(UNKNOWN, state="planned"), "message 7 is not unknown but planned"),
        (replace(UNKNOWN, expires_at=NOW - MINUTE), "until 2026-05-01T11:59+00:00 only"),
        (replace(UNKNOWN, attempts=MOST_ATTEMPTS), "tried 64 times already"),
    ],
)
def test_what_cannot_be_sent_again(before: Delivery, why: str) -> None:
    with pytest.raises(NotResolvable, match=why.replace("+", r"\+")):
        resolve(before, [UNSURE], "again", NOW)


def test_what_expired_can_still_be_settled() -> None:
    old = replace(UNKNOWN, expires_at=NOW - HOUR)
    assert resolve(old, [UNSURE], "accepted", NOW).delivery.state == "accepted"
