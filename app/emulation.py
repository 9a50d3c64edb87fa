"""The emulated platforms alone: `vestnik emulate`, to rehearse against before a token exists."""

from pathlib import Path

import typer

from app.demo import cast
from app.demo.stage import build_stage, channels_for
from app.roles import told_to_stop
from emulators.chaos import Chaos
from emulators.server import serving
from emulators.world import World

PLAYERS = 4
OWN = {"DATABASE_URL": "sqlite:///rehearsal.sqlite3"}
"""A rehearsal has a database of its own: its people are nobody."""


async def run_emulators(
    host: str,
    port: int,
    house: str,
    acceptance_log: Path | None = None,
    chaos_seed: int | None = None,
) -> None:
    """Serve until told to stop; what is printed is an .env that points Vestnik here.

    `house` is where Vestnik listens: the SMS gateway reports there; the other platforms are told
    by Vestnik itself. With a seed for chaos, random faults happen, the same for the same seed.
    """
    world = World.with_log(acceptance_log)
    chaos = None if chaos_seed is None else Chaos(chaos_seed)
    world.disturb(chaos)
    stage = build_stage(world)
    stage.report_to(house)
    cast.staff(world)
    cast.players(world, PLAYERS)
    async with serving(world, stage.platforms, host=host, port=port) as base:
        typer.echo(f"# The page of phones: {base}/")
        typer.echo(f"# Put this into .env and start `vestnik run`; SMS reports go to {house}.")
        for name, value in (channels_for(base) | OWN).items():
            typer.echo(f"{name}={value}")
        if chaos is not None:
            typer.echo(f"# Chaos, seed {chaos.seed} (DELETE {base}/_sim/chaos ends it):")
            for promise in chaos.promises():
                typer.echo(f"#   {promise}")
        await told_to_stop().wait()
