"""`vestnik unknown`: messages nobody can account for, and what staff decide about them."""

import sys
from typing import Annotated, Literal

import typer

from app import logs
from app.commands.given import Json, operator
from app.running import run_to_the_end

commands = typer.Typer(help="Messages nobody can account for.", no_args_is_help=True)


@commands.command("list")
def show(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    after: Annotated[str, typer.Option(help="`next` of the page before.")] = "",
    json: Json = False,
) -> None:
    """Which they are, and what may still tell whether they arrived."""
    from app.unknown import show as show_unknown

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(lambda: show_unknown(limit, after, as_json=json)))


@commands.command()
def resolve(
    ids: Annotated[
        list[int],
        typer.Argument(min=1, max=2**63 - 1, help="Their numbers in `vestnik unknown list`."),
    ],
    decision: Annotated[
        Literal["accepted", "failed", "again"],
        typer.Option("--as", help="It arrived; it did not; send it once more, as a new message."),
    ],
) -> None:
    """Settle them by decision of staff, which the audit log keeps; all of them, or none."""
    from app.unknown import resolve as decide

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(lambda: decide(ids, decision, operator())))
