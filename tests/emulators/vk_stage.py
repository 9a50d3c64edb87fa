"""A VK emulator under test: the real vkbottle client on one side, people on the other."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import aiohttp
from aiohttp import web

from bots.vk.quiet import undisturbed
from emulators.screens import Screen
from emulators.server import serving
from emulators.vk import Vk, VkSettings
from emulators.world import Human, World
from tests.emulators import stagehand
from tests.emulators.stagehand import PATIENCE_SECONDS, plan_fault, served

ANNA = Human("anna", "Анна Смирнова", "+79160000001", 1001, 777, "RU.1", username="anna")
SECRET = "s3cret"
BORIS = Human("boris", "Борис Котов", "+79160000002", 1002, 778, "RU.2")


class Stand:
    """What a test needs at hand."""

    def __init__(self, base: str, world: World, vk: Vk, api: Any, web: aiohttp.ClientSession):
        self.base, self.world, self.vk, self.web = base, world, vk, web
        # vkbottle's overloads deny part of what its own methods take and give.
        self.api = api

    async def gesture(self, name: str, who: str = "anna", **told: Any) -> dict[str, Any]:
        """A person does something; an error is answered as {"error": why}."""
        done: dict[str, Any]
        _, done = await stagehand.gesture(self.web, self.base, "vk", name, who=who, **told)
        return done

    async def fault(self, **told: Any) -> None:
        """Plan a fault."""
        await plan_fault(self.web, self.base, "vk", **told)

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """A call as it stands on the wire, errors included."""
        params = {"access_token": self.vk.settings.token, "v": "5.199", **params}
        async with self.web.post(f"{self.base}/vk/method/{method}", data=params) as answer:
            assert answer.status == 200
            told: dict[str, Any] = await answer.json()
        return told

    async def refused(self, method: str, **params: Any) -> tuple[int, str]:
        """The code and the text of a refusal."""
        error = (await self.call(method, **params))["error"]
        return error["error_code"], error["error_msg"]

    async def uploads(self, url: str, name: str, body: bytes = b"\x89PNG") -> dict[str, Any]:
        """A file sent to an upload server in the field `name`."""
        form = aiohttp.FormData()
        form.add_field(name, body, filename="чек.pdf")
        async with self.web.post(url, data=form) as answer:
            told: dict[str, Any] = await answer.json(content_type=None)
        return told

    def screen(self, human: Human = ANNA) -> Screen:
        """A person's phone."""
        return self.world.screens.of("vk", str(human.vk))

    def accepted(self, human: Human = ANNA) -> list[str]:
        """The texts accepted for a person."""
        return [entry.text for entry in self.world.accepted.find(platform="vk", to=str(human.vk))]


@asynccontextmanager
async def standing(**settings: Any) -> AsyncIterator[Stand]:
    """An emulator with Anna, who has opened the dialog, and Boris, who has not."""
    # Here and not above: not everybody who comes to this stage needs vkbottle's seconds.
    with undisturbed():
        vkbottle = import_module("vkbottle")
    world = World()
    world.add(ANNA)
    world.add(BORIS)
    vk = Vk(world, VkSettings(**{"rate_multiplier": 50.0, **settings}))
    vk.opened(ANNA.vk)
    async with serving(world, [vk]) as base, aiohttp.ClientSession() as session:
        client = vkbottle.AiohttpClient(timeout=aiohttp.ClientTimeout(total=PATIENCE_SECONDS))
        api = vkbottle.API(vk.settings.token, http_client=client)
        api.API_URL = f"{base}/vk/method/"
        try:
            yield Stand(base, world, vk, api, session)
        finally:
            await client.close()


def rows(count: int, *, width: int = 1, **action: Any) -> list[list[dict[str, Any]]]:
    """Rows of a keyboard, all of one button; `action` changes it."""
    button = {"action": {"type": "text", "label": "да", **action}}
    return [[button] * width for _ in range(count)]


class Business:
    """A callback server: keeps what comes, answers what it is told to."""

    def __init__(self, confirmation: str) -> None:
        self.confirmation = confirmation
        self.events: list[dict[str, Any]] = []
        self.retries: list[str | None] = []
        self.replies: list[Callable[[], web.Response]] = []
        self.url = ""
        self._news = asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        """One POST of VK."""
        event = await request.json()
        if event["type"] == "confirmation":
            return web.Response(text=self.confirmation)
        self.events.append(event)
        self.retries.append(request.headers.get("X-Retry-Counter"))
        self._news.set()
        return self.replies.pop(0)() if self.replies else web.Response(text="ok")

    async def got(self, count: int) -> list[dict[str, Any]]:
        """The events, once there are so many."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.events) < count:
                self._news.clear()
                await self._news.wait()
        return self.events

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The objects of one kind."""
        return [event["object"] for event in self.events if event["type"] == kind]


@asynccontextmanager
async def business(confirmation: str) -> AsyncIterator[Business]:
    """Run a callback server on this machine."""
    server = Business(confirmation)
    app = web.Application()
    app.router.add_post("/hook", server.handle)
    async with served(app) as base:
        server.url = f"{base}/hook"
        yield server


async def hooked(stand: Stand, server: Business, *kinds: str) -> int:
    """Add a callback server with these events through vkbottle; gives its number."""
    groups, group_id = stand.api.groups, stand.vk.settings.group_id
    added = await groups.add_callback_server(
        group_id=group_id, url=server.url, title="test", secret_key=SECRET
    )
    await groups.set_callback_settings(
        group_id=group_id, server_id=added.server_id, **dict.fromkeys(kinds, True)
    )
    number: int = added.server_id
    return number
