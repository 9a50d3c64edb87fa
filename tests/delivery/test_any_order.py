"""Any order of the same reports ends the same (I7)."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.decide import after_send, after_wait
from tests.delivery.making import (
    LIMITS,
    NOW,
    TELEGRAM,
    VK,
    WHATSAPP,
    at,
    attempt,
    delivery,
    report,
    route,
    told,
)
from vestnik.address import SMS, ChannelName
from vestnik.delivery import Attempt, Delivery
from vestnik.inbound import Receipt
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


@settings(max_examples=300)
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
