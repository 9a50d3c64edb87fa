"""Writes a text's styles as the marks that WhatsApp understands.

https://faq.whatsapp.com/539178204879377
"""

import re
from collections.abc import Iterator

from vestnik.richtext import RichText, Span, Style

MARKS: dict[Style, str] = {"bold": "*", "italic": "_", "strike": "~", "code": "```"}
_LINE = re.compile(r"[^\n]+")


def marked(body: RichText, most: int) -> str:
    """The text with marks, links spelled out; without marks where they would make it too long."""
    spelled = body.spelled()
    text = _insert(spelled.text, list(_stretches(spelled)))
    return text if len(text) <= most else spelled.text


def _insert(text: str, stretches: list[Span]) -> str:
    # At one place the inner stretch ends before the outer one, and the outer one begins first.
    marks = []
    for depth, span in enumerate(stretches):
        marks.append((span.start, 1, -span.end, depth, MARKS[span.style]))
        marks.append((span.end, 0, -span.start, -depth, MARKS[span.style]))
    pieces: list[str] = []
    done = 0
    for at, _, _, _, mark in sorted(marks):
        pieces += [text[done:at], mark]
        done = at
    return "".join([*pieces, text[done:]])


def _stretches(body: RichText) -> Iterator[Span]:
    """The stretches that WhatsApp would show styled, each within its line."""
    code = [span for span in body.spans if span.style == "code"]
    for span in body.spans:
        if span not in code and any(_overlap(span, other) for other in code):
            continue
        for line in _LINE.finditer(body.text, span.start, span.end):
            words = line[0].strip()
            start = line.start() + len(line[0]) - len(line[0].lstrip())
            stretch = Span(start, start + len(words), span.style)
            if words and _shows(body.text, stretch):
                yield stretch


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _shows(text: str, stretch: Span) -> bool:
    """Marks only count at the edges of words; inside of one, people would read the marks."""
    before, after = text[: stretch.start][-1:], text[stretch.end :][:1]
    inside = text[stretch.start : stretch.end]
    return not (before.isalnum() or after.isalnum() or MARKS[stretch.style] in inside)
