"""A platform of several processes on all channels, whose workers are killed and replaced."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from app.bench.ground import Ground
from app.rehearsal.platforms import Platforms, platforms
from app.rehearsal.processes import free_port
from app.rehearsal.programs import Program, bare, program
from storage.crowd import Homes
from vestnik.address import ChannelName, Lane

WORKERS = 2
WHATSAPP = "whatsapp"


def _homes(channel: str, first: int, prefix: str = "") -> Homes:
    return Homes(Lane(ChannelName(channel), "main"), first, prefix)


# By turns; the numbers are those of app.rehearsal.platforms.
HOMES = (
    _homes("telegram", 500_000),
    _homes("vk", 700_000),
    _homes(WHATSAPP, 900_000_000_000, "RU."),
    _homes("sms", 79_160_000_000, "+"),
)
CHANNELS = tuple(str(home.lane.channel) for home in HOMES)


@dataclass(slots=True)
class Crew:
    """Workers of whom some are killed; whoever is killed is replaced."""

    ground: Ground
    settings: Mapping[str, str]
    stack: AsyncExitStack
    running: list[Program] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)

    async def hire(self) -> None:
        """One more worker, at work when this returns."""
        log = self.ground.folder / f"worker-{next(self.numbers)}.log"
        one = await self.stack.enter_async_context(
            program("app", "worker", environment=self.settings, folder=self.ground.folder, log=log)
        )
        await one.logs('"working"')
        self.running.append(one)

    async def replace(self, one: Program) -> None:
        """Kill -9, and somebody else in the place."""
        await one.kill()
        self.running.remove(one)
        await self.hire()

    async def lose_all(self) -> None:
        """Kill -9 for all of them at once."""
        await asyncio.gather(*(one.kill() for one in self.running))
        self.running.clear()


@asynccontextmanager
async def company(ground: Ground, url: str, people: int) -> AsyncIterator[tuple[Platforms, Crew]]:
    """The platforms, a web process, a scheduler and the first workers."""
    port = free_port()
    house = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        emulated = await stack.enter_async_context(platforms(ground.folder, people, house))
        own = {
            "DATABASE_URL": url,
            "REDIS_URL": ground.redis(),
            "SECRET_KEY": "of-a-rehearsal" * 3,
            "PORT": str(port),
            "TELEGRAM_ADMIN_CHAT": "",
        }
        settings = bare(emulated.settings | own)
        for role, says in (("web", "listening"), ("scheduler", "scheduling")):
            log = ground.folder / f"{role}.log"
            started = program("app", role, environment=settings, folder=ground.folder, log=log)
            await (await stack.enter_async_context(started)).logs(f'"{says}"')
        crew = Crew(ground, settings, stack)
        for _ in range(WORKERS):
            await crew.hire()
        yield emulated, crew
