"""From a claimed delivery to what the channel is given."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from delivery.preparing import Fitting, place_of, prepare
from storage.standing import AddressStanding, PersonStanding
from tests.delivery.making import HOUR, LIMITS, NEWS, NOW, TELEGRAM, WHATSAPP, at, delivery, route
from vestnik.address import SMS, ChannelName
from vestnik.consent import MESSENGERS, Standing
from vestnik.delivery import Delivery
from vestnik.outbound import NOBODY, Button, Recipient, Send, Text
from vestnik.richtext import RichText

AGREED = PersonStanding(
    advertising=Standing(True, frozenset((MESSENGERS, SMS))), advertising_entry=42
)


def address(channel: ChannelName = TELEGRAM, **given: Any) -> AddressStanding:
    values = {
        "id": 11,
        "person_id": 5,
        "address": at(channel),
        "phone": None,
        "reachable": True,
        "closed_reason": None,
        "window_until": NOW + HOUR,
        "version": 0,
    }
    return AddressStanding(**{**values, **given})


def claimed(channel: ChannelName = TELEGRAM, **given: Any) -> Delivery:
    return delivery(channel, **{"state": "planned", "attempts": 0, **given})


def test_it_is_begun_with_its_ground_and_attempt() -> None:
    expires_at = NOW + timedelta(days=1)
    before = claimed(expires_at=expires_at)
    known = address(phone="+79990000001", language="en", shows=frozenset({"carousel"}))
    ready = prepare(before, AGREED, known, Fitting(LIMITS[TELEGRAM]), NOW)
    assert isinstance(ready, tuple)
    begun, attempt, send = ready
    assert begun == replace(before, state="sending", attempts=1, fence=2, ground={"consent": 42})
    assert (attempt.number, attempt.step, attempt.form, attempt.state) == (1, 0, "free", "sending")
    assert (attempt.delivery_id, attempt.address_id, attempt.handle) == (7, 11, "448")
    assert isinstance(before.content, Text)
    recipient = Recipient("+79990000001", "en", frozenset({"carousel"}))
    assert send == Send(at(TELEGRAM), before.content, "448", expires_at, recipient, bulk=True)


def test_the_second_try_has_the_next_handle() -> None:
    ready = prepare(claimed(attempts=1), AGREED, address(), Fitting(LIMITS[TELEGRAM]), NOW)
    assert isinstance(ready, tuple)
    assert (ready[1].number, ready[1].handle, ready[2].handle) == (2, "449", "449")


def test_a_copy_has_the_handle_of_its_original() -> None:
    ready = prepare(
        claimed(attempts=1, again="448"), AGREED, address(), Fitting(LIMITS[TELEGRAM]), NOW
    )
    assert isinstance(ready, tuple)
    assert (ready[1].number, ready[1].handle) == (2, "448")


def test_outside_the_window_the_template_goes() -> None:
    before = claimed(WHATSAPP, templates={"whatsapp": NEWS})
    closed = address(WHATSAPP, window_until=None)
    ready = prepare(before, AGREED, closed, Fitting(LIMITS[WHATSAPP]), NOW)
    assert isinstance(ready, tuple)
    assert (ready[1].form, ready[2].outbound) == ("template", NEWS)


def test_a_staff_chat_is_nobodys_address() -> None:
    before = claimed(kind="staff", person_id=None, address_id=None, ground={"role": "owner"})
    ready = prepare(before, PersonStanding(), None, Fitting(LIMITS[TELEGRAM]), NOW)
    assert isinstance(ready, tuple)
    assert (ready[0].ground, ready[2].recipient) == ({"role": "owner"}, NOBODY)


@pytest.mark.parametrize(
    ("before", "person", "place", "expected"),
    [
        pytest.param(
            claimed(),
            PersonStanding(advertising=Standing(False), advertising_entry=43),
            address(),
            {"state": "skipped", "reason": "opted_out", "attempts": 0},
            id="opted out since the claim",
        ),
        pytest.param(
            claimed(),
            replace(AGREED, held=True),
            address(),
            {"state": "planned", "due_at": NOW + timedelta(minutes=1), "address": at(TELEGRAM)},
            id="an operator talks to the person",
        ),
        pytest.param(
            claimed(kind="reply", version=1),
            AGREED,
            address(version=2),
            {"state": "skipped", "reason": "taken_over"},
            id="an operator took over",
        ),
        pytest.param(
            claimed(),
            AGREED,
            address(reachable=False, closed_reason="blocked"),
            {"state": "planned", "step": 1, "address": None, "reason": "blocked"},
            id="blocked since the claim",
        ),
        pytest.param(
            claimed(WHATSAPP),
            AGREED,
            address(WHATSAPP, window_until=NOW),
            {"state": "planned", "step": 1, "reason": "window_closed"},
            id="the window closed since the claim",
        ),
        pytest.param(
            claimed(expires_at=NOW),
            AGREED,
            address(),
            {"state": "expired", "reason": "expired"},
            id="too late",
        ),
        pytest.param(
            claimed(content=Text(RichText("я" * 5000))),
            AGREED,
            address(),
            {
                "state": "planned",
                "step": 1,
                "reason": "unfit:the text is 5000 long, the channel takes 4096",
            },
            id="too long for this channel: the next one",
        ),
        pytest.param(
            claimed(
                content=Text(RichText("?"), (Button("х" * 200, "я" * 100),)),
                route=route(TELEGRAM),
            ),
            AGREED,
            address(),
            {
                "state": "failed",
                "reason": f"unfit:the payload of '{'х' * 39}…' is over 64 bytes",
            },
            id="unfit for every channel",
        ),
        pytest.param(
            claimed(kind="transactional", address_id=None),
            PersonStanding(service_withdrawn=True),
            None,
            {"state": "skipped", "reason": "opted_out"},
            id="stopped everything, and the address is none of the person's",
        ),
    ],
)
def test_nothing_may_be_sent_now(
    before: Delivery,
    person: PersonStanding,
    place: AddressStanding | None,
    expected: dict[str, Any],
) -> None:
    assert before.address is not None
    after = prepare(before, person, place, Fitting(LIMITS[before.address.channel]), NOW)
    assert isinstance(after, Delivery)
    assert {name: getattr(after, name) for name in expected} == expected


def test_the_gate_sees_the_person_and_the_address() -> None:
    person = replace(AGREED, held=True, service_withdrawn=True)
    seen = place_of(person, address(version=3, reachable=False, closed_reason="blocked"))
    assert (seen.held, seen.stopped_everything, seen.advertising_entry) == (True, True, 42)
    assert (seen.version, seen.reachable, seen.closed_reason) == (3, False, "blocked")
    assert seen.window_until == NOW + HOUR
    assert place_of(person, None).stopped_everything
