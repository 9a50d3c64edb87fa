"""`vestnik dialogs`: what a marketer does with a scenario before people meet it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from app import logs
from app.commands.given import Json, operator
from app.running import run_to_the_end

commands = typer.Typer(help="Scenarios.", no_args_is_help=True)

Language = Annotated[str | None, typer.Option("--language", help="Its language tag: ru.")]


@commands.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Scenarios; the used one.")] = None,
) -> None:
    """Tell what is wrong with scenarios, and what will not fit which messenger, by line."""
    from app.scenarios import check_scenarios

    _told(lambda: check_scenarios(files or []))


@commands.command()
def schema() -> None:
    """Print the JSON Schema of scenarios, for editors."""
    from app.scenarios import print_schema

    print_schema()


@commands.command()
def preview(
    step: str,
    file: Annotated[Path | None, typer.Option("--file", help="The used one unless told.")] = None,
    language: Language = None,
) -> None:
    """Show a step as each messenger shows it, and what becomes of what does not fit."""
    from app.scenarios import preview_step

    _told(lambda: preview_step(step, file, language))


@commands.command()
def graph(
    file: Annotated[Path | None, typer.Argument(help="The scenario; the used one.")] = None,
    folder: Annotated[Path, typer.Option("--to", help="The folder to write to.")] = Path(),
    language: Language = None,
) -> None:
    """Draw a scenario, as SVG and as PNG."""
    from app.scenarios import draw_graph

    _told(lambda: draw_graph(file, folder, language))


@commands.command()
def publish(
    what: Annotated[str, typer.Argument(help="A file, or the hash of a version that is kept.")],
) -> None:
    """Have new dialogs begin with it, at once and without a restart."""
    from app.publishing import publish as publish_it

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(lambda: publish_it(what, operator())))


@commands.command()
def versions(json: Json = False) -> None:
    """What was published and when; `*` marks the one that dialogs begin with."""
    from app.publishing import show_versions

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(lambda: show_versions(as_json=json)))


@commands.command()
def link(
    payload: Annotated[str, typer.Argument(help="1 to 64 of A-Z a-z 0-9 _ -.")],
    qr: Annotated[Path | None, typer.Option(help="Write QR codes into this folder.")] = None,
) -> None:
    """Links that open the dialog with a payload, one for each messenger."""
    from app.links import show_links

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(lambda: show_links(payload, qr)))


def _told(work: Callable[[], int]) -> None:
    """Do what waits for nothing; channels may still want a loop to be built in."""

    async def done() -> int:
        return work()

    logs.configure(quiet=True)
    sys.exit(run_to_the_end(done))
