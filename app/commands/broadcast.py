"""`vestnik broadcast`: campaigns from the command line, through what the chat and the API use."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import logs
from app.commands.given import Json, operator
from app.running import run_to_the_end

if TYPE_CHECKING:
    from app.api.steering import Verb

commands = typer.Typer(help="Campaigns.", no_args_is_help=True)

Number = Annotated[
    int, typer.Argument(metavar="N", min=1, max=2**63 - 1, help="The broadcast's number.")
]


@commands.command("list")
def show_all(
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many at most.")] = 20,
    after: Annotated[str | None, typer.Option(help="`next` of the page before.")] = None,
    json: Json = False,
) -> None:
    """The campaigns, the newest first."""
    from app.broadcasting import show_all as print_all

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(lambda: print_all(limit, after, as_json=json)))


@commands.command()
def show(number: Number, json: Json = False) -> None:
    """A campaign and how it stands; `vestnik report N` tells what became of it."""
    from app.broadcasting import show as print_one

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(lambda: print_one(number, as_json=json)))


@commands.command()
def create(  # noqa: PLR0917 - the command line gives them all by name
    text: Annotated[str, typer.Option(help="What is said, in Markdown.")] = "",
    file: Annotated[Path | None, typer.Option(help="A file with the text instead.")] = None,
    segment: Annotated[
        str,
        typer.Option(help='Whom: a query (city = "Казань"), or JSON as in the API.'),
    ] = "everyone",
    route: Annotated[str | None, typer.Option(help="last 60s delivered > sms 1h delivered")] = None,
    template: Annotated[
        str | None, typer.Option(help="Where a window is closed; empty: none; or the house's.")
    ] = None,
    topic: Annotated[
        str | None, typer.Option(help="What it is about: people may have switched that off.")
    ] = None,
    button: Annotated[
        list[str] | None,
        typer.Option(help="An entry of the scenario, or ENTRY=LABEL; may be given again."),
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Only tell what would happen.")] = False,
    json: Json = False,
) -> None:
    """Draft a campaign; nothing is sent before `vestnik broadcast start N`."""
    from app.broadcasting import create as draft

    logs.configure(quiet=True)
    asked = {
        "segment": segment,
        "route": route,
        "template": template,
        "topic": topic,
        "buttons": button or [],
    }
    sys.exit(
        run_to_the_end(lambda: draft(text, file, asked, operator(), dry_run=dry_run, as_json=json)),
    )


@commands.command()
def start(number: Number, json: Json = False) -> None:
    """Freeze the audience and begin to send."""
    _steer(number, "start", json=json)


@commands.command()
def pause(number: Number, json: Json = False) -> None:
    """Send nothing more for now; what is on its way arrives."""
    _steer(number, "pause", json=json)


@commands.command()
def resume(number: Number, json: Json = False) -> None:
    """Go on where it was paused."""
    _steer(number, "resume", json=json)


@commands.command()
def cancel(number: Number, json: Json = False) -> None:
    """Send nothing more ever; what was not begun is cancelled."""
    _steer(number, "cancel", json=json)


def _steer(number: int, verb: "Verb", *, json: bool) -> None:
    from app.broadcasting import steer

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(lambda: steer(number, verb, operator(), as_json=json)))
