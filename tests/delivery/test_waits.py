"""What follows when a step's time is over."""

from dataclasses import replace
from typing import Any

import pytest

from delivery.decide import AGAIN_WITHIN, after_wait, parked
from tests.delivery.making import (
    HOUR,
    LIMITS,
    NOW,
    SECOND,
    TELEGRAM,
    VK,
    WHATSAPP,
    delivery,
    route,
)
from vestnik.address import SMS
from vestnik.delivery import Delivery
from vestnik.route import Step


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param(
            delivery(WHATSAPP, state="waiting", best="accepted", reached=WHATSAPP),
            {"state": "planned", "step": 1, "reason": "timeout", "address": None},
            id="nothing was heard: the next step",
        ),
        pytest.param(
            delivery(SMS, state="waiting", best="accepted", reached=SMS, route=route(SMS)),
            {"state": "accepted", "reason": None, "reached": SMS},
            id="nothing was heard, no step left: accepted",
        ),
        pytest.param(
            delivery(TELEGRAM, state="waiting", best="unknown", reason="unknown:timeout"),
            {"state": "unknown", "step": 0, "reason": "unknown:timeout"},
            id="unknown: telegram parks",
        ),
        pytest.param(
            delivery(
                TELEGRAM,
                state="waiting",
                best="unknown",
                route=route(Step(TELEGRAM, "delivered", 60, on_unknown="next"), SMS),
            ),
            {"state": "planned", "step": 1},
            id="unknown: unless the route says next",
        ),
        pytest.param(
            delivery(WHATSAPP, state="waiting", best="unknown"),
            {"state": "planned", "step": 1},
            id="unknown: whatsapp goes on",
        ),
        pytest.param(
            delivery(
                WHATSAPP,
                state="waiting",
                best="unknown",
                route=route(Step(WHATSAPP, "delivered", 60, on_unknown="park"), SMS),
            ),
            {"state": "unknown", "step": 0},
            id="unknown: unless the route says park",
        ),
        pytest.param(
            delivery(WHATSAPP, state="waiting", best="unknown", route=route(WHATSAPP)),
            {"state": "unknown"},
            id="unknown: no step left",
        ),
        pytest.param(
            delivery(VK, state="waiting", best="unknown"), {"state": "unknown"}, id="unknown: vk"
        ),
    ],
)
def test_a_wait_is_over(before: Delivery, expected: dict[str, Any]) -> None:
    assert before.address is not None
    after = after_wait(before, LIMITS[before.address.channel], NOW)
    assert {name: getattr(after, name) for name in expected} == expected


def test_a_copy_is_dropped_only_for_so_long() -> None:
    again = delivery(VK, state="planned", again="448", best="unknown", reason="unknown:timeout")
    assert parked(again, None, NOW) is None
    assert parked(again, NOW - AGAIN_WITHIN + SECOND, NOW) is None
    late = parked(again, NOW - HOUR, NOW)
    assert late is not None
    assert (late.state, late.reason, late.again) == ("unknown", "unknown:timeout", None)
    assert parked(replace(again, again=None), NOW - HOUR, NOW) is None
