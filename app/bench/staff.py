"""A platform at work for a benchmark: worker processes, the scheduler's role here, a broadcast."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import bots.telegram
from app import roles
from app.bench.ground import UNLIMITED, Ground, environment, settle, worker
from app.bench.measuring import Taken
from app.rehearsal.programs import Program
from app.settings import Settings
from app.wiring import House, build
from broadcast import campaign
from broadcast.campaign import Plan
from vestnik.channel import Channel
from vestnik.outbound import Text
from vestnik.richtext import RichText
from vestnik.segment import EVERYONE

TEXT = Text(RichText("Осенний вкус уже в кофейнях. До воскресенья латте по цене капучино."))
WARM_UP = 100
"""People to whom one broadcast goes before anything is measured."""

LOOKS = 400
"""How many times the end of a broadcast is looked for in a run of LOOKS × 1 000 a second."""


class Wrong(Exception):
    """A run is no measurement: not everybody was sent to."""


@dataclass(frozen=True, slots=True)
class Staff:
    """The workers of one database, and the house through which they are told."""

    house: House
    workers: list[Program]

    async def broadcast(self) -> Taken:
        """One to everybody, from its confirmation to its last settled row. Raises Wrong."""
        before = self._cpu()
        began = time.perf_counter()
        broadcast_id, audience = await self._start()
        await self._end(broadcast_id, audience)
        seconds = time.perf_counter() - began
        async with self.house.database.read() as work:
            states = (await work.reports.of(broadcast_id)).states
        if states != {"accepted": audience}:
            raise Wrong(f"Of {audience} people: {dict(states)}.")
        peak = max((it.usage().peak for it in self.workers), default=0)
        return Taken(audience, seconds, self._cpu() - before, peak)

    async def _start(self) -> tuple[int, int]:
        async with self.house.database.begin() as work:
            plan = Plan(segment=EVERYONE, content=TEXT, route=self.house.route, templates={})
            broadcast_id = await campaign.draft(work, plan, "bench")
            await campaign.start(work, broadcast_id, "bench")
            started = await work.broadcasts.get(broadcast_id)
        return broadcast_id, (started and started.audience) or 0

    async def _end(self, broadcast_id: int, audience: int) -> None:
        pause = max(0.02, audience / (1_000 * LOOKS))
        while True:
            async with self.house.database.read() as work:
                known = await work.broadcasts.get(broadcast_id)
            if known is None or known.finished:
                return
            if not all(it.alive for it in self.workers):
                raise Wrong("A worker has ended by itself: see its log above.")
            await asyncio.sleep(pause)

    def _cpu(self) -> float:
        return sum(it.usage().cpu for it in self.workers)


@asynccontextmanager
async def staff(
    ground: Ground, base: str, people: int, *, workers: int = 1, rate: float = UNLIMITED
) -> AsyncIterator[Staff]:
    """Workers on a database of their own with so many people, warmed up, sending to a stub."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(ground.database())
        settings = environment(url, ground.redis(), base, rate)
        own = build(house_settings(settings), [telegram(settings)])
        # On SQLite the one process is the whole platform; else the scheduler's role is ours.
        role = roles.scheduler if own.settings.redis_url else roles.opened
        await stack.enter_async_context(role(own))
        running = [
            await stack.enter_async_context(worker(settings, ground.folder, "worker"))
            for _ in range(workers)
        ]
        made = Staff(own, running)
        await settle(url, WARM_UP)
        await made.broadcast()
        await settle(url, max(people - WARM_UP, 1))
        yield made


def house_settings(told: Mapping[str, str]) -> Settings:
    """The house's own settings from an environment's, and from nothing else."""
    return Settings.model_validate({name.lower(): value for name, value in told.items()})


def telegram(told: Mapping[str, str]) -> Channel:
    """The bot of an environment's settings."""
    prefix = "TELEGRAM_"
    own = {
        name.removeprefix(prefix).lower(): value
        for name, value in told.items()
        if name.startswith(prefix)
    }
    return bots.telegram.build(bots.telegram.Settings.model_validate(own))
