"""Texts with variables: `{{ name }}`, `{{ answers.city | default: "…" }}`, in Liquid.

The Markdown is read first and the values are put in afterwards, literally, so that a name such as
`_*[` or `{{ }}` stays what it is. Only outputs count, no tags and no ranges: whatever is written,
rendering it is short. Conditions are steps of their own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from liquid import BoundTemplate, Environment
from liquid.exceptions import LiquidError

from dialogs import markup
from vestnik.richtext import RichText

_OF_TEXT = "append capitalize default downcase first join last prepend remove replace strip"
_OF_NUMBERS = "at_least at_most ceil date divided_by floor minus plus round size times truncate"
FILTERS = frozenset(f"{_OF_TEXT} {_OF_NUMBERS} upcase".split())
"""The Liquid filters that a text may use."""

LONGEST_VALUE = 500
"""Characters of a value; what is more is cut."""

Values = Callable[[], Mapping[str, Any]]
"""Gives the values of all variables; called only for a text that has some."""

Path = tuple[str, ...]
"""A variable: ("answers", "city")."""

_OUTPUT = re.compile(r"\{\{.*?\}\}", re.DOTALL)


class _Liquid(Environment):
    """Liquid with bounds: what staff wrote cannot keep a worker busy."""

    loop_iteration_limit = 100
    local_namespace_limit = 1_000
    context_depth_limit = 4
    output_stream_limit = 4 * LONGEST_VALUE


_LIQUID = _Liquid()


def nothing() -> Mapping[str, Any]:
    """No values at all."""
    return {}


@dataclass(frozen=True, slots=True)
class Words:
    """A text, with a `{place}` for each of its expressions."""

    text: RichText
    places: Mapping[str, BoundTemplate] = field(default_factory=dict)

    def said(self, values: Values = nothing) -> RichText:
        """The text with its values; a value that cannot be had is empty. Never raises."""
        if not self.places:
            return self.text
        known = values()
        return markup.fill(self.text, {it: _put(how, known) for it, how in self.places.items()})

    def variables(self) -> Iterator[Path]:
        """The variables that the text needs."""
        for place in self.places.values():
            yield from (tuple(map(str, path)) for path in place.global_variable_segments())


def words(markdown: str) -> Words:
    """The text of Markdown with Liquid outputs; raises ValueError with what to do about it."""
    places: dict[str, BoundTemplate] = {}
    prefix = "v"
    while f"{{{prefix}" in markdown:
        prefix += "v"

    def placed(output: re.Match[str]) -> str:
        name = f"{prefix}{len(places)}"
        places[name] = _compiled(output[0])
        return f"{{{name}}}"

    text = _OUTPUT.sub(placed, markdown)
    if "{%" in text:
        raise ValueError("a text takes {{ variables }} only; for conditions use a `branch` step")
    if "{{" in text:
        raise ValueError("a variable is not closed; write {{ name }}")
    parsed = markup.parse(text)
    if any(f"{{{prefix}" in (span.url or "") for span in parsed.spans):
        raise ValueError("the address of a link takes no variables")
    return Words(parsed, places)


def _compiled(output: str) -> BoundTemplate:
    if ".." in output:
        raise ValueError(f"a range cannot be written here: {output}")
    try:
        compiled = _LIQUID.from_string(output)
    except LiquidError as error:
        raise ValueError(f"{output} is no variable: {error.message}") from None
    for name in compiled.filter_names():
        if name not in FILTERS:
            raise ValueError(f"there is no filter `{name}`; there are {', '.join(sorted(FILTERS))}")
    return compiled


def _put(place: BoundTemplate, values: Mapping[str, Any]) -> str:
    try:
        return place.render(**values)[:LONGEST_VALUE]
    except (LiquidError, ArithmeticError, ValueError, TypeError, OverflowError):
        return ""
