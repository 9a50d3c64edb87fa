"""Finds where a text too long for one message is cut: between paragraphs, lines, sentences, words.

Never within a link, nor within a styled stretch that fits into one message, nor within a character
as people see it. A stretch longer than a message may be cut, and goes on in the next one.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from vestnik.clusters import parted
from vestnik.richtext import RichText

Measure = Callable[[str], int]
Place = tuple[int, int]
"""A stretch of a text: where it starts and ends, in code points."""

# Where to cut rather than elsewhere, the best first.
_GAPS = tuple(
    map(
        re.compile, (r"\r?\n[ \t]*\r?\n", r"\r?\n", r"(?<=[.!?…])\s|(?<=[.!?…][»”\")])\s", r"[ \t]")
    )
)
_WORD = re.compile(r"\S")
_ADDRESS = re.compile(r"https?://\S+")


def pages(body: RichText, most: int, measure: Measure) -> list[Place]:
    """The stretches of the text that go into one message each, spaces between them left out.

    `measure` may never give less for more of a text. The time is about that of measuring the
    whole text a dozen times.
    """
    text = body.text
    if most < 1 or measure(text) <= most:
        return [(0, len(text))]
    fences = _fences(body, most, measure)
    found: list[Place] = []
    at, size = _next_word(text, 0), most
    while at < len(text):
        end = _reach(text, at, size, lambda part: measure(part) <= most)
        cut = end if end == len(text) else _cut(text, fences, at, end)
        found.append((at, at + len(text[at:cut].rstrip())))
        at, size = _next_word(text, cut), end - at
    return found or [(0, 0)]


def _next_word(text: str, at: int) -> int:
    word = _WORD.search(text, at)
    if word is None:
        return len(text)
    start = word.start()
    # An accent that stands on a space keeps it.
    return start if start == at or parted(text, start, at) else start - 1


def _reach(text: str, at: int, guess: int, fits: Callable[[str], bool]) -> int:
    """The farthest end of what fits, one character on at least."""
    low, step = at, max(guess, 1)
    while at + step < len(text) and fits(text[at : at + step]):
        low, step = at + step, step * 2
    high = min(at + step, len(text))
    if high == len(text) and fits(text[at:]):
        return high
    while low + 1 < high:
        middle = (low + high) // 2
        if fits(text[at:middle]):
            low = middle
        else:
            high = middle
    return max(low, at + 1)


def _cut(text: str, fences: Sequence[bytearray], at: int, end: int) -> int:
    """The best place to cut before the end; a gap counts if it leaves no half of it empty."""
    for fence in fences:
        for place in _candidates(text, fence, at, end):
            if not fence[place] and parted(text, place, at):
                return place
    return end


def _candidates(text: str, fence: bytearray, at: int, end: int) -> Iterator[int]:
    middle = at + (end - at) // 2 + 1
    for gap in _GAPS:
        found = [match.start() for match in gap.finditer(text, middle, end + 2)]
        yield from (place for place in reversed(found) if place <= end)
    place = fence.rfind(0, at + 1, end + 1)
    while place > at:
        yield place
        place = fence.rfind(0, at + 1, place)


def _fences(body: RichText, most: int, measure: Measure) -> tuple[bytearray, ...]:
    """Positions that a cut must not take: of links and styles; if need be of links only; of none.

    Styles that overlap may leave no place at all, which is why there are laxer fences.
    """
    text = body.text
    links = [(span.start, span.end) for span in body.spans if span.style == "link"]
    links += [match.span() for match in _ADDRESS.finditer(text)]
    styled = [(span.start, span.end) for span in body.spans if span.style != "link"]
    none = bytearray(len(text) + 1)
    around_links = bytearray(none)
    _forbid(around_links, [it for it in links if measure(text[slice(*it)]) <= most])
    around_all = bytearray(around_links)
    _forbid(around_all, [it for it in styled if measure(text[slice(*it)]) <= most])
    return around_all, around_links, none


def _forbid(fence: bytearray, places: Sequence[Place]) -> None:
    for start, end in places:
        inside = max(0, end - start - 1)
        fence[start + 1 : start + 1 + inside] = b"\x01" * inside
