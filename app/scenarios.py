"""The commands about scenarios: check, schema, preview, graph."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from app.discovery import messengers, switched_on
from app.drawing import draw
from app.previewing import show
from app.settings import Settings, load
from app.starting import ENV_FILE
from app.wiring import languages_of, scenario_path
from dialogs.allowing import allows
from dialogs.checking import check
from dialogs.fitting import screens
from dialogs.graph import graph
from dialogs.marked import Finding
from dialogs.scenario import Flawed, Scenario
from dialogs.scenario import load as load_scenario
from dialogs.schema import schema
from vestnik.channel import Limits


def check_scenarios(files: Sequence[Path]) -> int:
    """Tell what is wrong with these scenarios, or with the one in use; 1 when anything is."""
    settings = load()
    channels = limits_of(settings)
    typer.echo(f"Looked at for {', '.join(channels)}.")
    flawed = False
    for file in files or [scenario_path(settings)]:
        found = findings(file, channels, settings)
        flawed = flawed or bool(found)
        for finding in found:
            typer.echo(str(finding))
        if not found:
            typer.echo(f"{file}: nothing wrong")
    return int(flawed)


def findings(file: Path, channels: Mapping[str, Limits], settings: Settings) -> list[Finding]:
    """What is wrong with a file in the house of these settings."""
    return check(
        file,
        channels,
        languages_of(settings),
        lambda url: allows(settings.callable_addresses, url),
    )


def print_schema() -> None:
    """Print the JSON Schema of scenarios."""
    typer.echo(json.dumps(schema(), ensure_ascii=False, indent=2))


def preview_step(name: str, file: Path | None, language: str | None) -> int:
    """Show a step as each messenger shows it; 1 when there is no such step to be shown."""
    settings = load()
    scenario = _readable(file or scenario_path(settings))
    step = scenario.steps.get(name) if scenario else None
    if scenario is None or step is None:
        if scenario:
            typer.echo(f"There is no step {name}; there are {', '.join(scenario.steps)}.", err=True)
        return 1
    shown, names = 0, {key: beside for beside, key in scenario.files.items()}
    for channel, limits in limits_of(settings).items():
        for screen in screens(scenario, step, limits, languages_of(settings)):
            if language in (None, screen.language):
                show(channel, screen, limits, names)
                shown += 1
    if not shown:
        typer.echo(f"Nothing is said at {name}.")
    return 0


def draw_graph(file: Path | None, folder: Path, language: str | None) -> int:
    """Write a scenario's graph into a folder, as SVG and PNG; 1 when it cannot be read."""
    scenario = _readable(file or scenario_path(load()))
    if scenario is None:
        return 1
    paths = [folder / f"{scenario.name}.{ending}" for ending in ("svg", "png")]
    draw(graph(scenario, language or scenario.languages[0]), paths)
    for path in paths:
        typer.echo(str(path))
    return 0


def _readable(file: Path) -> Scenario | None:
    try:
        return load_scenario(file)
    except Flawed as flawed:
        typer.echo(str(flawed), err=True)
        return None


def limits_of(settings: Settings) -> Mapping[str, Limits]:
    """What the messengers carry that are switched on; all of them where none is."""
    names = {str(module.NAME): module.LIMITS for module in messengers()}
    on = {str(it.name): it.limits for it in switched_on(settings, ENV_FILE) if it.name in names}
    return on or names
