"""Splitting a message: every part fits, in order, and nothing of it is lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fallback.segments import segments
from tests.vestnik import strategies
from tests.vestnik.test_fit import NO, PHOTO, PLAIN, YES, shown, text
from vestnik.channel import NOTHING, Limits
from vestnik.fit import fit, split
from vestnik.outbound import Button, Card, Text
from vestnik.richtext import RichText, Span, Style, utf16_units

ALBUM = replace(PLAIN, text=12, caption=5, album=3)

PARTS = {
    "short": (PLAIN, text("?", YES), [text("?", YES)]),
    "words, then the buttons": (
        replace(PLAIN, text=12),
        replace(text("один два три четыре", YES), reply_to="3"),
        [replace(text("один два три"), reply_to="3"), text("четыре", YES)],
    ),
    "numbered lines are cut with the rest": (
        replace(PLAIN, text=12, buttons=1),
        text("один два три", YES, NO),
        [text("один два три"), text("1. Да\n2. Нет")],
    ),
    "in one piece it replaces": (
        replace(PLAIN, edits=True),
        replace(text("?"), replaces="5"),
        [replace(text("?"), replaces="5")],
    ),
    "in several it does not": (
        replace(PLAIN, text=5, edits=True),
        replace(text("один два"), replaces="5"),
        [text("один"), text("два")],
    ),
    "a caption": (ALBUM, shown("Фото", YES), [shown("Фото", YES)]),
    "too long for a caption": (
        ALBUM,
        shown("один два три четыре", YES),
        [shown(""), text("один два три"), text("четыре", YES)],
    ),
    "an album": (ALBUM, shown("Фото", files=3), [shown("Фото", files=3)]),
    "an album with buttons": (
        ALBUM,
        shown("Фото", YES, files=3),
        [shown("", files=3), text("Фото", YES)],
    ),
    "more than an album": (
        ALBUM,
        shown("Фото", files=7),
        [shown("Фото", files=3), shown("", files=3), shown("", files=1)],
    ),
    "more than an album, with buttons": (
        ALBUM,
        shown("Фото", YES, files=4),
        [shown("", files=3), shown(""), text("Фото", YES)],
    ),
    "more than an album, too long for a caption": (
        ALBUM,
        shown("Фотографии", files=4),
        [shown("", files=3), shown(""), text("Фотографии")],
    ),
    "an album with buttons and no words": (
        ALBUM,
        shown("", YES, files=3),
        [shown("", files=2), shown("", YES)],
    ),
    "no albums": (PLAIN, shown("Фото", files=2), [shown("Фото"), shown("")]),
    "cards with the last words": (
        replace(PLAIN, text=12, cards=1),
        replace(text("один два три четыре"), cards=(Card("К"),)),
        [text("один два три"), replace(text("четыре"), cards=(Card("К"),))],
    ),
    "a channel that is off": (NOTHING, text("один два"), [text("один два")]),
}


@pytest.mark.parametrize("row", PARTS)
def test_a_message_is_split(row: str) -> None:
    limits, message, parts = PARTS[row]
    assert list(split(message, limits)) == parts


MEASURES = st.sampled_from([(len, 40), (utf16_units, 40), (segments, 1)])


@st.composite
def kinds(draw: st.DrawFn) -> Limits:
    """All kinds of channels."""
    measure, most = draw(MEASURES)
    return replace(
        PLAIN,
        text=most,
        measure=measure,
        caption=draw(st.sampled_from([None, 1 if measure is segments else 20])),
        buttons=draw(st.integers(0, 4)),
        album=draw(st.integers(0, 3)),
        cards=draw(st.integers(0, 2)),
        links=draw(st.booleans()),
        payload=200,
    )


@st.composite
def longer(draw: st.DrawFn) -> Text:
    body = draw(strategies.nested())
    return replace(draw(strategies.texts), body=body)


@given(longer(), kinds())
def test_every_part_fits_and_is_as_it_goes_out(message: Text, limits: Limits) -> None:
    assume(message.body.text.strip())
    for part in split(message, limits):
        assert fit(part, limits) == part


@given(longer(), kinds())
def test_a_split_message_loses_nothing(message: Text, limits: Limits) -> None:
    parts = split(message, limits)
    said = "".join("".join(part.body.text for part in parts).split())
    assert said.startswith("".join(message.body.text.split()))
    shown_files = [file for part in parts for file in part.media]
    assert shown_files == (list(message.media) if limits.album else [])
    assert [part.reply_to for part in parts[1:]] == [None] * (len(parts) - 1)
    assert all(part.buttons == () and part.cards == () for part in parts[:-1]) or any(
        part.media for part in parts
    )
    pressed = [it for part in parts for it in part.buttons if isinstance(it, Button)]
    assert len(pressed) <= limits.buttons


@given(strategies.rich_texts(st.text(strategies.LETTERS, max_size=300)), st.integers(2, 40))
def test_the_styles_stay_on_their_words(body: RichText, most: int) -> None:
    parts = split(Text(body), replace(PLAIN, text=most, measure=utf16_units))
    styles: tuple[Style, ...] = ("bold", "italic", "strike", "code", "link")
    for style in styles:
        after = "".join(styled(part.body, style) for part in parts)
        assert "".join(after.split()) == "".join(styled(body, style).split())
    for part in parts:
        assert all(0 <= it.start < it.end <= len(part.body.text) for it in part.body.spans)


def styled(body: RichText, style: Style) -> str:
    """The characters that have this style, in their order."""
    within = {
        place for span in body.spans if span.style == style for place in range(span.start, span.end)
    }
    return "".join(body.text[place] for place in sorted(within))


def test_a_link_longer_than_a_message_goes_on_in_the_next() -> None:
    long = Text(RichText("раз два три", (Span(0, 11, "link", "https://e.ru"),)))
    first, second = split(long, replace(PLAIN, text=8))
    assert first.body == RichText("раз два", (Span(0, 7, "link", "https://e.ru"),))
    assert second.body == RichText("три", (Span(0, 3, "link", "https://e.ru"),))


def test_a_picture_is_shown_before_the_words() -> None:
    first, *rest = split(shown("один два три четыре пять"), ALBUM)
    assert (first.body.text, first.media) == ("", (PHOTO,))
    assert [part.body.text for part in rest] == ["один два три", "четыре пять"]


def measured(measure: Callable[[str], int], words: str, most: int) -> list[int]:
    parts = split(text(words), replace(PLAIN, text=most, measure=measure))
    return [measure(part.body.text) for part in parts]


@pytest.mark.parametrize(
    ("measure", "words", "most", "sizes"),
    [
        (len, "😀" * 25, 10, [10, 10, 5]),
        (utf16_units, "😀" * 25, 11, [10, 10, 10, 10, 10]),
        (segments, "я" * 71, 1, [1, 1]),
        (segments, "я" * (10 * 67 + 1), 10, [10, 1]),
        (segments, "[" * 80 + "a", 1, [1, 1]),
    ],
)
def test_the_unit_is_the_channels_own(
    measure: Callable[[str], int], words: str, most: int, sizes: list[int]
) -> None:
    assert measured(measure, words, most) == sizes
