"""A rehearsal: the emulated WhatsApp, our channel, and our webhook subscribed by our own setup."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import SecretStr

from bots import whatsapp
from emulators.server import serving
from emulators.whatsapp import WhatsApp, WhatsAppSettings
from emulators.world import Human, World
from tests.emulators.our_door import Door, open_door
from tests.emulators.stagehand import gesture, plan_fault
from tests.emulators.whatsapp_stage import ANNA, BORIS, SETTINGS, people
from vestnik.address import Address
from vestnik.inbound import DeliveryReported, TextReceived
from vestnik.outbound import AnyButton, Outbound, Send, Text
from vestnik.outcome import SendResult, Sent
from vestnik.richtext import RichText


@dataclass
class Rehearsal:
    """Everything a test needs."""

    base: str
    world: World
    channel: whatsapp.WhatsApp
    door: Door
    http: aiohttp.ClientSession

    async def does(self, name: str, who: Human = ANNA, /, **told: Any) -> dict[str, Any]:
        answer: dict[str, Any]
        status, answer = await gesture(self.http, self.base, "whatsapp", name, who=who.id, **told)
        assert status == 200, answer
        return answer

    async def fault(self, **told: Any) -> None:
        await plan_fault(self.http, self.base, "whatsapp", **told)

    async def says(self, outbound: Outbound, who: Human = ANNA, **more: Any) -> SendResult:
        address = Address(whatsapp.NAME, "main", who.bsuid)
        (result,) = await self.channel.send([Send(address, outbound, **more)])
        return result

    async def sent(self, outbound: Outbound, who: Human = ANNA, **more: Any) -> str:
        result = await self.says(outbound, who, **more)
        assert isinstance(result, Sent), result
        await self.door.hears(
            DeliveryReported,
            lambda it: it.reference == result.reference and it.state == "delivered",
        )
        return result.reference

    async def failure(self, outbound: Outbound, who: Human = ANNA, **more: Any) -> DeliveryReported:
        """The report of a message that was accepted and then failed."""
        result = await self.says(outbound, who, **more)
        assert isinstance(result, Sent), result
        return await self.door.hears(
            DeliveryReported, lambda it: it.reference == result.reference and it.state == "failed"
        )

    def screen(self, who: Human = ANNA) -> list[Any]:
        bubbles: list[Any] = self.world.screens.of("whatsapp", who.wa_id).bubbles
        return bubbles


def text(words: str, *buttons: AnyButton, **more: Any) -> Text:
    return Text(RichText(words), buttons, **more)


def settings(base: str, emulated: WhatsAppSettings, **changed: Any) -> whatsapp.Settings:
    told: dict[str, Any] = {
        "token": SecretStr(emulated.token),
        "phone_id": emulated.phone_id,
        "waba_id": emulated.waba_id,
        "app_secret": SecretStr(emulated.app_secret),
        "verify_token": SecretStr("of our own"),
        "api_url": f"{base}/whatsapp",
    }
    return whatsapp.Settings(**told | changed)


@asynccontextmanager
async def rehearsing(
    emulated: WhatsAppSettings = SETTINGS, **changed: Any
) -> AsyncIterator[Rehearsal]:
    """Nobody has written yet."""
    world = people()
    emulator = WhatsApp(world, emulated)
    async with serving(world, [emulator]) as base, aiohttp.ClientSession() as http:
        channel = whatsapp.build(settings(base, emulated, **changed))
        try:
            async with open_door(channel) as door:
                await channel.setup(door.url)
                yield Rehearsal(base, world, channel, door, http)
        finally:
            await channel.aclose()


@asynccontextmanager
async def greeted(**changed: Any) -> AsyncIterator[Rehearsal]:
    """Anna and Boris have written."""
    async with rehearsing(**changed) as ready:
        await ready.does("say", text="Привет")
        await ready.does("say", BORIS, text="Привет")
        await ready.door.hears(TextReceived, lambda it: it.address.handle == BORIS.bsuid)
        yield ready
