"""`vestnik people`: what is known of people besides what they said themselves."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app import logs
from app.commands.given import operator
from app.running import run_to_the_end

commands = typer.Typer(help="What is known of people.", no_args_is_help=True)


@commands.callback()
def _people() -> None:
    """With a callback, one command is still called by its name."""


@commands.command("import")
def bring(  # noqa: PLR0917 - the command line gives them all by name
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX; its first row names the columns.")],
    match: Annotated[
        str, typer.Option(help="Find people by: phone, id, or the handle on a channel.")
    ] = "phone",
    key: Annotated[
        str, typer.Option(help="Header of the column that says who it is; --match unless told.")
    ] = "",
    mapped: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="HEADER=name:kind",
            help="Take this column, as text, number, date or tags. Without any: all columns.",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write why rows were refused into this CSV.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of a CSV.")] = "utf-8-sig",
    dry_run: Annotated[bool, typer.Option(help="Only tell what would change.")] = False,
) -> None:
    """Bring columns of a CRM to the people they are about; segments and queries choose by them.

    A filled cell replaces what was known under its name, an empty one changes nothing. Nobody is
    added, and no consent is given.
    """
    from app.importing.order import Order, import_people
    from app.importing.spreadsheet import Table

    logs.configure(quiet=True)
    order = Order(
        table=Table(file, encoding),
        match=match,
        key=key,
        mapped=mapped or (),
        report=report,
        dry_run=dry_run,
        actor=operator(),
    )
    sys.exit(run_to_the_end(lambda: import_people(order)))
