"""`vestnik demo`: builds stage and house, plays the story or leaves the phones to the visitor."""

import json
import os
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import typer

from app import roles
from app.demo import story
from app.demo.cast import MESSENGERS
from app.demo.stage import build_stage, channels_for
from app.demo.story import Theatre
from app.demo.tally import tally
from app.discovery import switched_on
from app.rehearsal.processes import processes
from app.settings import DEFAULT_SCENARIO, BadSettings, load
from app.wiring import build
from emulators.server import serving
from emulators.world import World
from storage.migrate import upgrade

ON_STAGE = 3
"""People on each messenger who have subscribed before the visitor comes."""


async def once(people: int, *, as_json: bool) -> int:
    """Play the whole story; 1 when the two ledgers differ or a guarantee is broken."""
    async with opened(0) as theatre:
        if theatre.scenario.name != DEFAULT_SCENARIO:
            raise BadSettings(
                f"SCENARIO is {theatre.scenario.name}: the story that plays itself is about "
                f"{DEFAULT_SCENARIO}; `vestnik demo` without --once opens the phones."
            )
        played = await story.play(theatre, people)
        result = await tally(theatre.stage, theatre.database, played)
    if as_json:
        typer.echo(json.dumps(result.numbers, ensure_ascii=False))
    else:
        for name, value in result.numbers.items():
            typer.echo(f"{name}: {value}")
    return 0 if result.sound else 1


async def on_stage(people: int, port: int) -> None:
    """Serve the page of phones, with people who have subscribed already, until told to stop."""
    async with opened(port) as theatre:
        typer.echo(f"\n  Vestnik is on stage: {theatre.base}/\n", color=True)
        typer.echo("  Press Start on a phone, or type /broadcast in the admin chat as Marina.")
        typer.echo("  Everything is emulated; nothing leaves this machine. Ctrl+C ends it.\n")
        if theatre.scenario.name == DEFAULT_SCENARIO:
            await story.prologue(theatre, people, walkers=ON_STAGE)
            await story.complications(theatre, people - ON_STAGE * len(MESSENGERS))
        else:
            story.on_their_phones(theatre, ON_STAGE)
        await roles.told_to_stop().wait()


@asynccontextmanager
async def opened(port: int) -> AsyncIterator[Theatre]:
    """Stage and house, the house's clock going by the stage's; settings go into the environment."""
    world = World()
    stage = build_stage(world)
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(serving(world, stage.platforms, port=port))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vestnik-demo-"))
        os.environ.update(channels_for(base))
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/demo.sqlite3")
        os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
        os.environ["PORT"] = "0"
        settings = load(None)
        house = build(settings, switched_on(settings, None))
        if settings.embedded:
            address = await stack.enter_async_context(roles.everything(house))
            await roles.set_up(house, address)
        else:
            await upgrade(house.database)
            stack.push_async_callback(house.aclose)
            address = await stack.enter_async_context(processes(os.environ))
        await stage.point_at(address)
        # A reminder in a day comes when the page's clock is moved by a day.
        world.on_clock = house.database.shift_clock
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Theatre(session, base, stage, house.database, house.scenario)
