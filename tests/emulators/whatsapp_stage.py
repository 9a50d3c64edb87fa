"""A stage for the emulated WhatsApp: three people, a business that calls it and a real receiver."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
from aiohttp import web

from emulators.server import serving
from emulators.whatsapp import WhatsApp, WhatsAppSettings
from emulators.whatsapp.signing import signature
from emulators.world import Human, World
from tests.emulators import stagehand
from tests.emulators.stagehand import eventually, plan_fault, served

# What the platform does to a share of the messages is for the tests that ask for it.
SETTINGS = WhatsAppSettings(
    batch_seconds=0.02,
    sent_after=0.0,
    delivered_after=0.01,
    jitter=0.0,
    unordered=0.0,
    undelivered=0.0,
    duplicates=0.0,
)
PHONE_ID = SETTINGS.phone_id
WABA_ID = SETTINGS.waba_id
VERSION = "v26.0"
DAY = 86_400

ANNA = Human("anna", "Анна Иванова", "+79990001122", 1, 11, "RU.1349120", username="@anna")
BORIS = Human("boris", "Борис", "+79990003344", 2, 12, "RU.2349121", username_only=True)
CLARA = Human("clara", "Clara", "+15550102030", 3, 13, "US.3349122")


def people() -> World:
    """A world of three, made anew for each test."""
    world = World()
    for human in (ANNA, BORIS, CLARA):
        world.add(replace(human))
    return world


@dataclass
class Receiver:
    """The business's webhook: keeps what came, and answers as it is told."""

    secret: str
    verify_token: str
    posts: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    url: str = ""

    async def challenge(self, request: web.Request) -> web.Response:
        if request.query.get("hub.verify_token") != self.verify_token:
            return web.Response(status=403)
        return web.Response(text=request.query["hub.challenge"])

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        assert request.headers["X-Hub-Signature-256"] == signature(self.secret, body)
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.bodies.append(body)
            self.proofs.append(request.headers["X-Hub-Signature-256"])
            self.posts.append(json.loads(body))
        return web.Response(status=status)

    def values(self, field_name: str = "messages") -> list[dict[str, Any]]:
        """Every `value` of a field, in the order of arrival."""
        return [
            change["value"]
            for post in self.posts
            for entry in post["entry"]
            for change in entry["changes"]
            if change["field"] == field_name
        ]

    def messages(self) -> list[dict[str, Any]]:
        return [item for value in self.values() for item in value.get("messages", ())]

    def echoes(self) -> list[dict[str, Any]]:
        values = self.values("smb_message_echoes")
        return [item for value in values for item in value["message_echoes"]]

    def statuses_of(self, message_id: str) -> list[dict[str, Any]]:
        items = [item for value in self.values() for item in value.get("statuses", ())]
        return [item for item in items if item["id"] == message_id]

    def states_of(self, message_id: str) -> list[str]:
        return [item["status"] for item in self.statuses_of(message_id)]


@dataclass
class Stage:
    """Everything a test needs."""

    world: World
    whatsapp: WhatsApp
    base: str
    session: aiohttp.ClientSession
    receiver: Receiver

    async def call(
        self, method: str, path: str, *, token: str = SETTINGS.token, **how: Any
    ) -> tuple[int, Any]:
        """A request to the Graph API; gives status and JSON."""
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.base}/whatsapp/{VERSION}/{path}"
        async with self.session.request(method, url, headers=headers, **how) as response:
            return response.status, await response.json()

    async def post(self, body: Mapping[str, Any], **how: Any) -> tuple[int, Any]:
        """`POST /messages` of a body that names its product."""
        told = {"messaging_product": "whatsapp", **body}
        return await self.call("POST", f"{PHONE_ID}/messages", json=told, **how)

    async def send(self, to: str = ANNA.phone, /, **body: Any) -> str:
        """A message that must be accepted; gives its wamid."""
        status, answer = await self.post({"to": to, **body})
        assert status == 200, answer
        return str(answer["messages"][0]["id"])

    async def text(self, body: str, to: str = ANNA.phone, **more: Any) -> str:
        return await self.send(to, type="text", text={"body": body}, **more)

    async def refused(self, body: Mapping[str, Any]) -> tuple[int, int, str]:
        """HTTP status, code and details of a message that must be refused."""
        status, answer = await self.post(body)
        error = answer["error"]
        return status, error["code"], error.get("error_data", {}).get("details", error["message"])

    async def gesture(self, gesture: str, who: Human = ANNA, /, **told: Any) -> dict[str, Any]:
        """Somebody does something on the phone."""
        status, answer = await stagehand.gesture(
            self.session, self.base, "whatsapp", gesture, who=who.id, **told
        )
        return {**answer, **({"refused": True} if status == 400 else {})}

    async def fault(self, **told: Any) -> None:
        await plan_fault(self.session, self.base, "whatsapp", **told)

    async def heard(self, who: Human = ANNA, text: str = "Привет") -> dict[str, Any]:
        """Somebody writes; gives the message as the webhook brought it."""
        message_id = (await self.gesture("say", who, text=text))["message"]
        return await self.received(message_id)

    async def received(self, message_id: str) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            items = self.receiver.messages()
            return next((item for item in items if item["id"] == message_id), None)

        message: dict[str, Any] = await eventually(found)
        return message

    async def reaches(self, message_id: str, state: str) -> None:
        """Wait until the webhook told this of a message."""
        await eventually(lambda: state in self.receiver.states_of(message_id))

    async def tells(self, message_id: str, count: int) -> list[dict[str, Any]]:
        """The first so many statuses that the webhook told of a message."""
        await eventually(lambda: len(self.receiver.statuses_of(message_id)) >= count)
        return self.receiver.statuses_of(message_id)

    async def first_status(self, message_id: str) -> dict[str, Any]:
        """What the webhook told first of a message."""
        statuses = await eventually(lambda: self.receiver.statuses_of(message_id))
        return dict(statuses[0])

    def screen(self, who: Human = ANNA) -> list[Any]:
        return self.world.screens.of("whatsapp", who.wa_id).bubbles


@asynccontextmanager
async def receiving(settings: WhatsAppSettings) -> AsyncIterator[Receiver]:
    receiver = Receiver(settings.app_secret, settings.verify_token)
    app = web.Application(client_max_size=8 * 2**20)
    app.router.add_get("/hook", receiver.challenge)
    app.router.add_post("/hook", receiver.take)
    async with served(app) as base:
        receiver.url = f"{base}/hook"
        yield receiver


@asynccontextmanager
async def on_stage(settings: WhatsAppSettings = SETTINGS) -> AsyncIterator[Stage]:
    """The emulator with its webhook subscribed."""
    world = people()
    whatsapp = WhatsApp(world, settings)
    async with (
        receiving(settings) as receiver,
        serving(world, [whatsapp]) as base,
        aiohttp.ClientSession() as session,
    ):
        await whatsapp.subscribe(receiver.url)
        yield Stage(world, whatsapp, base, session, receiver)
