"""A long text is cut where it hurts least, and nothing of it is lost."""

import re
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fallback.segments import segments
from tests.vestnik import strategies
from vestnik.clusters import parted
from vestnik.cuts import pages
from vestnik.richtext import RichText, Span, utf16_units

ADDRESS = "https://e.ru/a"


def cut(body: RichText, most: int, measure: Callable[[str], int] = len) -> list[str]:
    return [body.text[start:end] for start, end in pages(body, most, measure)]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        pytest.param("коротко", ["коротко"], id="short"),
        pytest.param("", [""], id="empty"),
        pytest.param("  как было ", ["  как было "], id="what fits stays as it is"),
        pytest.param("один два три четыре", ["один два три", "четыре"], id="between words"),
        pytest.param("один два\nтри четыре", ["один два", "три четыре"], id="between lines"),
        pytest.param("раз\nдва три\n\nчетыре", ["раз\nдва три", "четыре"], id="paragraphs first"),
        pytest.param("раз два \n \n три пять", ["раз два", "три пять"], id="blank lines go"),
        pytest.param("Два. Три пять шесть", ["Два. Три", "пять шесть"], id="no short sentence"),
        pytest.param("Четыре! Пять шесть", ["Четыре!", "Пять шесть"], id="between sentences"),
        pytest.param("«Четыре.» Пять шесть", ["«Четыре.»", "Пять шесть"], id="quoted ones too"),
        pytest.param("а" * 25, ["а" * 12, "а" * 12, "а"], id="within a word, if need be"),
        pytest.param("двенадцать12\n\n\n", ["двенадцать12"], id="no empty part at the end"),
        pytest.param("\n" * 9 + "раз два три", ["раз два три"], id="no empty part at the start"),
        pytest.param("   \n" * 9, [""], id="nothing but space"),
        pytest.param("12345678901🇷🇺", ["12345678901", "🇷🇺"], id="never within a flag"),
        pytest.param(
            "a" + "\u0301" * 15, ["a" + "\u0301" * 11, "\u0301" * 4], id="one long accent"
        ),
        pytest.param(
            f"вот {ADDRESS} наш", ["вот https://", "e.ru/a наш"], id="an address too long"
        ),
        pytest.param("жмите\u00a0сюда же", ["жмите\u00a0сюда", "же"], id="not at a hard space"),
    ],
)
def test_a_text_is_cut(words: str, parts: list[str]) -> None:
    assert cut(RichText(words), 12) == parts


STYLED = {
    "an address": (RichText(f"наш сайт, {ADDRESS}"), ["наш сайт,", ADDRESS]),
    "a link": (
        RichText("смотрите наш сайт тут", (Span(9, 17, "link", ADDRESS),)),
        ["смотрите", "наш сайт тут"],
    ),
    "a link of one piece with its neighbours": (
        RichText("ааааааааааабббб", (Span(11, 15, "link", ADDRESS),)),
        ["ааааааааааа", "бббб"],
    ),
    "a style": (RichText("раз два три четыре", (Span(4, 18, "bold"),)), ["раз", "два три четыре"]),
    "a style longer than a message": (
        RichText("раз два три четыре пять", (Span(0, 23, "bold"),)),
        ["раз два три", "четыре пять"],
    ),
    "a link within a long style": (
        RichText("раз два три четыре", (Span(0, 18, "bold"), Span(8, 18, "link", ADDRESS))),
        ["раз два", "три четыре"],
    ),
    "a style that ends within an address": (
        RichText("да! https://e.ru/", (Span(0, 8, "bold"),)),
        ["да!", "https://e.ru/"],
    ),
    "styles that overlap all the way": (
        RichText("аааааааааббббб ввввв", (Span(0, 12, "bold"), Span(9, 20, "italic"))),
        ["аааааааааббббб", "ввввв"],
    ),
}


@pytest.mark.parametrize("row", STYLED)
def test_a_style_stays_in_one_piece(row: str) -> None:
    body, parts = STYLED[row]
    assert cut(body, 14) == parts


MEASURES = st.sampled_from([(len, 12), (len, 40), (utf16_units, 13), (segments, 1)])
Measured = tuple[Callable[[str], int], int]


@given(strategies.rich_texts(st.text(strategies.LETTERS, max_size=300)), MEASURES)
def test_nothing_is_lost_nothing_is_empty_nothing_is_too_long(
    body: RichText, measured: Measured
) -> None:
    measure, most = measured
    places = pages(body, most, measure)
    text, parts = body.text, [body.text[start:end] for start, end in places]
    assert all(measure(part) <= most for part in parts)
    assert all(part.strip() for part in parts) or len(parts) == 1
    ends = [0, *(at for place in places for at in place), len(text)]
    assert ends == sorted(ends)
    gaps = zip(ends[::2], ends[1::2], strict=True)
    assert not "".join(text[start:end] for start, end in gaps).strip()


def crossing(one: tuple[int, int], other: tuple[int, int]) -> bool:
    (start, end), (first, last) = sorted([one, other], key=lambda it: (it[0], -it[1]))
    return start < first < end < last


@given(strategies.nested(), st.integers(25, 80))
def test_styles_and_addresses_stay_in_one_piece(body: RichText, most: int) -> None:
    styles = [(span.start, span.end) for span in body.spans]
    addresses = [match.span() for match in re.finditer(r"https://\S+", body.text)]
    # A style may begin within an address typed as it is; then there may be no place left to cut.
    assume(not any(crossing(*it) for it in product(styles, addresses)))
    whole = styles + addresses
    for at, _ in pages(body, most, len)[1:]:
        parted = [it for it in whole if body.text[it[0] : at].strip() and it[0] < at < it[1]]
        assert all(end - start > most for start, end in parted)


@given(strategies.speech, st.integers(25, 60))
def test_characters_stay_in_one_piece(text: str, most: int) -> None:
    for start, end in pages(RichText(text), most, utf16_units):
        assert parted(text, start)
        assert parted(text, end)


@pytest.mark.parametrize(("measure", "most"), [(len, 4096), (utf16_units, 4096), (segments, 10)])
def test_a_very_long_text_is_measured_few_times(measure: Callable[[str], int], most: int) -> None:
    measured = 0

    def counting(text: str) -> int:
        nonlocal measured
        measured += len(text)
        return measure(text) if measure is not segments else -(-len(text) // 67)

    text = "Слово за слово, 😀 и так далее. " * 30_000
    spans = tuple(Span(at, at + 5, "bold") for at in range(0, len(text), 31))
    places = pages(RichText(text, spans), most, counting)
    assert len(places) > 200
    assert measured < 25 * len(text)
