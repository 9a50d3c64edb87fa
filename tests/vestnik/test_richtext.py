"""Rich text: spans follow their words through cuts and joins."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vestnik import strategies
from vestnik.richtext import RichText, Span, utf16_units


@given(strategies.rich_texts(), st.data())
def test_two_halves_make_a_whole(body: RichText, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body.text)))
    joined = body.cut(0, at) + body.cut(at, len(body.text))
    assert joined.text == body.text
    assert covered(joined) == covered(body)


@given(strategies.rich_texts(), st.lists(st.integers(0, 20), max_size=6))
def test_parts_are_cuts(body: RichText, drawn: list[int]) -> None:
    ends = sorted(min(at, len(body.text)) for at in drawn)
    places = list(pairwise(ends))
    assert body.parts(places) == [body.cut(start, end) for start, end in places]


def covered(body: RichText) -> set[tuple[int, str]]:
    return {(at, span.style) for span in body.spans for at in range(span.start, span.end)}


@pytest.mark.parametrize(
    ("body", "spelled"),
    [
        (RichText("наш сайт"), RichText("наш сайт")),
        (
            RichText("наш сайт!", (Span(4, 8, "link", "https://e.ru"),)),
            RichText("наш сайт (https://e.ru)!"),
        ),
        (
            RichText("https://e.ru", (Span(0, 12, "link", "https://e.ru"),)),
            RichText("https://e.ru"),
        ),
        (
            RichText("а б в", (Span(0, 1, "link", "x:1"), Span(4, 5, "bold"))),
            RichText("а (x:1) б в", (Span(10, 11, "bold"),)),
        ),
    ],
)
def test_links_are_spelled_out(body: RichText, spelled: RichText) -> None:
    assert body.spelled() == spelled


@given(st.text())
def test_utf16_is_counted_as_it_is_encoded(text: str) -> None:
    assert utf16_units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2
