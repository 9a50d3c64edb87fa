"""A stage for the emulated SMS gateway: two people, a client and a real receiver of reports."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from emulators.server import serving
from emulators.sms import Sms, SmsSettings
from emulators.world import Human, World
from tests.emulators import stagehand
from tests.emulators.stagehand import eventually, plan_fault, served

SETTINGS = SmsSettings(sent_after=0.0, delivered_after=0.02)
ANNA, BORIS = "+79990001122", "+79990003344"
LOGIN = {"login": SETTINGS.login, "psw": SETTINGS.password}


@dataclass
class Receiver:
    """Where the gateway posts: keeps the forms, and answers as it is told."""

    forms: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.forms.append({key: str(value) for key, value in (await request.post()).items()})
        return web.Response(status=status)

    def reports(self, message_id: Any) -> list[dict[str, str]]:
        return [form for form in self.forms if form.get("id") == str(message_id)]


@dataclass
class Stage:
    """Everything a test needs."""

    world: World
    sms: Sms
    base: str
    session: aiohttp.ClientSession
    receiver: Receiver

    async def ask(self, script: str, **params: Any) -> Any:
        """A POST form to a script, answered in JSON."""
        data = {**LOGIN, "fmt": 3, "charset": "utf-8", **params}
        async with self.session.post(f"{self.base}/sms/sys/{script}.php", data=data) as response:
            assert response.status == 200
            return await response.json()

    async def text(self, script: str, **params: Any) -> str:
        """A GET query to a script, answered in plain text."""
        query = {**LOGIN, "charset": "utf-8", **{key: str(v) for key, v in params.items()}}
        async with self.session.get(f"{self.base}/sms/sys/{script}.php", params=query) as response:
            return await response.text()

    async def send(self, mes: str = "Привет", phones: str = ANNA, **params: Any) -> Any:
        """A text that must be accepted; gives the answer."""
        answer = await self.ask("send", phones=phones, mes=mes, **params)
        assert "error" not in answer, answer
        return answer

    async def gesture(self, gesture: str, who: str = "anna", /, **told: Any) -> tuple[int, Any]:
        return await stagehand.gesture(self.session, self.base, "sms", gesture, who=who, **told)

    async def fault(self, **told: Any) -> None:
        await plan_fault(self.session, self.base, "sms", **told)

    async def report(self, message_id: Any) -> dict[str, str]:
        """The first report on a message."""
        reports = await eventually(lambda: self.receiver.reports(message_id))
        return dict(reports[0])

    def screen(self, phone: str = ANNA) -> list[Any]:
        return self.world.screens.of("sms", phone).bubbles

    def accepted(self) -> list[Any]:
        return list(self.world.accepted.find(platform="sms"))


@asynccontextmanager
async def on_stage(settings: SmsSettings = SETTINGS) -> AsyncIterator[Stage]:
    """The gateway with its reports going to a real server."""
    world = World()
    world.add(Human("anna", "Анна", ANNA, 1, 11, "RU.1"))
    world.add(Human("boris", "Борис", BORIS, 2, 12, "RU.2"))
    sms = Sms(world, settings)
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/reports", receiver.take)
    async with (
        served(app) as business,
        serving(world, [sms]) as base,
        aiohttp.ClientSession() as session,
    ):
        sms.callback_url = f"{business}/reports"
        yield Stage(world, sms, base, session, receiver)
