"""What was imported of a person, as people read it: a line a column, as many as fit. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from dialogs.languages import Languages
from vestnik.channel import Limits
from vestnik.clusters import shorten
from vestnik.fit import Unfit, fit
from vestnik.outbound import Text
from vestnik.richtext import RichText
from vestnik.segment import TAGS
from vestnik.values import day

Columns = Mapping[str, Sequence[str]]
"""Values by the name of their column."""
Lines = Sequence[RichText]

MOST_SHOWN = 20
"""Columns that a message shows, where they fit; how many more there are is told."""
LONGEST_SHOWN = 100
"""Characters of a column's values, with an ellipsis where they are cut."""

# As an import writes numbers. What has more digits, or begins with 0, is rather somebody's number
# of something (a card, a contract), which reads as it is written.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,5}[1-9])?")


def with_columns(
    languages: Languages,
    language: str | None,
    columns: Columns,
    build: Callable[[Lines], Text],
    limits: Limits,
) -> Text:
    """What `build` makes of the lines about the columns, fewer of them where it would not fit.

    `limits` are those of the channel that carries it. What does not fit even without a column
    goes as several messages anyway, and loses nothing.
    """
    most = min(len(columns), MOST_SHOWN)
    for count in range(most, -1, -1):
        text = build(_lines(languages, language, columns, count))
        if not isinstance(fit(text, limits), Unfit):
            return text
    return build(_lines(languages, language, columns, most))


def shown(languages: Languages, language: str | None, value: str) -> str:
    """A value on one line, its number or day written as people do in the language."""
    known = day(value)
    if known is not None:
        return languages.day(language, known)
    if _NUMBER.fullmatch(value):
        return languages.number(language, Decimal(value))
    return " ".join(value.split())


def _lines(
    languages: Languages, language: str | None, columns: Columns, count: int
) -> list[RichText]:
    if not columns:
        return []
    lines = [languages.rich(language, "**From our records**")]
    lines += [_line(languages, language, name, columns[name]) for name in [*columns][:count]]
    left = len(columns) - count
    if left:
        lines.append(RichText(languages.text(language, "and {count} more", count=left)))
    return lines


def _line(languages: Languages, language: str | None, name: str, values: Sequence[str]) -> RichText:
    # A tag is a word, also one that looks like a number.
    read = values if name == TAGS else [shown(languages, language, it) for it in values]
    return RichText(f"{name}: {shorten(', '.join(read), LONGEST_SHOWN)}")
