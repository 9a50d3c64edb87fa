"""Segments over one person; tests/storage holds the SQL twin against this one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from tests.vestnik import strategies
from vestnik.address import ChannelName
from vestnik.conditions import (
    Ago,
    Between,
    ComingUp,
    Compared,
    Condition,
    Day,
    Known,
    Number,
    OneOf,
    Operator,
    month_days,
)
from vestnik.segment import (
    EVERYONE,
    Active,
    All,
    Any,
    Consented,
    Fact,
    Not,
    On,
    Profile,
    Segment,
    Speaks,
    Targeted,
    answered,
    matches,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TELEGRAM = ChannelName("telegram")
ANNA = Profile(
    answers={"city": frozenset(("Казань",)), "interest": frozenset(("кофе", "Чай"))},
    columns={
        "city": frozenset(("Самара",)),
        "ltv": frozenset(("1000.50",)),
        "birthday": frozenset(("1990-05-04",)),
        "bought": frozenset(("2026-04-20",)),
        "visit": frozenset(("2026-05-03",)),
        "surname": frozenset(("  КОРОЛЁВА ",)),
    },
    consents=frozenset(("advertising",)),
    channels=frozenset((TELEGRAM,)),
    language="pt-BR",
    last={"seen": NOW - timedelta(days=3)},
    broadcasts={1: True, 2: False},
)
NOBODY = Profile()


def seen(operator: Operator, days: int) -> Active:
    return Active("seen", Compared(operator, Ago(24 * days)))


def column(name: str, condition: Condition) -> Fact:
    return Fact(name, condition, "profile")


@pytest.mark.parametrize(
    ("segment", "anna", "nobody"),
    [
        (EVERYONE, True, True),
        (answered("city"), True, False),
        (answered("city", ("Казань",)), True, False),
        (answered("city", ("казань ",)), True, False),
        (answered("city", ("Москва",)), False, False),
        (answered("city", ("Самара",)), False, False),
        (Fact("city", OneOf(("Самара",))), True, False),
        (Fact("city", OneOf(("Казань",))), True, False),
        (column("city", OneOf(("Казань",))), False, False),
        (answered("interest", ("пончики", "чай")), True, False),
        (answered("size"), False, False),
        (column("surname", OneOf(("Королева",))), True, False),
        (column("ltv", Compared("=", Number(1000.5))), True, False),
        (column("ltv", Compared(">", Number(1000.5))), False, False),
        (column("ltv", Compared(">=", Number(1000.5))), True, False),
        (column("ltv", Compared("<", Number(9))), False, False),
        (column("ltv", Between(Number(1), Number(1000.5))), True, False),
        (column("ltv", OneOf(("1000.50",))), True, False),
        (column("ltv", Compared("=", Day(date(2026, 4, 20)))), False, False),
        (column("city", Compared("<", Number(9))), False, False),
        (column("bought", Compared("<", Ago(24 * 11))), False, False),
        (column("bought", Compared("<=", Ago(24 * 11))), True, False),
        (column("bought", Compared("=", Ago(24 * 11))), True, False),
        (column("bought", Compared(">", Ago(24 * 10))), True, False),
        (column("bought", Compared(">=", Day(date(2026, 4, 20)))), True, False),
        (column("bought", Between(Day(date(2026, 4, 1)), Day(date(2026, 4, 20)))), True, False),
        (column("visit", Compared("<", Ago(24 * 30))), False, False),
        (column("visit", ComingUp(2)), True, False),
        (column("visit", ComingUp(1)), False, False),
        (column("birthday", ComingUp(3, yearly=True)), True, False),
        (column("birthday", ComingUp(2, yearly=True)), False, False),
        (column("birthday", ComingUp(3)), False, False),
        (Consented("advertising"), True, False),
        (Consented("service"), False, False),
        (On(TELEGRAM), True, False),
        (On(ChannelName("sms")), False, False),
        (Speaks("pt"), True, False),
        (Speaks("PT-br"), True, False),
        (Speaks("p"), False, False),
        (seen("<=", 3), True, False),
        (seen("<", 3), False, False),
        (seen(">=", 3), True, False),
        (seen(">", 3), False, False),
        (seen(">", 2), True, False),
        (Not(seen("<=", 2)), True, True),
        (Active("seen", Compared("=", Day(date(2026, 4, 28)))), True, False),
        (Active("seen", Compared("<", Day(date(2026, 4, 28)))), False, False),
        (Active("seen", Compared("<=", Day(date(2026, 4, 28)))), True, False),
        (Active("seen", Between(Day(date(2026, 4, 28)), Day(date(2026, 4, 28)))), True, False),
        (Active("seen", OneOf(("28",))), False, False),
        (Active("clicked", Known()), False, False),
        (Targeted(1), True, False),
        (Targeted(2), True, False),
        (Targeted(3), False, False),
        (Targeted(1, reached=True), True, False),
        (Targeted(2, reached=True), False, False),
        (All((On(TELEGRAM), Consented("advertising"))), True, False),
        (All((On(TELEGRAM), Consented("service"))), False, False),
        (Any((On(ChannelName("vk")), answered("city"))), True, False),
        (Any(()), False, False),
        (Not(Any(())), True, True),
    ],
)
def test_a_segment(segment: Segment, anna: bool, nobody: bool) -> None:
    assert matches(segment, ANNA, NOW) is anna
    assert matches(segment, NOBODY, NOW) is nobody


def test_days_begin_where_the_house_is() -> None:
    on_monday = Active("seen", Compared("=", Day(date(2026, 5, 4))))
    person = Profile(last={"seen": datetime(2026, 5, 3, 22, tzinfo=UTC)})
    assert not matches(on_monday, person, NOW)
    assert matches(on_monday, person, NOW.astimezone(ZoneInfo("Europe/Moscow")))


@pytest.mark.parametrize(
    ("today", "counts"),
    [("2026-02-28", True), ("2026-02-27", True), ("2026-03-01", False), ("2024-02-28", False)],
)
def test_who_was_born_on_the_29th_has_a_birthday_each_year(today: str, counts: bool) -> None:
    days = 1 if today == "2026-02-27" else 0
    assert (229 in month_days(date.fromisoformat(today), days)) is counts


def test_a_year_has_every_birthday() -> None:
    assert len(month_days(date(2026, 1, 1), 400)) == 366


@given(strategies.segments)
def test_everybody_is_in_it_or_not(segment: Segment) -> None:
    assert matches(Not(segment), ANNA, NOW) is not matches(segment, ANNA, NOW)
    assert matches(All((segment, segment)), ANNA, NOW) is matches(segment, ANNA, NOW)
    assert matches(Any((segment, Not(segment))), ANNA, NOW)
