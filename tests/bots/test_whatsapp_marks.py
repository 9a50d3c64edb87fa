"""Styles as the marks that WhatsApp understands."""

from typing import Any

import pytest

from bots.whatsapp.marks import marked
from vestnik.richtext import RichText, Span

MARKED = [
    ("bold words", [(0, 4, "bold")], "*bold* words"),
    ("a b", [(0, 3, "bold"), (0, 3, "italic")], "*_a b_*"),
    ("a b c", [(0, 5, "bold"), (2, 3, "italic")], "*a _b_ c*"),
    ("a b c", [(0, 5, "strike"), (4, 5, "bold")], "~a b *c*~"),
    ("spaces  in", [(0, 8, "bold")], "*spaces*  in"),
    ("one\ntwo", [(0, 7, "italic")], "_one_\n_two_"),
    ("x = 1 * 2", [(0, 9, "code")], "```x = 1 * 2```"),
    ("code *x*", [(0, 8, "code"), (5, 8, "bold")], "```code *x*```"),
    ("inside a word", [(2, 4, "bold")], "inside a word"),
    ("2*3 is 6", [(0, 3, "bold")], "2*3 is 6"),
    ("   ", [(0, 3, "bold")], "   "),
    ("<b> _*[ {{ }}", [], "<b> _*[ {{ }}"),
    ("(тест), да", [(1, 5, "bold")], "(*тест*), да"),
]


@pytest.mark.parametrize(("words", "spans", "marks"), MARKED)
def test_marks(words: str, spans: list[tuple[int, int, Any]], marks: str) -> None:
    assert marked(RichText(words, tuple(Span(*span) for span in spans)), 4096) == marks


def test_marks_give_way_to_the_text() -> None:
    body = RichText("ж" * 4094 + " b", (Span(4095, 4096, "bold"),))
    assert marked(body, 4098) == "ж" * 4094 + " *b*"
    assert marked(body, 4097) == "ж" * 4094 + " b"
