"""What follows from a result for the delivery: design.md, section 2, row by row."""

from typing import Any

import pytest

from delivery.decide import AGAIN_AFTER, AGAIN_TRIES, BACKOFF, DOWN_FOR, ECHO_WAIT
from tests.delivery.making import (
    MINUTE,
    NEWS,
    NOW,
    SECOND,
    TELEGRAM,
    VK,
    WHATSAPP,
    decided,
    delivery,
    route,
)
from vestnik.address import SMS
from vestnik.delivery import MOST_ATTEMPTS, Delivery
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
from vestnik.route import Step

ONE_STEP = route(TELEGRAM)
NEXT_STEP = {
    "state": "planned",
    "step": 1,
    "address": None,
    "address_id": None,
    "due_at": NOW,
    "tries": 0,
    "again": None,
}
TAKEN = Sent("m1", segments=2, cost="3.50")


@pytest.mark.parametrize(
    ("result", "before", "expected"),
    [
        # Sent: wait only for what the channel reports.
        pytest.param(
            TAKEN,
            delivery(TELEGRAM),
            {"state": "accepted", "best": "accepted", "reached": TELEGRAM, "reason": None},
            id="sent: telegram reports nothing",
        ),
        pytest.param(
            TAKEN,
            delivery(WHATSAPP),
            {"state": "waiting", "due_at": NOW + MINUTE, "best": "accepted", "reached": WHATSAPP},
            id="sent: whatsapp is waited for",
        ),
        pytest.param(
            TAKEN,
            delivery(VK, route=route(Step(VK, "read", 90), SMS)),
            {"state": "waiting", "due_at": NOW + 90 * SECOND},
            id="sent: vk is waited for to be read",
        ),
        pytest.param(
            TAKEN,
            delivery(WHATSAPP, route=route(Step(WHATSAPP))),
            {"state": "accepted", "reached": WHATSAPP},
            id="sent: the step waits for nothing",
        ),
        pytest.param(
            TAKEN,
            delivery(again="448", tries=2, reason="unknown:timeout", best="unknown"),
            {"state": "accepted", "again": None, "reason": None, "best": "accepted"},
            id="sent: after an unknown one",
        ),
        pytest.param(
            TAKEN,
            delivery(WHATSAPP, best="delivered", reached=VK),
            {"state": "delivered", "best": "delivered", "reached": VK},
            id="sent: an earlier step arrived meanwhile",
        ),
        # Throttled: the same step after retry_after.
        pytest.param(
            Throttled(3),
            delivery(tries=1),
            {"state": "planned", "due_at": NOW + 3 * SECOND, "step": 0, "tries": 1, "again": "448"},
            id="throttled: the lane",
        ),
        pytest.param(
            Throttled(30, "address"),
            delivery(),
            {"state": "planned", "due_at": NOW + 30 * SECOND, "best": None},
            id="throttled: the address",
        ),
        # Temporary: back off, then the next step.
        pytest.param(
            Temporary("503"),
            delivery(),
            {"state": "planned", "due_at": NOW + BACKOFF[0], "tries": 1, "step": 0},
            id="temporary: first",
        ),
        pytest.param(
            Temporary("503"),
            delivery(tries=len(BACKOFF) - 1),
            {"state": "planned", "due_at": NOW + BACKOFF[-1], "tries": len(BACKOFF)},
            id="temporary: last of the budget",
        ),
        pytest.param(
            Temporary("503"),
            delivery(tries=len(BACKOFF)),
            NEXT_STEP | {"reason": "temporary:503"},
            id="temporary: budget spent",
        ),
        pytest.param(
            Temporary("503"),
            delivery(tries=len(BACKOFF), route=ONE_STEP),
            {"state": "failed", "reason": "temporary:503"},
            id="temporary: budget spent, no step left",
        ),
        pytest.param(
            Temporary("503"),
            delivery(attempts=MOST_ATTEMPTS),
            {"state": "failed", "reason": "temporary:503"},
            id="temporary: tried too often in all",
        ),
        # Ambiguous: unknown, by the channel's policy.
        pytest.param(
            Ambiguous("timeout"),
            delivery(TELEGRAM),
            {"state": "waiting", "due_at": NOW + MINUTE, "best": "unknown", "reached": None},
            id="ambiguous: a broadcast is held",
        ),
        pytest.param(
            Ambiguous("timeout"),
            delivery(TELEGRAM, kind="reply", route=ONE_STEP),
            {"state": "planned", "due_at": NOW + AGAIN_AFTER, "tries": 1, "again": None},
            id="ambiguous: a reply goes once more",
        ),
        pytest.param(
            Ambiguous("timeout"),
            delivery(TELEGRAM, kind="reply", tries=1, best="unknown", route=ONE_STEP),
            {"state": "waiting", "due_at": NOW + MINUTE, "tries": 2},
            id="ambiguous: a reply goes once more at most",
        ),
        pytest.param(
            Ambiguous("timeout"),
            delivery(VK),
            {"state": "planned", "due_at": NOW + AGAIN_AFTER, "again": "448", "best": "unknown"},
            id="ambiguous: vk drops a copy of the same handle",
        ),
        pytest.param(
            Ambiguous("timeout"),
            delivery(VK, tries=AGAIN_TRIES, again="448", best="unknown"),
            {"state": "waiting", "due_at": NOW + MINUTE},
            id="ambiguous: vk, tried again often enough",
        ),
        pytest.param(
            Ambiguous("timeout"),
            delivery(WHATSAPP, route=route(Step(WHATSAPP, "delivered", 3), SMS)),
            {"state": "waiting", "due_at": NOW + ECHO_WAIT},
            id="ambiguous: whatsapp's echo has its time",
        ),
        pytest.param(
            Ambiguous("timeout"),
            delivery(VK, best="delivered", reached=WHATSAPP),
            {"state": "delivered", "reached": WHATSAPP},
            id="ambiguous: an earlier step arrived meanwhile",
        ),
        # Unreachable: the next step now.
        *(
            pytest.param(
                Unreachable(why),
                delivery(),
                NEXT_STEP | {"reason": why, "best": "failed"},
                id=f"unreachable: {why}",
            )
            for why in ("blocked", "no_account", "not_allowed")
        ),
        pytest.param(
            Unreachable("blocked"),
            delivery(route=ONE_STEP),
            {"state": "failed", "reason": "blocked", "reached": None},
            id="unreachable: no step left",
        ),
        pytest.param(
            Unreachable("blocked"),
            delivery(SMS, step=1, route=route(WHATSAPP, SMS), best="accepted", reached=WHATSAPP),
            {"state": "accepted", "reason": None, "reached": WHATSAPP},
            id="unreachable: but an earlier step was accepted",
        ),
        pytest.param(
            Unreachable("opted_out"),
            delivery(),
            {"state": "failed", "reason": "opted_out", "step": 0},
            id="unreachable: opted out never falls to sms",
        ),
        # Declined: not this to them now; another channel may do, and the address stays open.
        pytest.param(
            Declined("131049"),
            delivery(WHATSAPP),
            NEXT_STEP | {"reason": "declined:131049"},
            id="declined: the next step",
        ),
        # WindowClosed: the template, else the next step.
        pytest.param(
            WindowClosed(),
            delivery(WHATSAPP, templates={"whatsapp": NEWS}),
            {"state": "planned", "due_at": NOW, "step": 0, "reason": "window_closed"},
            id="window closed: the template",
        ),
        pytest.param(
            WindowClosed(),
            delivery(WHATSAPP),
            NEXT_STEP | {"reason": "window_closed"},
            id="window closed: no template",
        ),
        # Rejected: wrong for everyone.
        pytest.param(
            Rejected("914"),
            delivery(),
            {"state": "failed", "reason": "rejected:914", "step": 0},
            id="rejected",
        ),
        pytest.param(
            Rejected("914"),
            delivery(SMS, step=1, route=route(WHATSAPP, SMS), best="unknown"),
            {"state": "unknown", "reason": "rejected:914"},
            id="rejected: but an earlier step may have arrived",
        ),
        # ChannelDown: planned again, nobody failed.
        pytest.param(
            ChannelDown("token revoked"),
            delivery(tries=2),
            {"state": "planned", "due_at": NOW + DOWN_FOR, "tries": 2, "best": None, "step": 0},
            id="channel down",
        ),
        pytest.param(
            ChannelDown("token revoked"),
            delivery(best="read", reached=VK),
            {"state": "read"},
            id="channel down: an earlier step arrived meanwhile",
        ),
    ],
)
def test_the_delivery(result: SendResult, before: Delivery, expected: dict[str, Any]) -> None:
    after = decided(result, before).delivery
    assert {name: getattr(after, name) for name in expected} == expected
