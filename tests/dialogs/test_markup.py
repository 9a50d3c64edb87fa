"""The Markdown subset, and values put into it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.markup import fill, parse
from vestnik.richtext import RichText, Span

MARKS = "*_~`[]()\\"

READ = {
    "bold": ("a **b** c", RichText("a b c", (Span(2, 3, "bold"),))),
    "italic": ("_b_ *c*", RichText("b c", (Span(0, 1, "italic"), Span(2, 3, "italic")))),
    "strike": ("~~b~~", RichText("b", (Span(0, 1, "strike"),))),
    "code": ("`**b**`", RichText("**b**", (Span(0, 5, "code"),))),
    "link": ("[b](https://x.ru)", RichText("b", (Span(0, 1, "link", "https://x.ru"),))),
    "link without words": (
        "[](https://x.ru)",
        RichText("https://x.ru", (Span(0, 12, "link", "https://x.ru"),)),
    ),
    "nested": (
        "**a _b_**",
        RichText("a b", (Span(0, 3, "bold"), Span(2, 3, "italic"))),
    ),
    "in a link": (
        "[a **b**](https://x.ru)",
        RichText("a b", (Span(0, 3, "link", "https://x.ru"), Span(2, 3, "bold"))),
    ),
    "Cyrillic quotes": ("**«Утро»** ☕", RichText("«Утро» ☕", (Span(0, 6, "bold"),))),
    "escaped": (r"\*b\*", RichText("*b*")),
    "lines stay": ("a\n\nb\n c", RichText("a\n\nb\n c")),
    "no HTML": ("<b>x</b> &amp;", RichText("<b>x</b> &amp;")),
    "no headings, lists, quotes": ("# a\n- b\n> c", RichText("# a\n- b\n> c")),
    "unclosed": ("_*[ **b", RichText("_*[ **b")),
    "inside a word": ("snake_case_name", RichText("snake_case_name")),
    "no script link": ("[a](javascript:x)", RichText("[a](javascript:x)")),
    "no relative link": ("[a](b)", RichText("[a](b)")),
}


@pytest.mark.parametrize("row", READ)
def test_reads_the_subset_and_leaves_the_rest(row: str) -> None:
    markdown, expected = READ[row]
    assert parse(markdown) == expected


PIECES = st.sampled_from([*MARKS, "a", "я", "😀", "e\u0301", " ", "\n", "!", "](https://x.ru)"])
ANYTHING = st.text(st.characters())


@given(st.lists(PIECES | ANYTHING, max_size=30).map("".join))
def test_any_text_is_read_into_spans_that_lie_within_it(text: str) -> None:
    read = parse(text)
    starts = [span.start for span in read.spans]
    assert starts == sorted(starts)
    assert all(0 <= span.start < span.end <= len(read.text) for span in read.spans)
    assert all((span.style == "link") == (span.url is not None) for span in read.spans)


@given(st.text(st.characters(exclude_characters=MARKS + "\r\0", exclude_categories=["Cs"])))
def test_text_without_marks_is_itself(text: str) -> None:
    assert parse(text) == RichText(text)


@pytest.mark.parametrize(
    "name", ["<b>", "_*[", "**x**", "{{ 7*7 }}", "{name}", "=cmd", "[a](http://b)"]
)
def test_a_value_comes_through_literally(name: str) -> None:
    filled = fill(parse("Hello, **{name}**!"), {"name": name})
    assert filled == RichText(f"Hello, {name}!", (Span(7, 7 + len(name), "bold"),))


FILLED: dict[str, tuple[str, dict[str, object], RichText]] = {
    "before a span": ("{a} **b**", {"a": "long"}, RichText("long b", (Span(5, 6, "bold"),))),
    "after a span": ("**b** {a}", {"a": "x"}, RichText("b x", (Span(0, 1, "bold"),))),
    "within a span": ("**b{a}c**", {"a": "xyz"}, RichText("bxyzc", (Span(0, 5, "bold"),))),
    "an empty value": ("**{a}** b", {"a": ""}, RichText(" b")),
    "a number": ("{a}", {"a": 5}, RichText("5")),
    "an unknown name": ("{a} {b}", {"a": 1}, RichText("1 {b}")),
    "a span that ends inside": ("**{a**}", {"a": "x"}, RichText("x", (Span(0, 1, "bold"),))),
}


@pytest.mark.parametrize("row", FILLED)
def test_spans_move_with_the_values(row: str) -> None:
    markdown, values, expected = FILLED[row]
    assert fill(parse(markdown), values) == expected


@given(st.lists(st.sampled_from(["{a}", "{b}", "x", "**y**", " "])), st.text(), st.text())
def test_styled_words_stay_styled_whatever_is_put_around_them(
    pieces: list[str], a: str, b: str
) -> None:
    filled = fill(parse("".join(pieces)), {"a": a, "b": b})
    for span in filled.spans:
        assert "y" in filled.text[span.start : span.end]
