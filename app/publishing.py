"""`vestnik dialogs publish` and `versions`: which scenario dialogs begin with, while all runs."""

import json
from pathlib import Path

import typer

from app.roles import prepared
from app.scenarios import findings, limits_of
from app.settings import Settings, load
from app.starting import ENV_FILE
from dialogs.scenario import Flawed, Scenario, parse
from dialogs.scenario import load as read_scenario
from dialogs.shelf import keep
from storage.auditing import Deed
from storage.database import Database
from storage.unit_of_work import UnitOfWork


async def publish(what: str, actor: str) -> int:
    """Have dialogs begin with a file's content, or with a version that is kept; 1 when refused.

    Every process takes it up within seconds; dialogs under way end as they began.
    """
    settings = load(ENV_FILE)
    database = Database(settings.database_url)
    try:
        await prepared(database)
        async with database.begin() as work:
            scenario = await _sound(work, what, settings)
            if scenario is None:
                return 1
            before = await work.scenarios.published()
            if before == scenario.version:
                typer.echo(f"{scenario.version} is published already.")
                return 0
            await _publish(work, scenario, before, actor)
    finally:
        await database.aclose()
    typer.echo(f"Published {scenario.name} as {scenario.version}: dialogs begin with it now.")
    typer.echo(f"Back: `vestnik dialogs publish {before}`" if before else "It was the first.")
    return 0


async def show_versions(*, as_json: bool) -> int:
    """Print what is kept, the newest first."""
    database = Database(load(ENV_FILE).database_url)
    try:
        await prepared(database)
        async with database.read() as work:
            kept, published = await work.scenarios.versions(), await work.scenarios.published()
    finally:
        await database.aclose()
    for it in kept:
        then = it.published_at.isoformat(timespec="seconds") if it.published_at else None
        if as_json:
            told = {
                "version": it.version,
                "name": it.name,
                "kept_at": it.kept_at.isoformat(),
                "published_at": it.published_at and it.published_at.isoformat(),
                "current": it.version == published,
            }
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            mark = "*" if it.version == published else " "
            typer.echo(f"{mark} {it.version}  {it.name}  {then or 'never published'}")
    if published is None and not as_json:
        typer.echo("Nothing is published: dialogs begin with the file that SCENARIO names.")
    return 0


async def _sound(work: UnitOfWork, what: str, settings: Settings) -> Scenario | None:
    """The scenario that is meant; what hinders it is told."""
    kept = await work.scenarios.text(what)
    try:
        return _checked(Path(what), settings) if kept is None else parse(kept[0], what, kept[1])
    except FileNotFoundError:
        typer.echo(
            f"There is neither a file {what} nor such a version: "
            "`vestnik dialogs versions` tells which there are.",
            err=True,
        )
    except Flawed as flawed:
        typer.echo(f"{flawed}\nNothing is published. Put this right first.", err=True)
    return None


def _checked(file: Path, settings: Settings) -> Scenario:
    """The scenario of a file in which nothing is wrong; raises Flawed and FileNotFoundError."""
    if not file.is_file():
        raise FileNotFoundError(file)
    found = findings(file, limits_of(settings), settings)
    if found:
        raise Flawed(*found)
    return read_scenario(file)


async def _publish(work: UnitOfWork, scenario: Scenario, before: str | None, actor: str) -> None:
    await keep(work, scenario)
    await work.scenarios.publish(scenario.version)
    deed = Deed(
        actor=actor,
        action="scenario.publish",
        subject=f"scenario:{scenario.name}",
        before={"version": before},
        after={"version": scenario.version},
    )
    await work.audit.record(deed)
