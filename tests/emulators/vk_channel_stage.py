"""Our VK channel beside the emulator: its webhook, and what it hears."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bots.vk import NAME, Settings, build
from bots.vk.channel import Vk
from tests.emulators.stagehand import served
from tests.emulators.vk_stage import ANNA, Stand
from vestnik.abilities import Polled
from vestnik.address import Address
from vestnik.channel import Forged, Hook, Kept, Unreadable
from vestnik.inbound import Inbound
from vestnik.outbound import Outbound, Send, Text
from vestnik.outcome import SendResult, Sent
from vestnik.richtext import RichText


def says(text: str, *buttons: Any, **more: Any) -> Text:
    return Text(RichText(text), buttons, **more)


@dataclass
class Ours:
    """Our channel and the webhook that feeds it."""

    vk: Vk
    stand: Stand
    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    sent: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.Response:
        """What the web layer does with a callback."""
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        hook = Hook("POST", str(request.url), "", headers, body, request.match_info["account"])
        try:
            reply = self.vk.accept(hook)
        except Forged as forged:
            return web.Response(status=forged.status)
        if reply.keep is not None:
            self.bodies.append(reply.keep)
            self._news.set()
        return web.Response(status=reply.status, text=reply.body)

    def read(self, bodies: Sequence[bytes]) -> list[Inbound | Unreadable]:
        now = datetime.now(UTC)
        return [item for body in bodies for item in self.vk.read(Kept("main", body, now))]

    async def heard(self, count: int) -> list[Any]:
        """All events so far, once there are so many."""
        async with asyncio.timeout(60):
            while len(found := self.read(self.bodies)) < count:
                self._news.clear()
                await self._news.wait()
        assert len(found) == count
        return found

    async def says(self, outbound: Outbound, *whom: int, handle: str = "") -> Sequence[SendResult]:
        """Send the same to people, Anna if nobody is named; each time under a new handle."""
        self.sent += 1
        name = handle or str(self.sent)
        addresses = [Address(NAME, "main", str(peer)) for peer in whom or (ANNA.vk,)]
        return await self.vk.send([Send(address, outbound, name) for address in addresses])

    async def first_poll(self) -> Polled:
        """What a poll brings when Anna has spoken since its cursor was made."""
        asked = {"group_id": self.stand.vk.settings.group_id}
        answer = await self.stand.call("groups.getLongPollServer", **asked)
        await self.stand.gesture("say", text="Раз")
        return await self.vk.poll(json.dumps(answer["response"]))

    async def shows(self, outbound: Text) -> str:
        """Send something to Anna that must arrive; gives its reference."""
        (result,) = await self.says(outbound)
        assert isinstance(result, Sent), result
        return result.reference


@asynccontextmanager
async def ours(stand: Stand, **settings: Any) -> AsyncIterator[Ours]:
    """Our channel for the stand's community, nothing set up yet."""
    told = stand.vk.settings
    given = {"token": SecretStr(told.token), "group_id": told.group_id}
    channel = Ours(build(Settings(api_url=f"{stand.base}/vk", **{**given, **settings})), stand)
    app = web.Application()
    app.router.add_post("/webhooks/vk/{account}", channel.handle)
    async with served(app) as channel.url:
        try:
            yield channel
        finally:
            await channel.vk.aclose()
