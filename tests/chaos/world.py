"""One world to be shaken: emulated platforms, a fault proxy before them, real processes of ours."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa

from app.demo import cast
from app.demo.stage import Stage, build_stage, channels_for
from app.demo.walking import handset
from delivery.sending import LEASE
from emulators.handset import Handset
from emulators.server import serving
from emulators.whatsapp import WhatsAppSettings
from emulators.world import Human
from emulators.world import World as Platforms
from storage.database import Database
from storage.tables import deliveries
from tests.chaos import crowd
from tests.chaos.processes import Process, until
from tests.chaos.proxy import Proxy
from vestnik.address import ChannelName, Lane
from vestnik.states import OPEN

API_KEY = "key-of-the-api"
A_LEASE = LEASE.total_seconds() + 1
LISTENING = '"event": "listening"'
# WhatsApp is the last whose webhook is set.
SET_UP = '"lane": "whatsapp:main", "event": "channel_set_up"'
READY = {"worker": "working", "scheduler": "scheduling", "web": SET_UP, "run": SET_UP}
ROUTE = "last 3s accepted"
SENDS = {
    "telegram": "/sendMessage",
    "vk": "/method/messages.send",
    "whatsapp": f"/{WhatsAppSettings().phone_id}/messages",
}
"""Where each messenger takes messages."""
STEP_SECONDS, FASTER = 5.0, 10.0
NUMBERS = count(1)


@dataclass
class World:
    """`log` is the truth: what the platforms accepted, written before they answered."""

    folder: Path
    stage: Stage
    log: Path
    proxy: Proxy
    base: str
    environment: dict[str, str]
    database: Database
    session: aiohttp.ClientSession
    processes: list[Process] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    async def start(self, role: str, **settings: str) -> Process:
        """Start a role and wait until it works; `web` and `run` listen on a port of their own."""
        log = self.folder / f"{role}-{next(NUMBERS)}.log"
        process = Process(role, {**self.environment, "PORT": "0", **settings}, log)
        self.processes.append(process)
        await process.start()
        if READY[role] is SET_UP:
            await process.tells(LISTENING)
            [told] = [it for it in process.told.splitlines() if LISTENING in it]
            self.addresses.append(json.loads(told)["address"])
            self.stage.report_to(self.environment.get("PUBLIC_URL", self.addresses[-1]))
        await process.tells(READY[role])
        return process

    async def roles(self, *roles: str) -> None:
        """Of each of these roles as many live as are named; those that died are started again."""
        living = Counter(it.role for it in self.processes if it.lives)
        missing = Counter(roles) - living
        await asyncio.gather(*(self.start(role) for role in missing.elements()))

    def workers(self) -> list[Process]:
        """Those that live."""
        return [it for it in self.processes if it.role == "worker" and it.lives]

    async def people(self, number: int, *messengers: cast.Messenger) -> str:
        """So many people who agreed to advertising, on these messengers in turn; gives the town."""
        town = f"Город {next(NUMBERS)}"
        chosen = islice(cycle(messengers or cast.MESSENGERS), number)
        residents = [(self.newcomer(), messenger) for messenger in chosen]
        async with self.database.begin() as work:
            await crowd.load(work, residents, town)
        for human, messenger in residents:
            if messenger == "telegram":
                self.stage.telegram.opened(human.telegram)
            elif messenger == "vk":
                self.stage.vk.opened(human.vk)
        return town

    def newcomer(self) -> Human:
        """Somebody new on every platform."""
        return self.stage.world.add(_human(next(NUMBERS)))

    def phone(self, human: Human, messenger: str) -> Handset:
        """Somebody's phone."""
        return handset(self.session, self.base, human, messenger)

    async def asks(self, method: str, path: str, body: object = None) -> Any:
        """The API's answer; raises for a refusal."""
        async with self.session.request(
            method,
            f"{self.addresses[-1]}/api/v1/{path}",
            json=body,
            headers={"Authorization": f"Bearer {API_KEY}"},
        ) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()

    async def broadcast(self, town: str, text: str, route: str = ROUTE) -> int:
        """Start a broadcast to a town; gives its id."""
        plan = {"segment": {"question": "city", "in": [town]}, "text": text, "route": route}
        drafted = await self.asks("POST", "broadcasts", plan)
        number: int = drafted["id"]
        await self.asks("POST", f"broadcasts/{number}/start")
        return number

    async def number(self, counted: sa.Executable) -> int:
        """What a query counts."""
        async with self.database.read() as work:
            total: int = (await work.connection.execute(counted)).scalar_one()
        return total

    async def left(self, broadcast: int, *states: str) -> int:
        """How many deliveries are in these states; unless told, in those that are open."""
        return await self.number(
            sa.select(sa.func.count()).where(
                deliveries.c.broadcast_id == broadcast,
                deliveries.c.state.in_(states or sorted(OPEN)),
            )
        )

    async def settled(self, broadcast: int, *states: str, within: float = 120.0) -> None:
        """Wait until none is in these states (unless told: none is open)."""

        async def over() -> bool:
            return not await self.left(broadcast, *states)

        await until(over, self.last_words, within)

    async def ends(self, broadcast: int, within: float = 120.0) -> None:
        """Wait for a broadcast's end; leases, waits and pauses pass quickly, calls do not."""

        async def over() -> bool:
            if not await self.left(broadcast):
                return True
            await asyncio.sleep(STEP_SECONDS / FASTER)
            if not self.proxy.under_way:
                await self.database.shift_clock(STEP_SECONDS)
            return False

        await until(over, self.last_words, within)

    async def rest(self, channel: str) -> float:
        """Seconds until a lane may send again, on the ledger's clock."""
        async with self.database.read() as work:
            return (await work.lanes.standing(Lane(ChannelName(channel), "main"))).rest

    def last_words(self) -> str:
        """The ends of all logs."""
        return "\n".join(f"--- {it.role}\n{it.told[-1500:]}" for it in self.processes)


@asynccontextmanager
async def founded(
    folder: Path,
    database_url: str,
    *,
    furnish: Callable[[Platforms], Stage] = build_stage,
    **settings: str,
) -> AsyncIterator[World]:
    """A world on a database with all tables; nothing of ours runs in it yet."""
    log = folder / "accepted.jsonl"
    async with AsyncExitStack() as stack:
        stage = furnish(Platforms.with_log(log))
        stack.callback(stage.world.accepted.close)
        base = await stack.enter_async_context(serving(stage.world, stage.platforms))
        proxy = Proxy([base])
        await proxy.start()
        stack.push_async_callback(proxy.stop)
        database = Database(database_url)
        stack.push_async_callback(database.aclose)
        world = World(
            folder=folder,
            stage=stage,
            log=log,
            proxy=proxy,
            base=base,
            environment=_environment(proxy.url, database_url, settings),
            database=database,
            session=await stack.enter_async_context(aiohttp.ClientSession()),
        )
        try:
            yield world
        finally:
            for process in world.processes:
                await process.kill()


def _environment(base: str, database_url: str, settings: Mapping[str, str]) -> dict[str, str]:
    return {
        **channels_for(base),
        # What is told to staff is no part of a broadcast, and would meet its faults.
        "TELEGRAM_ADMIN_CHAT": "",
        "PATH": "/usr/bin:/bin",
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a key of the tests, thirty-two bytes",
        "API_KEY": API_KEY,
        **settings,
    }


def _human(number: int) -> Human:
    return Human(
        id=f"c{number}",
        name=f"Житель {number}",
        phone=f"+7926{number:07}",
        telegram=600_000 + number,
        vk=800_000 + number,
        bsuid=f"RU.9{number:011}",
        cast=False,
    )
