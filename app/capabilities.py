"""Prints what each channel can carry, from the limits in its module: `python -m app.capabilities`.

The output is a table in Markdown; README.md holds it, and `make docs` puts it there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType

from app.discovery import gateways, messengers
from fallback.segments import segments
from vestnik.channel import Limits
from vestnik.richtext import STYLES, utf16_units

UNITS: Mapping[Callable[[str], int], str] = {
    len: "characters",
    utf16_units: "UTF-16 units",
    segments: "SMS parts",
}
ON_UNKNOWN = {
    "park": "nothing more is sent",
    "next": "the next step of the route",
    "again": "the same request again",
}
NO = "–"


def _buttons(limits: Limits) -> str:
    layouts = ", ".join(f"{name.replace('_', ' ')} {most}" for name, most in limits.layouts)
    return _count(limits.buttons) + (f" ({layouts})" if layouts else "")


def _count(number: int | None, otherwise: str = NO, unit: str = "") -> str:
    if number is None:
        return otherwise
    return f"{number} {unit}".rstrip() if number else NO


def _yes(it: bool) -> str:
    return "yes" if it else NO


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or NO


ROWS: Mapping[str, Callable[[Limits], str]] = {
    "text": lambda it: f"{it.text} {UNITS.get(it.measure, 'units of its own')}",
    "styles": lambda it: _list(style for style in sorted(STYLES) if style in it.styles),
    "caption of a file": lambda it: _count(it.caption if it.album else 0, "as text"),
    "files at once": lambda it: _count(it.album),
    "buttons": _buttons,
    "label": lambda it: _count(it.label if it.buttons else 0, unit="characters"),
    "payload": lambda it: _count(it.payload if it.buttons else 0, unit="bytes"),
    "link buttons": lambda it: _yes(it.links),
    "copy buttons": lambda it: _yes(it.copies),
    "contact button": lambda it: _yes(it.contact_button),
    "typed answers": lambda it: _yes(it.answers),
    "cards": lambda it: _count(it.cards),
    "edits": lambda it: _yes(it.edits),
    "window": lambda it: _count(it.window_hours or 0, unit="hours"),
    "templates": lambda it: _yes(it.templates),
    "receipts": lambda it: _list(sorted(it.receipts)),
    "read marks shown": lambda it: _yes(it.marks_read),
    "a second": lambda it: f"{it.rate:g}" + (" requests" if it.batch > 1 else ""),
    "messages a request": lambda it: str(it.batch),
    "new people a day": lambda it: _count(it.people_a_day, "unbounded"),
    "after an unknown outcome": lambda it: ON_UNKNOWN[it.on_unknown],
    "the platform's page": lambda it: f"[page]({it.page})" if it.page else NO,
}


def printed() -> str:
    """The table: a column a channel, a row a capability."""
    columns = [_column(str(it.NAME), it) for it in messengers()]
    columns += [_column(f"SMS: {name}", it) for name, it in gateways().items()]
    lines = [_line(["", *(title for title, _ in columns)]), _line(["---"] * (len(columns) + 1))]
    lines += [_line([name, *(say(it) for _, it in columns)]) for name, say in ROWS.items()]
    return "\n".join(lines) + "\n"


def _column(title: str, module: ModuleType) -> tuple[str, Limits]:
    limits: Limits | None = getattr(module, "LIMITS", None)
    if limits is None:
        raise AttributeError(f"{module.__name__} has no LIMITS: say there what it can carry")
    return title, limits


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(printed(), end="")  # noqa: T201 - it is what the module is for
