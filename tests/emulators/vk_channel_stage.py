"""Our VK channel beside the emulator: its webhook, and what it hears."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from bots.vk import NAME, Settings, build
from bots.vk.channel import Vk
from tests.emulators.our_door import Door, open_door
from tests.emulators.vk_stage import ANNA, Stand
from vestnik.abilities import Polled
from vestnik.address import Address
from vestnik.channel import Kept, Unreadable
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
    door: Door
    sent: int = 0

    @property
    def url(self) -> str:
        """Where our webhooks are."""
        return self.door.url

    def read(self, bodies: Sequence[bytes]) -> list[Inbound | Unreadable]:
        now = datetime.now(UTC)
        return [item for body in bodies for item in self.vk.read(Kept("main", body, now))]

    async def heard(self, count: int) -> list[Any]:
        """All events so far, once there are so many."""
        return await self.door.hears_all(count)

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
    channel = build(Settings(api_url=f"{stand.base}/vk", **{**given, **settings}))
    async with open_door(channel) as door:
        try:
            yield Ours(channel, stand, door)
        finally:
            await channel.aclose()
