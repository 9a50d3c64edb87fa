"""The channels' tables: where each is found, and what it has to hold (see CONTRIBUTING.md)."""

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.discovery import gateways, messengers

OBLIGATORY = {
    "INCOMING": {"text", "repeated"},
    "REQUESTS": {"plain", "cyrillic_at_the_limit", "buttons_at_the_limit"},
    "ANSWERS": {"throttled", "server_error", "unreachable"},
    "FORGED": set[str](),
}
# A row may be named for a provider's code.
SNAKE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
FEWEST_ROWS = 40
FEWEST_FORGERIES = 4


@dataclass(frozen=True)
class Table:
    """A channel's rows, by mapping and name, and the payload files that lie beside them."""

    rows: Mapping[str, Mapping[str, Any]]
    payloads: frozenset[str]


def packages() -> dict[str, str]:
    """The package of each channel's table: what every module that is found ought to have."""
    names = [it.__name__.rsplit(".", 1)[1] for it in messengers()]
    found = {name: f"tests.bots.{name}" for name in names}
    return found | {name: f"tests.fallback.{name}" for name in gateways()}


def load(package: str) -> Table:
    """The table of a package; raises ImportError, AttributeError where there is none."""
    rows = importlib.import_module(f"{package}.rows")
    payloads = frozenset(it.stem for it in Path(str(rows.__file__)).parent.glob("*.json"))
    return Table({name: getattr(rows, name) for name in OBLIGATORY}, payloads)


def flaws(table: Table) -> Iterator[str]:
    """What a table lacks, in words."""
    for mapping, wanted in OBLIGATORY.items():
        for row in sorted(wanted - set(table.rows[mapping])):
            yield f"{mapping} has no row {row!r}"
    named = [row for rows in table.rows.values() for row in rows]
    for row in sorted({it for it in named if not SNAKE.fullmatch(it)}):
        yield f"the name {row!r} is not in snake_case"
    if len(named) < FEWEST_ROWS:
        yield f"there are {len(named)} rows, at least {FEWEST_ROWS} are wanted"
    if len(table.rows["FORGED"]) < FEWEST_FORGERIES:
        yield f"FORGED has fewer than {FEWEST_FORGERIES} rows"
    for file in sorted(table.payloads - set(named)):
        yield f"no row names {file}.json"
