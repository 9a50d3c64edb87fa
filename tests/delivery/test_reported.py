"""What follows from later reports; any order of the same reports ends the same (I7)."""

from dataclasses import replace
from typing import Any

import pytest

from tests.delivery.making import (
    MINUTE,
    NEWS,
    NOW,
    WHATSAPP,
    at,
    attempt,
    delivery,
    report,
    route,
    told,
)
from vestnik.address import SMS
from vestnik.delivery import Attempt, Delivery
from vestnik.inbound import DeliveryReported, Receipt
from vestnik.outcome import (
    ChannelDown,
    Rejected,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)
from vestnik.route import Step

WAITING = delivery(
    WHATSAPP,
    state="waiting",
    due_at=NOW + MINUTE,
    best="accepted",
    reached=WHATSAPP,
    templates={"whatsapp": NEWS},
)
TAKEN = attempt(WHATSAPP, state="accepted", reference="wamid.1")
UNSURE = attempt(WHATSAPP, state="unknown", reason="unknown:timeout")
PLANNED = {"state": "planned", "step": 1, "address": None, "due_at": NOW}


@pytest.mark.parametrize(
    ("before", "tried", "news", "expected"),
    [
        pytest.param(
            WAITING,
            TAKEN,
            report("delivered"),
            {"state": "delivered", "best": "delivered", "reached": WHATSAPP},
            id="delivered: what was waited for",
        ),
        pytest.param(WAITING, TAKEN, report("read"), {"state": "read"}, id="read"),
        pytest.param(
            replace(WAITING, route=route(Step(WHATSAPP, "read", 60), SMS)),
            TAKEN,
            report("delivered"),
            {"state": "waiting", "best": "delivered", "due_at": NOW + MINUTE},
            id="delivered: but it is waited for to be read",
        ),
        pytest.param(
            replace(WAITING, state="accepted"),
            TAKEN,
            report("delivered"),
            {"state": "delivered"},
            id="delivered: after the end",
        ),
        pytest.param(
            replace(WAITING, best="unknown", reached=None),
            UNSURE,
            report("accepted"),
            {"state": "waiting", "best": "accepted", "reached": WHATSAPP},
            id="accepted: an unknown one is waited for",
        ),
        pytest.param(
            replace(WAITING, state="unknown", best="unknown", reached=None),
            UNSURE,
            report("accepted"),
            {"state": "accepted", "reason": None},
            id="accepted: a parked one",
        ),
        pytest.param(
            replace(WAITING, state="unknown", best="unknown", reached=None),
            UNSURE,
            report("read"),
            {"state": "read", "reached": WHATSAPP},
            id="read: a parked one",
        ),
        pytest.param(
            replace(WAITING, state="planned", step=1, address=None),
            TAKEN,
            report("delivered"),
            {"state": "delivered"},
            id="delivered: the next step is not sent any more",
        ),
        pytest.param(
            replace(WAITING, state="planned", step=1, address=None),
            UNSURE,
            report("accepted"),
            {"state": "planned", "step": 1, "best": "accepted"},
            id="accepted: the next step goes on",
        ),
        pytest.param(
            replace(WAITING, state="sending", step=1, address=at(SMS), attempts=2),
            TAKEN,
            report("delivered"),
            {"state": "sending", "best": "delivered", "reached": WHATSAPP},
            id="delivered: while the next step is being sent",
        ),
        pytest.param(
            replace(WAITING, state="cancelled"),
            TAKEN,
            report("delivered"),
            {"state": "cancelled"},
            id="delivered: after it was cancelled",
        ),
        pytest.param(
            replace(WAITING, state="failed", best="failed", reached=None),
            replace(TAKEN, state="failed"),
            report("delivered"),
            {"state": "delivered", "reason": None, "reached": WHATSAPP},
            id="delivered: although it had failed",
        ),
        *(
            pytest.param(
                replace(WAITING, state=state),
                TAKEN,
                report("failed", Unreachable("not_allowed")),
                PLANNED | {"reason": "not_allowed", "best": "failed", "reached": None},
                id=f"failed: {state}",
            )
            for state in ("waiting", "accepted", "unknown")
        ),
        *(
            pytest.param(
                WAITING,
                TAKEN,
                report("failed", cause),
                PLANNED,
                id=f"failed: {type(cause).__name__} gets no second copy",
            )
            for cause in (Throttled(5), Temporary("131026"), ChannelDown("no funds"))
        ),
        pytest.param(
            WAITING,
            TAKEN,
            report("failed", WindowClosed()),
            {"state": "planned", "step": 0, "due_at": NOW, "address": at(WHATSAPP)},
            id="failed: the window was closed, the template goes",
        ),
        pytest.param(
            WAITING,
            replace(TAKEN, form="template"),
            report("failed", WindowClosed()),
            PLANNED,
            id="failed: for the template too",
        ),
        pytest.param(
            WAITING,
            TAKEN,
            report("failed", Rejected("132000")),
            {"state": "failed", "reason": "rejected:132000"},
            id="failed: rejected",
        ),
        pytest.param(
            WAITING,
            TAKEN,
            report("failed"),
            {"state": "failed", "reason": "rejected:failed"},
            id="failed: nobody says why",
        ),
        pytest.param(
            WAITING,
            TAKEN,
            report("failed", Unreachable("opted_out")),
            {"state": "failed", "reason": "opted_out"},
            id="failed: opted out",
        ),
    ],
)
def test_a_report(
    before: Delivery, tried: Attempt, news: DeliveryReported, expected: dict[str, Any]
) -> None:
    after = told(before, [tried], 1, news)
    assert after is not None
    assert {name: getattr(after.delivery, name) for name in expected} == expected
    assert after.attempt.state == news.state


@pytest.mark.parametrize(
    ("known", "news"),
    [
        ("accepted", "accepted"),
        ("delivered", "accepted"),
        ("delivered", "failed"),
        ("read", "delivered"),
        ("failed", "accepted"),
    ],
)
def test_what_is_no_news(known: Any, news: Receipt) -> None:
    assert told(WAITING, [replace(TAKEN, state=known)], 1, report(news)) is None


def test_a_report_brings_what_the_answer_did_not() -> None:
    after = told(WAITING, [UNSURE], 1, report("delivered", reference="wamid.1", cost="0.10"))
    assert after is not None
    assert (after.attempt.reference, after.attempt.cost) == ("wamid.1", "0.10")
    assert after.attempt.reason is None


def test_the_earlier_step_fails_after_the_later_one_was_accepted() -> None:
    first, second = TAKEN, attempt(SMS, 2, step=1, address=at(SMS), state="accepted")
    before = replace(WAITING, state="waiting", step=1, address=at(SMS), attempts=2)
    after = told(before, [first, second], 1, report("failed", Unreachable("blocked")))
    assert after is not None
    assert (after.delivery.state, after.delivery.step, after.closes) == ("waiting", 1, "blocked")
    assert after.delivery.reached == SMS


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_both_steps_fail_after_the_end(order: tuple[int, int]) -> None:
    tries = [TAKEN, attempt(SMS, 2, step=1, address=at(SMS), state="accepted")]
    now = replace(WAITING, state="accepted", step=1, address=at(SMS), attempts=2, reached=SMS)
    for number in order:
        after = told(now, tries, number, report("failed", Unreachable("blocked")))
        assert after is not None
        now, tries[number - 1] = after.delivery, after.attempt
    assert (now.state, now.reason, now.best, now.reached) == ("failed", "blocked", "failed", None)
