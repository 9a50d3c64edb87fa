"""What follows from a result beside the delivery: attempt, address, lane; and over all results."""

from datetime import timedelta
from itertools import product
from typing import Any, get_args

import pytest

from delivery.decide import LONGEST_PAUSE, SHORTEST_PAUSE, SOME_PAUSE, WORKER_LOST
from tests.delivery.making import LIMITS, NOW, decided, delivery, route
from vestnik.address import SMS, ChannelName
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
from vestnik.states import KINDS, OPEN, REACHED, Kind

TAKEN = Sent("m1", segments=2, cost="3.50")


@pytest.mark.parametrize(
    ("result", "address_and_lane"),
    [
        (TAKEN, {"lane_failed": False}),
        (Throttled(3), {"lane_pause": 3}),
        (Throttled(3, "address"), {"address_pause": 3, "lane_failed": False}),
        (Temporary("503"), {"lane_failed": True}),
        (Ambiguous("timeout"), {"lane_failed": True}),
        (WORKER_LOST, {}),
        (Unreachable("blocked"), {"closes": "blocked", "lane_failed": False}),
        (Unreachable("no_account"), {"closes": "no_account", "lane_failed": False}),
        (Unreachable("not_allowed"), {"closes": "not_allowed", "lane_failed": False}),
        (Unreachable("opted_out"), {"withdraws": True, "lane_failed": False}),
        (Declined("131049"), {"lane_failed": False}),
        (WindowClosed(), {"closes_window": True, "lane_failed": False}),
        (Rejected("914"), {"refused": True, "lane_failed": False}),
        (ChannelDown("no funds"), {"lane_down": "no funds"}),
        (ChannelDown("marks", bulk=True), {"lane_down": "marks", "lane_bulk": True}),
    ],
)
def test_the_address_and_the_lane(result: SendResult, address_and_lane: dict[str, Any]) -> None:
    after = decided(result, delivery())
    nothing = {
        "closes": None,
        "closes_window": False,
        "withdraws": False,
        "address_pause": None,
        "lane_pause": None,
        "lane_down": None,
        "lane_bulk": False,
        "lane_failed": None,
        "refused": False,
    }
    assert {name: getattr(after, name) for name in nothing} == nothing | address_and_lane


@pytest.mark.parametrize(
    ("result", "state", "reason"),
    [
        (TAKEN, "accepted", None),
        (Throttled(3), "failed", "throttled"),
        (Temporary("503"), "failed", "temporary:503"),
        (Ambiguous("timeout"), "unknown", "unknown:timeout"),
        (Unreachable("blocked"), "failed", "blocked"),
        (Declined("131049"), "failed", "declined:131049"),
        (WindowClosed(), "failed", "window_closed"),
        (Rejected("914"), "failed", "rejected:914"),
        (ChannelDown("no funds"), "failed", "channel_down"),
    ],
)
def test_the_attempt(result: SendResult, state: str, reason: str | None) -> None:
    told = decided(result, delivery()).attempt
    assert (told.state, told.reason) == (state, reason)


def test_the_attempt_keeps_what_it_costs() -> None:
    told = decided(TAKEN, delivery()).attempt
    assert (told.reference, told.segments, told.cost) == ("m1", 2, "3.50")


RESULTS: list[SendResult] = [
    TAKEN,
    Throttled(3),
    Throttled(3, "address"),
    Temporary("503"),
    Ambiguous("timeout"),
    *(Unreachable(why) for why in ("blocked", "no_account", "not_allowed", "opted_out")),
    Declined("131049"),
    WindowClosed(),
    Rejected("914"),
    ChannelDown("no funds"),
]


def test_every_result_is_among_the_rows() -> None:
    assert {type(result) for result in RESULTS} == set(get_args(SendResult))


@pytest.mark.parametrize(
    ("kind", "channel", "result"),
    list(product(KINDS, LIMITS, RESULTS)),
    ids=lambda it: str(it)[:24],
)
def test_whatever_comes_of_whatever(kind: Kind, channel: ChannelName, result: SendResult) -> None:
    """What holds for all kinds, channels and results together."""
    for steps, tries in product((route(channel), route(channel, SMS)), (0, 1, 99)):
        after = decided(result, delivery(channel, kind=kind, route=steps, tries=tries))
        assert after.attempt.state not in ("sending", "delivered", "read")
        assert (after.attempt.reason is None) == isinstance(result, Sent)
        settled = after.delivery
        assert settled.state in OPEN | REACHED | {"failed"}
        assert settled.state != "sending"
        if settled.state == "failed":
            assert settled.reason
        if settled.state in REACHED:
            assert isinstance(result, Sent)
            assert settled.reached == channel
        if settled.state in ("planned", "waiting"):
            assert settled.due_at >= NOW
        if settled.state == "planned" and settled.step == 0:
            assert settled.address is not None
        if settled.step:
            assert settled.address is None
        # What could be a copy in front of a person is a copy only where the rules say so.
        if isinstance(result, Ambiguous) and settled.state == "planned" and settled.step == 0:
            assert settled.again is not None or kind != "broadcast"


@pytest.mark.parametrize(
    ("told", "rests"),
    [
        (0.0, SHORTEST_PAUSE),
        (-5.0, SHORTEST_PAUSE),
        (3.0, 3.0),
        (1e12, LONGEST_PAUSE),
        (float("inf"), LONGEST_PAUSE),
        (float("nan"), SOME_PAUSE),
    ],
)
def test_a_pause_is_bearable_whatever_the_provider_says(told: float, rests: float) -> None:
    after = decided(Throttled(told), delivery())
    assert after.lane_pause == rests
    assert after.delivery.due_at == NOW + timedelta(seconds=rests)


@pytest.mark.parametrize(
    ("result", "reference", "reason", "cost"),
    [
        (Sent("m" * 999, cost="a lot"), "m" * 255, None, None),
        (Sent("m", cost="1e99"), "m", None, None),
        (Sent("m", cost="nan"), "m", None, None),
        (Sent("m", cost="0.1234"), "m", None, "0.1234"),
        (Temporary("x" * 999), None, ("temporary:" + "x" * 999)[:128], None),
    ],
)
def test_nothing_told_is_more_than_the_ledger_can_keep(
    result: SendResult, reference: str | None, reason: str | None, cost: str | None
) -> None:
    told = decided(result, delivery()).attempt
    assert (told.reference, told.reason, told.cost) == (reference, reason, cost)
