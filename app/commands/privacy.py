"""`vestnik privacy`: what is known of a person, what proves their consents, and forgetting them."""

import sys
from typing import Annotated

import typer

from app import logs
from app.commands.given import Json, operator
from app.running import run_to_the_end

commands = typer.Typer(help="People's data and their consents.", no_args_is_help=True)

Person = Annotated[
    int, typer.Argument(metavar="PERSON", min=1, max=2**63 - 1, help="Our number of the person.")
]


@commands.command()
def proof(person: Person, json: Json = False) -> None:
    """The ledger of their consents: exact words, the message that gave each, the hash checked.

    Exit code 1 when there is nothing, or the words are not those that were agreed to.
    """
    from app.privacy import prove

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(lambda: prove(person, as_json=json)))


@commands.command()
def export(person: Person) -> None:
    """Everything that is kept about a person, as JSON, for them to take along."""
    from app.privacy import export as write

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(lambda: write(person, operator())))


@commands.command()
def erase(
    person: Person,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; it cannot be undone.")] = False,
) -> None:
    """Forget a person, as /forget does: the ledger of consents stays, without a name."""
    from app.privacy import erase as forget

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(lambda: forget(person, operator(), sure=yes)))
