"""Our webhooks as a platform meets them: what the channel accepts is read at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from aiohttp import web

from tests.emulators.stagehand import PATIENCE_SECONDS, served
from vestnik.channel import Channel, Forged, Hook, Kept, Unreadable
from vestnik.inbound import Inbound

Event = TypeVar("Event")
Found = TypeVar("Found")


@dataclass
class Door:
    """What came in through it, in order."""

    channel: Channel
    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    heard: list[Inbound | Unreadable] = field(default_factory=list)
    refused: int = 0
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        hook = Hook(
            method=request.method,
            url=str(request.url),
            query=request.query_string,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
            account=request.match_info["account"],
        )
        try:
            reply = self.channel.accept(hook)
        except Forged as forged:
            self.refused += 1
            self._came.set()
            return web.Response(status=forged.status)
        if reply.keep is not None:
            self.bodies.append(reply.keep)
            self.heard += self.channel.read(Kept(hook.account, reply.keep, datetime.now(UTC)))
            self._came.set()
        return web.Response(status=reply.status, text=reply.body, content_type=reply.content_type)

    async def hears(
        self, kind: type[Event], true: Callable[[Event], object] = lambda _: True
    ) -> Event:
        """The first event of this kind of which it is true; fails when none comes in time."""

        def found() -> Event | None:
            events = (it for it in self.heard if isinstance(it, kind) and true(it))
            return next(events, None)

        return await self._until(found)

    async def hears_all(self, count: int) -> list[Any]:
        """Everything so far, once there is so much, and there is no more."""
        await self._until(lambda: len(self.heard) >= count or None)
        assert len(self.heard) == count, self.heard
        return list(self.heard)

    async def refuses(self) -> int:
        """How many webhooks were refused, once one is; fails when none is in time."""
        return await self._until(lambda: self.refused or None)

    async def _until(self, found: Callable[[], Found | None]) -> Found:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (answer := found()) is None:
                self._came.clear()
                await self._came.wait()
            return answer


@asynccontextmanager
async def open_door(channel: Channel) -> AsyncIterator[Door]:
    """Serve `{url}/webhooks/{channel}/{account}`, as our own web layer does."""
    door = Door(channel)
    app = web.Application(client_max_size=8 * 2**20)
    app.router.add_route("*", f"/webhooks/{channel.name}/{{account}}", door.take)
    async with served(app) as door.url:
        yield door
