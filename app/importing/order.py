"""`vestnik people import`: carries the order out, and prints what came of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import typer
from defusedcsv import csv

from app.importing.bringing import NUMBER, PHONE, Importer, Tally, Wrong
from app.importing.columns import BadColumns, columns
from app.importing.spreadsheet import Table, Unreadable
from app.starting import house
from app.wiring import House
from storage.auditing import Deed
from vestnik.address import SMS, ChannelName, Lane

MOST_SHOWN = 20
"""Refused cells that are printed where no file takes them."""

WHATSAPP = ChannelName("whatsapp")
"""The messenger whose handles may be numbers: whoever writes from one has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for; `key` is the header of the column that says who it is."""

    table: Table
    match: str = PHONE
    key: str = ""
    mapped: Sequence[str] = ()
    report: Path | None = None
    dry_run: bool = False
    actor: str = ""


async def import_people(order: Order) -> int:
    """Do it; 1 when the file or its columns cannot be used, and then nothing was changed."""
    built = house()
    try:
        await _import(built, order)
    except (Unreadable, BadColumns) as error:
        typer.echo(str(error), err=True)
        return 1
    finally:
        await built.aclose()
    return 0


async def _import(built: House, order: Order) -> None:
    lanes = _lanes(built, order.match)
    headers = _read_through(order.table)
    key = order.key or order.match
    place, meant = columns(headers, order.mapped, key)
    deed = Deed(actor=order.actor, action="people.import", subject=order.table.path.name[:255])
    with _refusals(order.report) as refuse:
        importer = Importer(
            database=built.database,
            match=order.match,
            region=built.settings.default_region,
            lanes=lanes,
            place=place,
            header=headers[place],
            columns=meant,
            refuse=refuse,
        )
        rows = islice(order.table.rows(), 1, None)
        tally = await importer.bring(rows, deed, dry_run=order.dry_run)
    typer.echo("\n".join(_told(tally, order)))


def _lanes(built: House, match: str) -> Sequence[Lane]:
    """The lanes on whose addresses people are looked for; raises BadColumns."""
    if match == NUMBER:
        return ()
    if match == PHONE:
        numbered = [lane for lane in built.channels if lane.channel == WHATSAPP]
        return [Lane(SMS, "main"), *numbered]
    lanes = [lane for lane in built.channels if lane.channel == match]
    if not lanes:
        known = sorted({lane.channel for lane in built.channels} - {SMS})
        raise BadColumns(f"--match {match}: write one of {', '.join((PHONE, NUMBER, *known))}.")
    return lanes


def _read_through(table: Table) -> Sequence[str]:
    """The headers, once all rows could be read; raises Unreadable.

    A file that breaks off in its middle must not be half used.
    """
    rows = table.rows()
    first = next(rows, None)
    if first is None:
        raise Unreadable(f"{table.path} is empty: its first row has to name the columns.")
    if sum(1 for _ in rows) == 0:
        raise Unreadable(f"{table.path} names columns and has no rows below.")
    return first.cells


@contextmanager
def _refusals(report: Path | None) -> Iterator[Callable[[Wrong], None]]:
    """Where refused cells go: into a CSV whose cells no spreadsheet runs, else some to stderr."""
    if report is None:
        shown = iter(range(MOST_SHOWN))

        def show(wrong: Wrong) -> None:
            if next(shown, None) is not None:
                typer.echo(f"row {wrong.row}, {wrong.column}: {wrong.why}", err=True)

        yield show
        return
    try:
        file = report.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise Unreadable(f"{report} cannot be written: {error.strerror}.") from None
    with file:
        # The library has no types.
        writer: Any = csv.writer(file)  # type: ignore[no-untyped-call]
        writer.writerow(("row", "column", "cell", "why"))
        yield lambda wrong: writer.writerow((wrong.row, wrong.column, wrong.cell, wrong.why))


def _told(tally: Tally, order: Order) -> Iterator[str]:
    yield f"rows: {tally.rows}, of people who are known: {tally.people}"
    names = dict.fromkeys(name for name, _ in tally.values)
    for name in names:
        outcomes = [(it, tally.values[name, it]) for it in ("new", "changed", "same")]
        yield f"  {name}: {', '.join(f'{count} {outcome}' for outcome, count in outcomes if count)}"
    for it in tally.examples:
        before, after = (", ".join(sorted(values)) or "—" for values in (it.before, it.after))
        yield f"  № {it.person_id} {it.name}: {before} → {after}"
    if tally.refused:
        where = f"{order.report} says why" if order.report else "--report FILE lists them all"
        yield f"refused rows: {tally.refused}; {where}"
    if order.dry_run:
        yield "This was a dry run: nothing was changed."
