"""Finding the address of a step, or of a later one, or the end."""

from dataclasses import replace
from typing import Any

import pytest

from delivery.gate import HELD_RETRY, Place
from delivery.routing import Candidate, find_place
from tests.delivery.making import (
    ALL_LIMITS,
    HOUR,
    NEWS,
    NOW,
    TELEGRAM,
    VK,
    WHATSAPP,
    at,
    delivery,
    route,
)
from vestnik.address import SMS, ChannelName
from vestnik.consent import MESSENGERS, Standing
from vestnik.delivery import Delivery
from vestnik.route import LAST

PLACE = Place(
    advertising=Standing(True, frozenset((MESSENGERS, SMS))),
    advertising_entry=42,
    window_until=NOW + HOUR,
)


def known(channel: ChannelName, address_id: int = 11, **place: Any) -> Candidate:
    return Candidate(at(channel, str(address_id)), address_id, replace(PLACE, **place))


def planned(*steps: ChannelName, **given: Any) -> Delivery:
    values = {"state": "planned", "address": None, "address_id": None, "attempts": 0, **given}
    return delivery(route=route(*steps), **values)


PLACED = {"state": "planned"}


@pytest.mark.parametrize(
    ("before", "candidates", "expected"),
    [
        pytest.param(
            planned(TELEGRAM, SMS),
            [known(SMS, 1), known(TELEGRAM, 2)],
            PLACED | {"step": 0, "address": at(TELEGRAM, "2"), "address_id": 2},
            id="the step's channel",
        ),
        pytest.param(
            planned(LAST, SMS),
            [known(SMS, 1), known(VK, 2), known(TELEGRAM, 3)],
            PLACED | {"step": 0, "address_id": 2},
            id="the messenger used last, never sms",
        ),
        pytest.param(
            planned(LAST, SMS),
            [known(VK, 2, reachable=False, closed_reason="blocked"), known(TELEGRAM, 3)],
            PLACED | {"step": 0, "address_id": 3},
            id="the one used before, where the last is closed",
        ),
        pytest.param(
            planned(TELEGRAM, SMS),
            [known(SMS, 1), known(TELEGRAM, 2, reachable=False, closed_reason="blocked")],
            PLACED | {"step": 1, "address_id": 1},
            id="a later step",
        ),
        pytest.param(
            planned(WHATSAPP, SMS),
            [known(WHATSAPP, 2, window_until=None), known(SMS, 1)],
            PLACED | {"step": 1, "address_id": 1},
            id="a closed window: the next step",
        ),
        pytest.param(
            planned(WHATSAPP, SMS, templates={"whatsapp": NEWS}),
            [known(WHATSAPP, 2, window_until=None), known(SMS, 1)],
            PLACED | {"step": 0, "address_id": 2},
            id="a closed window: the template",
        ),
        pytest.param(
            planned(TELEGRAM, SMS),
            [],
            {"state": "skipped", "reason": "no_phone", "address": None},
            id="no address at all",
        ),
        pytest.param(
            planned(TELEGRAM), [], {"state": "skipped", "reason": "no_address"}, id="no messenger"
        ),
        pytest.param(
            planned(TELEGRAM, VK),
            [known(VK, 2, reachable=False, closed_reason="not_allowed")],
            {"state": "skipped", "reason": "not_allowed"},
            id="why the last step was refused",
        ),
        pytest.param(
            planned(ChannelName("viber")),
            [known(ChannelName("viber"))],
            {"state": "skipped", "reason": "channel_off"},
            id="a channel that is off",
        ),
        pytest.param(
            planned(TELEGRAM, SMS),
            [known(TELEGRAM, advertising=Standing(False), advertising_entry=5), known(SMS)],
            {"state": "skipped", "reason": "opted_out"},
            id="opted out: no step at all",
        ),
        pytest.param(
            planned(TELEGRAM, SMS),
            [known(TELEGRAM, advertising=Standing(True, frozenset((SMS,)))), known(SMS, 1)],
            PLACED | {"step": 1, "address_id": 1},
            id="the consent covers sms alone",
        ),
        pytest.param(
            planned(TELEGRAM),
            [known(TELEGRAM, held=True)],
            PLACED | {"address": None, "due_at": NOW + HELD_RETRY, "reason": "held"},
            id="an operator talks to the person",
        ),
        pytest.param(
            planned(TELEGRAM, expires_at=NOW),
            [known(TELEGRAM)],
            {"state": "expired", "reason": "expired"},
            id="too late",
        ),
        pytest.param(
            planned(TELEGRAM, SMS, step=1, expires_at=NOW, best="accepted", reached=TELEGRAM),
            [known(SMS)],
            {"state": "accepted", "reason": None, "reached": TELEGRAM},
            id="too late for the second step only",
        ),
        pytest.param(
            planned(TELEGRAM, SMS, step=1, best="failed", reason="blocked", attempts=1),
            [known(TELEGRAM)],
            {"state": "failed", "reason": "blocked"},
            id="the first step failed, the second has no phone",
        ),
        pytest.param(
            planned(TELEGRAM, SMS, step=1, tries=2),
            [known(SMS, 1)],
            PLACED | {"tries": 2, "address_id": 1},
            id="the tries of the same step go on",
        ),
        pytest.param(
            planned(TELEGRAM, SMS, tries=2),
            [known(SMS, 1)],
            PLACED | {"tries": 0, "step": 1},
            id="a new step has its own tries",
        ),
    ],
)
def test_a_delivery(
    before: Delivery, candidates: list[Candidate], expected: dict[str, Any]
) -> None:
    after = find_place(before, candidates, ALL_LIMITS, NOW)
    assert {name: getattr(after, name) for name in expected} == expected
