"""Segments over one person; tests/storage holds the SQL twin against this one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from tests.vestnik import strategies
from vestnik.address import ChannelName
from vestnik.segment import (
    EVERYONE,
    All,
    Answered,
    Any,
    Consented,
    Not,
    On,
    Profile,
    SeenWithin,
    Segment,
    matches,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TELEGRAM = ChannelName("telegram")
ANNA = Profile(
    answers={"city": frozenset(("Казань",)), "interest": frozenset(("кофе", "чай"))},
    consents=frozenset(("advertising",)),
    channels=frozenset((TELEGRAM,)),
    seen_at=NOW - timedelta(days=3),
)
NOBODY = Profile(answers={}, consents=frozenset(), channels=frozenset(), seen_at=None)


@pytest.mark.parametrize(
    ("segment", "anna", "nobody"),
    [
        (EVERYONE, True, True),
        (Answered("city"), True, False),
        (Answered("city", ("Казань",)), True, False),
        (Answered("city", ("Москва",)), False, False),
        (Answered("interest", ("пончики", "чай")), True, False),
        (Answered("size"), False, False),
        (Consented("advertising"), True, False),
        (Consented("service"), False, False),
        (On(TELEGRAM), True, False),
        (On(ChannelName("sms")), False, False),
        (SeenWithin(3), True, False),
        (SeenWithin(2), False, False),
        (Not(SeenWithin(2)), True, True),
        (All((On(TELEGRAM), Consented("advertising"))), True, False),
        (All((On(TELEGRAM), Consented("service"))), False, False),
        (Any((On(ChannelName("vk")), Answered("city"))), True, False),
        (Any(()), False, False),
        (Not(Any(())), True, True),
    ],
)
def test_a_segment(segment: Segment, anna: bool, nobody: bool) -> None:
    assert matches(segment, ANNA, NOW) is anna
    assert matches(segment, NOBODY, NOW) is nobody


@given(strategies.segments)
def test_everybody_is_in_it_or_not(segment: Segment) -> None:
    assert matches(Not(segment), ANNA, NOW) is not matches(segment, ANNA, NOW)
    assert matches(All((segment, segment)), ANNA, NOW) is matches(segment, ANNA, NOW)
    assert matches(Any((segment, Not(segment))), ANNA, NOW)
