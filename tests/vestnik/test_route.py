"""What a step waits for, and what an attempt is known by."""

from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestnik.address import SMS, ChannelName
from vestnik.delivery import MOST_ATTEMPTS, Delivery, new_handle
from vestnik.outbound import Text
from vestnik.richtext import RichText
from vestnik.route import LAST, Step, WaitFor, awaited, may_use

Receipts = frozenset[Literal["delivered", "read"]]
NONE: Receipts = frozenset()
READ: Receipts = frozenset(("read",))
DELIVERED: Receipts = frozenset(("delivered",))
BOTH: Receipts = READ | DELIVERED


@pytest.mark.parametrize(
    ("asked", "given", "waited"),
    [
        ("accepted", BOTH, "accepted"),
        ("delivered", NONE, "accepted"),
        ("delivered", READ, "accepted"),
        ("delivered", DELIVERED, "delivered"),
        ("delivered", BOTH, "delivered"),
        ("read", NONE, "accepted"),
        ("read", READ, "read"),
        ("read", DELIVERED, "delivered"),
        ("read", BOTH, "read"),
    ],
)
def test_it_waits_for_nothing_that_is_never_told(
    asked: WaitFor, given: Receipts, waited: WaitFor
) -> None:
    assert awaited(Step(ChannelName("x"), asked, 60), given) == waited


@pytest.mark.parametrize(
    ("steps", "channel", "used"),
    [
        (["vk"], "vk", True),
        (["vk"], "telegram", False),
        (["vk", "sms"], "sms", True),
        ([LAST], "telegram", True),
        ([LAST], "sms", False),
    ],
)
def test_which_channels_a_route_may_use(steps: list[str], channel: str, used: bool) -> None:
    route = tuple(Step(ChannelName(step)) for step in steps)
    assert may_use(route, ChannelName(channel)) is used


def delivery(number: int, attempts: int, again: str | None = None) -> Delivery:
    return Delivery(
        id=number,
        kind="reply",
        content=Text(RichText("Привет")),
        route=(Step(SMS),),
        state="planned",
        due_at=datetime(2026, 5, 1, tzinfo=UTC),
        attempts=attempts,
        again=again,
    )


@given(
    st.tuples(st.integers(1, 10**9), st.integers(0, MOST_ATTEMPTS - 1)),
    st.tuples(st.integers(1, 10**9), st.integers(0, MOST_ATTEMPTS - 1)),
)
def test_every_try_has_a_handle_of_its_own(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert (new_handle(delivery(*one)) == new_handle(delivery(*other))) == (one == other)


@given(st.integers(1, 10**9), st.integers(0, 10_000), st.integers(0, 10_000))
def test_no_delivery_takes_anothers_handle(number: int, some: int, many: int) -> None:
    assert new_handle(delivery(number, some)) != new_handle(delivery(number + 1, many))
    assert new_handle(delivery(number, some)).isdecimal()


def test_the_handle_is_kept_where_a_copy_must_be_known() -> None:
    assert new_handle(delivery(5, 2, again="321")) == "321"
