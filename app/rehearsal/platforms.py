"""The emulated platforms in a process of their own, at their real rates, with people on them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
import uvloop

from app.demo.stage import build_stage, channels_for
from app.rehearsal.programs import bare, program
from app.roles import told_to_stop
from emulators.server import serving
from emulators.world import Human, World


@dataclass(frozen=True, slots=True)
class Platforms:
    """Where they are, and the log of what they accept."""

    base: str
    log: Path

    @property
    def settings(self) -> dict[str, str]:
        """The settings that point every channel here, at the rates that are each channel's own."""
        told = channels_for(self.base)
        return {name: value for name, value in told.items() if not name.endswith("_RATE")}


@asynccontextmanager
async def platforms(folder: Path, people: int, house: str) -> AsyncIterator[Platforms]:
    """Start them; `house` is where the SMS gateway reports to, the others are told by Vestnik."""
    log = folder / "accepted.jsonl"
    arguments = ("app.rehearsal.platforms", str(log), str(people), house)
    async with program(
        *arguments, environment=bare({}), folder=folder, heard=True, log=folder / "platforms.log"
    ) as running:
        yield Platforms(await running.says(), log)


def inhabitant(number: int) -> Human:
    """Somebody whom every platform knows by the same number."""
    return Human(
        id=f"i{number:07}",
        name=f"Person {number}",
        phone=f"+7916{number:07}",
        telegram=500_000 + number,
        vk=700_000 + number,
        bsuid=f"RU.{900_000_000_000 + number}",
        cast=False,
    )


async def run(log: Path, people: int, house: str) -> None:
    """Serve until told to stop; people are numbered from 1. Prints the address."""
    world = World.with_log(log)
    stage = build_stage(world, faster=1.0)
    stage.report_to(house)
    for number in range(1, people + 1):
        human = world.add(inhabitant(number))
        stage.telegram.opened(human.telegram)
        stage.vk.opened(human.vk)
    async with serving(world, stage.platforms) as base:
        typer.echo(base)
        await told_to_stop().wait()


def main(log: Path, people: int, house: str) -> None:
    """The process."""
    uvloop.run(run(log, people, house))


if __name__ == "__main__":
    typer.run(main)
