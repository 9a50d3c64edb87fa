"""Characters as people see them stay in one piece."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vestnik import strategies
from vestnik.clusters import parted, shorten

PIECES = {
    "letters": ["ж", "a"],
    "an accent": ["e\u0301", "x"],
    "an accent on a space": [" \u0301", "x"],
    "skin tone": ["👩🏽", "👩"],
    "a family": ["👨\u200d👩\u200d👧", "!"],
    "a heart": ["❤\ufe0f", "❤"],
    "a keycap": ["1\ufe0f\u20e3", "2"],
    "flags": ["🇷🇺", "🇰🇿", "🇧🇾"],
    "half a flag": ["🇷🇺", "🇰"],
    "a flag of tags": ["🏴\U000e0067\U000e0062\U000e007f", "🏴"],
    "the end of a line": ["a", "\r\n", "\n"],
    "halves of a pair": ["\ud83d\ude00", "\ud83d", "x"],
    "Hangul in letters": ["\u1112\u1161\u11ab", "\u1100"],
    "a vowel sign": ["कि", "त"],
}


@pytest.mark.parametrize("row", PIECES)
def test_a_text_is_parted_between_characters_only(row: str) -> None:
    pieces = PIECES[row]
    text = "".join(pieces)
    ends = {len("".join(pieces[:count])) for count in range(len(pieces) + 1)}
    assert {at for at in range(len(text) + 1) if parted(text, at)} == ends


def test_what_is_before_a_known_beginning_does_not_matter() -> None:
    flags = "🇷🇺🇰🇿"
    assert not parted(flags, 3)
    assert parted(flags, 3, since=1)


@pytest.mark.parametrize(
    ("label", "most", "short"),
    [
        ("Да", 8, "Да"),
        ("Не сейчас, потом", 8, "Не сейч…"),
        ("Кофе с собой", 8, "Кофе с…"),
        ("Семья 👨\u200d👩\u200d👧", 8, "Семья…"),
        ("a" + "\u0301" * 20, 4, "a\u0301\u0301…"),
    ],
)
def test_a_label_is_shortened(label: str, most: int, short: str) -> None:
    assert shorten(label, most) == short


@given(strategies.speech, st.integers(1, 30))
def test_a_short_label_is_short_and_begins_like_the_long_one(label: str, most: int) -> None:
    short = shorten(label, most)
    assert len(short) <= most
    assert short == label or label.startswith(short[:-1])
