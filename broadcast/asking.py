"""Segments that staff type: what they mean, and what is wrong with them, in words. Pure."""

from broadcast.screens import Screens
from broadcast.wording import Line, joined
from dialogs.query.mistakes import Mistake
from dialogs.query.reading import EXAMPLE
from dialogs.query.writing import write
from storage.audiences import Reach
from vestnik.outbound import Text
from vestnik.richtext import RichText, Span
from vestnik.segment import Segment

WIDTH = 30
"""Characters of a line that a phone shows without breaking it."""


def looks_like_query(typed: str) -> bool:
    """Whether plain talk is meant as a query: colleagues in a group may speak of other things."""
    return any(sign in typed for sign in "=<>")


def mistaken(screens: Screens, query: str, mistake: Mistake) -> Text:
    """What is wrong with a query, with a mark under the place."""
    lines: list[Line] = [
        _code(mistake.shown(query, WIDTH)),
        mistake.told(screens.languages, screens.language),
        screens.languages.text(screens.language, "For example: {example}", example=EXAMPLE),
    ]
    return Text(joined(lines))


def counted(screens: Screens, segment: Segment, reach: Reach, names: dict[int, str]) -> Text:
    """How many people a query means, and some of them by number and name."""
    lines: list[Line] = [_code(write(segment)), screens.counted(reach)]
    if names:
        some = " · ".join(f"№ {number} {name}".strip() for number, name in names.items())
        lines.append(
            screens.languages.text(screens.language, "Some of them: {people}", people=some)
        )
    return Text(joined(lines))


def _code(text: str) -> RichText:
    return RichText(text, (Span(0, len(text), "code"),))
