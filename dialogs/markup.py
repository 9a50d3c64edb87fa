"""Reads the small Markdown subset (bold, italic, strike, code, links) into RichText, once.

Everything else (HTML, headings, lists, images, entities) is literal text. Values from outside are
put in by `fill`, after the Markdown was read, so a name such as `_*[` can never become markup.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from vestnik.richtext import RichText, Span, Style

_STYLES: dict[str, Style] = {"strong": "bold", "em": "italic", "s": "strike", "a": "link"}
_PLACE = re.compile(r"\{(\w+)\}")


class _Subset(MarkdownIt):
    """The reader: nothing but inline marks, and links that every messenger can open."""

    def __init__(self) -> None:
        super().__init__("zero")
        self.enable(["emphasis", "strikethrough", "backticks", "link", "escape"])

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it-py's hook has this name
        return url.startswith(("https://", "http://"))


_SUBSET = _Subset()


def parse(markdown: str) -> RichText:
    """The text and its spans; what is no markup comes through literally. Never raises."""
    tokens = [token for block in _SUBSET.parseInline(markdown) for token in block.children or ()]
    text = "".join(_literal(token) for token in _spelled_out(tokens))
    return RichText(text, tuple(sorted(_spans(tokens), key=lambda span: span.start)))


def _spelled_out(tokens: Sequence[Token]) -> Sequence[Token]:
    """Gives links without words their address as words, in place: no address is ever lost."""
    for index, (token, after) in enumerate(pairwise(tokens)):
        if (token.type, after.type) == ("link_open", "link_close"):
            tokens[index].content = str(token.attrs["href"])
    return tokens


def _literal(token: Token) -> str:
    return "\n" if token.type == "hardbreak" else token.content


def _spans(tokens: Sequence[Token]) -> Iterator[Span]:
    position, opened = 0, list[tuple[int, str | None]]()
    for token in tokens:
        start, position = position, position + len(_literal(token))
        if token.nesting > 0:
            url = token.attrs.get("href")
            opened.append((start, None if url is None else str(url)))
        elif token.nesting < 0:
            first, address = opened.pop()
            if first < position:
                yield Span(first, position, _STYLES[token.tag], address)
        elif token.type == "code_inline":
            yield Span(start, position, "code")


def fill(text: RichText, values: Mapping[str, object]) -> RichText:
    """Puts values in the place of their `{names}`, literally and in the style of the place.

    Names that are not among the values stay as they stand.
    """
    places = [place for place in _PLACE.finditer(text.text) if place[1] in values]
    edits = [(place.start(), place.end(), str(values[place[1]])) for place in places]
    spans = (
        Span(_moved(span.start, edits), _moved(span.end, edits), span.style, span.url)
        for span in text.spans
    )
    return RichText(
        _edited(text.text, edits), tuple(span for span in spans if span.start < span.end)
    )


def _edited(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    pieces, at = list[str](), 0
    for start, end, value in edits:
        pieces += [text[at:start], value]
        at = end
    return "".join((*pieces, text[at:]))


def _moved(position: int, edits: Sequence[tuple[int, int, str]]) -> int:
    """Where a position stands after the edits; one inside a place counts as the place's end."""
    shift = 0
    for start, end, value in edits:
        if position <= start:
            break
        shift += len(value) - (end - start) + max(0, end - position)
    return position + shift
