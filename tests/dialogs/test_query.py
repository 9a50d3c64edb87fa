"""Queries: what they mean, that they are written as they are read, and what mistakes say where."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.languages import Languages
from dialogs.query.mistakes import MOST_DEPTH, MOST_PARTS, Mistake
from dialogs.query.reading import EXAMPLE, parse
from dialogs.query.writing import write
from tests.vestnik import strategies
from vestnik.address import ChannelName
from vestnik.conditions import Ago, Between, ComingUp, Compared, Day, Number, OneOf
from vestnik.segment import (
    EVERYONE,
    Active,
    All,
    Any,
    Consented,
    Fact,
    Not,
    On,
    Segment,
    Speaks,
    Targeted,
    answered,
)

LANGUAGES = Languages("ru")
KAZAN = Fact("city", OneOf(("Казань",)))
COFFEE = Fact("interests", OneOf(("кофе",)))
SEEN = Active("seen", Compared("<", Ago(24 * 30)))
ONE = Fact("a", Compared("=", Number(1)))
TWO = Fact("b", Compared("=", Number(2)))
VK = On(ChannelName("vk"))


@pytest.mark.parametrize(
    ("query", "segment"),
    [
        (EXAMPLE, All((KAZAN, Not(SEEN)))),
        (
            'city = "Казань" and interests has "кофе" and not seen < 30d',
            All((KAZAN, COFFEE, Not(SEEN))),
        ),
        ("a = 1 or a = 1 and b = 2", Any((ONE, All((ONE, TWO))))),
        ("(a = 1 or a = 1) and b = 2", All((Any((ONE, ONE)), TWO))),
        ("((a = 1))", ONE),
        ("NOT (A=1 AND B=2)", Not(All((ONE, TWO)))),
        ("not not a = 1", Not(Not(ONE))),
        ("City = «Казань»", KAZAN),
        ("city = “Казань”", KAZAN),
        ("city = 'Казань'", KAZAN),
        ("city = Казань", KAZAN),
        ('city != "Казань"', Not(KAZAN)),
        ('city in ["Казань", "Самара"]', Fact("city", OneOf(("Казань", "Самара")))),
        ("city in (Казань)", KAZAN),
        (r'city = "\"Ка\\зань\""', Fact("city", OneOf(('"Ка\\зань"',)))),
        ('answers.city = "Казань"', answered("city", ("Казань",))),
        ('profile.city = "Казань"', Fact("city", OneOf(("Казань",)), "profile")),
        ("answers.city is known", answered("city")),
        ("город is unknown", Not(Fact("город"))),
        ("`два слова` is known", Fact("два слова")),
        ("`seen` is known", Fact("seen")),
        ("answers.seen is known", answered("seen")),
        ("fav-drink is known", Fact("fav-drink")),
        ("android is known", Fact("android")),
        ('tags has "vip"', Fact("tags", OneOf(("vip",)))),
        ("ltv >= 1000.50", Fact("ltv", Compared(">=", Number(1000.5)))),
        ("ltv < -1", Fact("ltv", Compared("<", Number(-1)))),
        ("ltv between 1 and 2 and a = 1", All((Fact("ltv", Between(Number(1), Number(2))), ONE))),
        ("a in [1]", ONE),
        ("a in [1, x]", Any((ONE, Fact("a", OneOf(("x",)))))),
        ("bought < 30d", Fact("bought", Compared("<", Ago(720)))),
        ("bought = 2w", Fact("bought", Compared("=", Ago(336)))),
        ("bought > 2026-12-31", Fact("bought", Compared(">", Day(date(2026, 12, 31))))),
        ("bought > 31.12.2026", Fact("bought", Compared(">", Day(date(2026, 12, 31))))),
        (
            "bought between 2026-01-01 and 2026-01-31",
            Fact("bought", Between(Day(date(2026, 1, 1)), Day(date(2026, 1, 31)))),
        ),
        ("birthday in next 7d", Fact("birthday", ComingUp(7, yearly=True))),
        ("visit in next 7d", Fact("visit", ComingUp(7))),
        ("wedding yearly in next 1w", Fact("wedding", ComingUp(7, yearly=True))),
        ("seen > 6h", Active("seen", Compared(">", Ago(6)))),
        ("reached is unknown", Not(Active("reached"))),
        ("clicked >= 2026-05-01", Active("clicked", Compared(">=", Day(date(2026, 5, 1))))),
        ('channel = "vk"', VK),
        ("channel in [vk, sms]", Any((VK, On(ChannelName("sms"))))),
        ("language = pt-BR", Speaks("pt-BR")),
        ("language != ru", Not(Speaks("ru"))),
        ("consent has advertising", Consented("advertising")),
        ("got broadcast 12", Targeted(12, reached=True)),
        ("in broadcast 12 and not got broadcast 12", None),
        ("everyone", EVERYONE),
        ("nobody", Any(())),
        (" a = 1\n\tand b = 2 ", All((ONE, TWO))),
    ],
)
def test_what_a_query_means(query: str, segment: Segment | None) -> None:
    segment = segment or All((Targeted(12), Not(Targeted(12, reached=True))))
    assert parse(query) == segment
    assert parse(write(segment)) == segment


@pytest.mark.parametrize(
    ("query", "place", "told"),
    [
        ("", (1, 1), "запрос обрывается; дальше должно идти: название"),
        ("city", (1, 5), "запрос обрывается; дальше должно идти: = != < <= > >=, has, in"),
        ('city = "Казань" и a = 1', (1, 17), "здесь должно быть: and, or, а не «и»"),
        ("a = 1)", (1, 6), "здесь должно быть: and, or, а не «)»"),
        ("(a = 1", (1, 7), "дальше должно идти: and, or, )"),
        ("a = 1 and\nb ~ 2", (2, 3), "а не «~»"),
        ("a = 30days", (1, 7), "а не «days»"),
        ("seen within 30d", (1, 6), "а не «within»"),
        ('city = "Казань', (1, 8), "эта кавычка не закрыта"),
        ("city = «Казань", (1, 8), "эта кавычка не закрыта"),
        ("a = 2026-02-30", (1, 5), "такого дня нет: 2026-02-30"),
        ("a = 31.02.2026", (1, 5), "такого дня нет"),
        ("a = 0001-01-01", (1, 5), "такого дня нет"),
        ("a = 1234567890123456", (1, 5), "слишком длинно"),
        (f'a = "{"я" * 256}"', (1, 5), "слишком длинно"),
        (f"{'a' * 65} = 1", (1, 1), "слишком длинно"),
        ("seen < 999999w", (1, 8), "слишком длинно"),
        ("bought < 5h", (1, 10), "напишите целые дни"),
        ("birthday in next 5h", (1, 18), "напишите целые дни"),
        ("a between 1 and 2026-01-01", (1, 11), "два числа или два дня"),
        ("seen between 1 and 2", (1, 14), "здесь должно быть: 2026-12-31, 30d, а не «1»"),
        ("seen < 3", (1, 8), "здесь должно быть: 2026-12-31, 30d, а не «3»"),
        ("seen = вчера", (1, 8), "а не «вчера»"),
        ("seen = 30d", (1, 8), "«30d» сочетается только с <, <=, >, >="),
        ("seen in next 3d", (1, 1), "«seen» сочетается только с"),
        ('city < "M"', (1, 8), "сочетается только с =, !=, in, has"),
        ("language < ru", (1, 1), "«language» сочетается только с =, !=, in"),
        ("channel is known", (1, 1), "«channel» сочетается только с"),
        ("consent between 1 and 2", (1, 1), "«consent» сочетается только с"),
        ("language = Русский", (1, 12), "здесь нет «Русский»; есть: ru, en"),
        ("consent = spam", (1, 11), "есть: personal_data, advertising, calls, service"),
        ("got broadcast 1.5", (1, 15), "здесь должно быть: число, а не «1.5»"),
        ("got broadcast -1", (1, 15), "здесь должно быть: число"),
        ("not " * MOST_DEPTH + "a = 1", (1, 1), "слишком много"),
        (" or ".join(["a = 1"] * MOST_PARTS), (1, 1), "слишком много"),
        ("(" * 5000 + "a = 1" + ")" * 5000, (1, 1), "слишком много"),
        ("a = 1\0", (1, 6), "а не «\N{REPLACEMENT CHARACTER}»"),
    ],
)
def test_a_mistake_says_where_and_what(query: str, place: tuple[int, int], told: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse(query)
    mistake = caught.value
    assert (mistake.line, mistake.column) == place
    in_russian = mistake.told(LANGUAGES, "ru")
    assert in_russian.startswith(f"Строка {place[0]}, символ {place[1]}: ")
    assert told in in_russian
    assert mistake.told(LANGUAGES, "en").startswith(f"Line {place[0]}, column {place[1]}: ")


def test_a_mark_stands_under_the_place() -> None:
    query = "a = 1 and\nb = 2 and city <> Казань and c = 3"
    with pytest.raises(Mistake) as caught:
        parse(query)
    assert caught.value.shown(query) == ("b = 2 and city <> Казань and c = 3\n                ^")
    assert caught.value.shown(query, width=10) == "ity <> Каз\n     ^"


def exact(segment: Segment) -> Segment:
    """A combination of one part is that part."""
    match segment:
        case All((part,)) | Any((part,)) if len(segment.parts) == 1:
            return exact(part)
        case All(parts):
            return All(tuple(map(exact, parts)))
        case Any(parts):
            return Any(tuple(map(exact, parts)))
        case Not(part):
            return Not(exact(part))
        case _:
            return segment


@given(strategies.segments)
def test_what_is_written_reads_as_the_same(segment: Segment) -> None:
    assert parse(write(segment)) == exact(segment)


anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


@given(anything, st.lists(anything, min_size=1, max_size=3))
def test_whatever_the_words_are(name: str, values: list[str]) -> None:
    segment = Fact(name, OneOf(tuple(values)))
    assert parse(write(segment)) == segment
    assert parse(write(Not(segment))) == Not(segment)


pieces = st.sampled_from([*EXAMPLE.split(), "or", "(", ")", "in", "["])


@given(st.text(max_size=60) | st.lists(pieces).map(" ".join))
def test_whatever_is_typed_is_a_segment_or_a_mistake(query: str) -> None:
    try:
        segment = parse(query)
    except Mistake as mistake:
        mistake.told(LANGUAGES, "ru")
        mistake.shown(query)
    else:
        assert parse(write(segment)) == segment
