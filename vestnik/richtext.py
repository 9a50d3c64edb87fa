"""Text with spans: what staff wrote in Markdown, parsed once, cut and rendered on spans."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

Style = Literal["bold", "italic", "strike", "code", "link"]
STYLES: frozenset[Style] = frozenset(get_args(Style))


@dataclass(frozen=True, slots=True)
class Span:
    """A styled stretch of text; `start` and `end` count code points, `url` is for links."""

    start: int
    end: int
    style: Style
    url: str | None = None


@dataclass(frozen=True, slots=True)
class RichText:
    """A text and its styled stretches, in the order of their start."""

    text: str
    spans: tuple[Span, ...] = ()

    def cut(self, start: int, end: int) -> "RichText":
        """The part between two positions, with the spans that fall into it."""
        return RichText(self.text[start:end], tuple(_within(self.spans, start, end)))

    def parts(self, places: Sequence[tuple[int, int]]) -> "list[RichText]":
        """The parts at these places, which follow one another, with their spans."""
        ends = [end for _, end in places]
        spans: list[list[Span]] = [[] for _ in places]
        for span in self.spans:
            index = bisect_right(ends, span.start)
            while index < len(places) and places[index][0] < span.end:
                spans[index] += _within((span,), *places[index])
                index += 1
        texts = (self.text[start:end] for start, end in places)
        return [RichText(text, tuple(own)) for text, own in zip(texts, spans, strict=True)]

    def __add__(self, other: "RichText") -> "RichText":
        moved = tuple(
            replace(span, start=span.start + len(self.text), end=span.end + len(self.text))
            for span in other.spans
        )
        return RichText(self.text + other.text, self.spans + moved)

    def spelled(self) -> "RichText":
        """Links written out as " (address)" after their words, where a channel cannot link."""
        result, done = RichText(""), 0
        for span in sorted(self.spans, key=lambda span: span.end):
            if span.style == "link" and self.text[span.start : span.end] != span.url:
                result += self.cut(done, span.end) + RichText(f" ({span.url})")
                done = span.end
        result += self.cut(done, len(self.text))
        kept = tuple(span for span in result.spans if span.style != "link")
        return replace(result, spans=kept)


def _within(spans: tuple[Span, ...], start: int, end: int) -> Iterator[Span]:
    for span in spans:
        first, last = max(span.start, start), min(span.end, end)
        if first < last:
            yield replace(span, start=first - start, end=last - start)


def utf16_units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram and JavaScript count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
