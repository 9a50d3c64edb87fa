"""What follows from later reports; any order of the same reports ends the same (I7)."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.decide import After, after_send, after_wait
from delivery.reported import after_report
from tests.delivery.making import (
    LIMITS,
    MINUTE,
    NEWS,
    NOW,
    TELEGRAM,
    VK,
    WHATSAPP,
    at,
    attempt,
    delivery,
    route,
)
from vestnik.address import SMS, ChannelName
from vestnik.delivery import Attempt, Delivery
from vestnik.inbound import Author, DeliveryReported, Receipt
from vestnik.outcome import (
    Ambiguous,
    Cause,
    ChannelDown,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
    WindowClosed,
)
from vestnik.route import Step


def report(state: Receipt, cause: Cause | None = None, **given: Any) -> DeliveryReported:
    return DeliveryReported(
        event_id="e", address=at(SMS), author=Author("1"), at=NOW, state=state, cause=cause, **given
    )


def told(
    before: Delivery, tries: Sequence[Attempt], number: int, news: DeliveryReported
) -> After | None:
    channel = next(it for it in tries if it.number == number).address.channel
    return after_report(
        news, delivery=before, attempts=tries, number=number, limits=LIMITS[channel], now=NOW
    )


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


CAUSES: list[Cause] = [
    Throttled(5),
    Temporary("5"),
    Unreachable("blocked"),
    Unreachable("opted_out"),
    WindowClosed(),
    Rejected("9"),
    ChannelDown("no funds"),
]


@st.composite
def histories(draw: st.DrawFn) -> tuple[Delivery, list[Attempt]]:
    """A delivery some of whose steps were sent, and waited for in vain but perhaps the last."""
    channels: list[ChannelName] = draw(
        st.lists(st.sampled_from([WHATSAPP, VK, SMS, TELEGRAM]), min_size=1, max_size=3)
    )
    steps = route(*(Step(channel, "delivered", 60, "next") for channel in channels))
    last = draw(st.integers(1, len(channels)))
    now, tries = delivery(route=steps, attempts=0), list[Attempt]()
    results: st.SearchStrategy[SendResult] = st.sampled_from([Sent("m"), Ambiguous("timeout")])
    for number, channel in enumerate(channels[:last], 1):
        if now.state not in ("sending", "planned"):
            break
        stops: bool = draw(st.booleans())
        if tries and stops:
            break
        begun = replace(now, state="sending", address=at(channel), attempts=number)
        tried = attempt(channel, number, step=number - 1, address=at(channel))
        after = after_send(draw(results), begun, tried, LIMITS[channel], NOW)
        now, tries = after.delivery, [*tries, after.attempt]
        if now.state == "waiting" and (number < last or draw(st.booleans())):
            now = after_wait(now, LIMITS[channel], NOW)
    return now, tries


@given(histories(), st.data())
def test_any_order_of_reports_ends_the_same(
    history: tuple[Delivery, list[Attempt]], data: st.DataObject
) -> None:
    before, tries = history
    states: st.SearchStrategy[Receipt] = st.sampled_from(get_args(Receipt))
    news = st.tuples(st.integers(1, len(tries)), states)
    reports = data.draw(st.lists(news, max_size=4, unique=True))
    cause = data.draw(st.sampled_from(CAUSES))
    ends = {end(before, tries, order, cause) for order in permutations(reports)}
    assert len(ends) == 1, ends


def end(
    now: Delivery,
    tries: list[Attempt],
    order: Sequence[tuple[int, Receipt]],
    cause: Cause,
) -> tuple[object, ...]:
    """Everything that a report of the broadcast prints, after these reports in this order."""
    tries = list(tries)
    for number, state in order:
        after = told(now, tries, number, report(state, cause if state == "failed" else None))
        if after is not None:
            now, tries[number - 1] = after.delivery, after.attempt
            assert (now.state in ("accepted", "delivered", "read")) <= (now.state == now.best)
    return (now.state, now.best, now.reached, *(it.state for it in tries))
