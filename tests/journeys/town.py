"""A town for stories: emulated platforms, our house in this process, phones in people's hands."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import aiohttp
import pytest

from app import roles
from app.demo import cast
from app.demo.stage import ADMIN_CHAT, OPERATORS_CHAT, Stage, build_stage, channels_for
from app.demo.walking import handset
from app.discovery import switched_on
from app.settings import load
from app.wiring import House, build
from emulators.handset import Handset
from emulators.server import serving
from emulators.world import Human, World
from storage.broadcasts import Broadcast
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address, ChannelName

PATIENCE_SECONDS = 15.0

Seen = TypeVar("Seen")


@dataclass
class Town:
    """What a story needs. `house` may be closed and built anew, as a restart does."""

    base: str
    stage: Stage
    session: aiohttp.ClientSession
    address: str = ""
    house: House = field(init=False)
    _living: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def open(self) -> None:
        """Build the house and let it listen; webhooks are pointed at it."""
        settings = load(None)
        self.house = build(settings, switched_on(settings, None))
        self.address = await self._living.enter_async_context(roles.everything(self.house))
        # A restart listens where it did before: the platforms know that address.
        os.environ["PORT"] = self.address.rsplit(":", 1)[1]
        await roles.set_up(self.house, self.address)
        await self.stage.point_at(self.address)

    async def close(self) -> None:
        """Stop the house; the platforms and the database stay."""
        await self._living.aclose()
        self._living = AsyncExitStack()

    def human(self, who: str) -> Human:
        return self.stage.world.people[who]

    def phone(self, who: str, messenger: str) -> Handset:
        return handset(self.session, self.base, self.human(who), messenger)

    def staff(self, who: str, chat: str = ADMIN_CHAT) -> Handset:
        return Handset(self.session, self.base, platform="telegram", who=who, chat=chat, group=True)

    def operator(self, who: str = "oleg") -> Handset:
        return self.staff(who, OPERATORS_CHAT)

    async def hours_pass(self, hours: float) -> None:
        """Time moves for the platforms and for us alike."""
        self.stage.world.clock.advance(hours * 3600)
        await self.house.database.shift_clock(hours * 3600)

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator[UnitOfWork]:
        async with self.house.database.read() as work:
            yield work

    async def person_id(self, who: str, messenger: str) -> int:
        human = self.human(who)
        handles = {"telegram": str(human.telegram), "vk": str(human.vk), "whatsapp": human.bsuid}
        async with self.ledger() as work:
            known = await work.people.address(
                Address(ChannelName(messenger), "main", handles[messenger])
            )
        assert known is not None, f"{who} is not known on {messenger}"
        return known.person_id

    async def finished_broadcast(self) -> int:
        """Wait until the newest broadcast is over and reported; gives its id."""

        async def newest() -> Broadcast | None:
            async with self.ledger() as work:
                return next(iter(await work.broadcasts.latest(1)), None)

        ended = await self.until(
            newest, lambda it: it is not None and it.finished and it.reported_at is not None
        )
        assert ended is not None
        return ended.id

    async def until(
        self, look: Callable[[], Awaitable[Seen]], fits: Callable[[Seen], bool]
    ) -> Seen:
        """Look until what is seen fits."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                seen = await look()
                if fits(seen):
                    return seen
                await asyncio.sleep(0.05)

    async def quiet(self) -> None:
        """Wait until everything that came in took effect."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            calm = 0
            while calm < 3:
                async with self.ledger() as work:
                    calm = 0 if await work.inbox.waiting() else calm + 1
                await asyncio.sleep(0.05)


@asynccontextmanager
async def founded(monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[Town]:
    """A town with four players a messenger: p000 on Telegram, p001 on VK, p002 on WhatsApp, …"""
    world = World()
    stage = build_stage(world)
    cast.staff(world)
    cast.players(world, 4)
    async with serving(world, stage.platforms) as base, aiohttp.ClientSession() as session:
        for name, value in channels_for(base).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DATABASE_URL", database_url)
        monkeypatch.setenv("SECRET_KEY", "a key of the tests, thirty-two bytes")
        monkeypatch.setenv("API_KEY", "key-of-the-api")
        monkeypatch.setenv("PORT", "0")
        town = Town(base, stage, session)
        await town.open()
        try:
            yield town
        finally:
            await town.close()
