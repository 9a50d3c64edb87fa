"""The commands about scenarios: check, schema, preview, graph."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from app.discovery import messengers, switched_on
from app.settings import Settings, load
from app.starting import ENV_FILE
from app.wiring import languages_of, scenario_path
from dialogs.allowing import allows
from dialogs.checking import check
from vestnik.channel import Limits


def check_scenarios(files: Sequence[Path]) -> int:
    """Tell what is wrong with these scenarios, or with the one in use; 1 when anything is."""
    settings = load()
    channels = limits_of(settings)
    typer.echo(f"Looked at for {', '.join(channels)}.")
    flawed = False
    for file in files or [scenario_path(settings)]:
        found = check(
            file,
            channels,
            languages_of(settings),
            lambda url: allows(settings.callable_addresses, url),
        )
        flawed = flawed or bool(found)
        for finding in found:
            typer.echo(str(finding))
        if not found:
            typer.echo(f"{file}: nothing wrong")
    return int(flawed)


def limits_of(settings: Settings) -> Mapping[str, Limits]:
    """What the messengers carry that are switched on; all of them where none is."""
    names = {str(module.NAME): module.LIMITS for module in messengers()}
    on = {str(it.name): it.limits for it in switched_on(settings, ENV_FILE) if it.name in names}
    return on or names
