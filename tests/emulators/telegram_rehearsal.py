"""Our Telegram channel on the emulator's stage."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from bots.telegram import NAME, Settings, build
from bots.telegram.channel import Telegram
from tests.emulators.telegram_stage import ANNA, Stage, stage
from vestnik.address import Address
from vestnik.channel import Kept, Unreadable
from vestnik.inbound import Inbound
from vestnik.outbound import Outbound, Send, Text
from vestnik.outcome import SendResult, Sent
from vestnik.richtext import RichText


@dataclass
class Rehearsal:
    """The emulator's stage and our channel, which polls unless told otherwise."""

    stage: Stage
    channel: Telegram
    cursor: str | None = None

    async def hears(self) -> Inbound:
        """The one new event."""
        (event,) = await self.hears_all()
        return event

    async def hears_all(self) -> list[Inbound]:
        """The new events."""
        polled = await asyncio.wait_for(self.channel.poll(self.cursor), 30)
        self.cursor = polled.cursor
        events: list[Inbound] = []
        for body in polled.bodies:
            for item in self.channel.read(kept(body)):
                assert not isinstance(item, Unreadable), item
                events.append(item)
        return events

    async def says(self, outbound: Outbound, to: int = ANNA, **more: Any) -> SendResult:
        """The result of one send."""
        address = Address(NAME, "main", str(to))
        (result,) = await self.channel.send([Send(address, outbound, **more)])
        return result


def kept(body: bytes) -> Kept:
    return Kept("main", body, datetime.now(UTC))


def text(words: str, *buttons: Any, **more: Any) -> Text:
    return Text(RichText(words), buttons=buttons, **more)


def reference(result: SendResult) -> str:
    assert isinstance(result, Sent), result
    return result.reference


@asynccontextmanager
async def rehearsing(
    channel: dict[str, Any] | None = None, **emulator: Any
) -> AsyncIterator[Rehearsal]:
    async with stage(**emulator) as scene:
        settings: dict[str, Any] = {
            "token": SecretStr(scene.telegram.settings.token),
            "api_url": f"{scene.base}/telegram",
            "mode": "polling",
            "timeout": 3.0,
        }
        ours = build(Settings(**settings | (channel or {})))
        try:
            yield Rehearsal(scene, ours)
        finally:
            await ours.aclose()


@asynccontextmanager
async def started() -> AsyncIterator[Rehearsal]:
    """Anna has started the bot, and it has heard so."""
    async with rehearsing() as ready:
        await ready.stage.does("start")
        await ready.hears()
        yield ready
