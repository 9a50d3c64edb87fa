"""A small world with the Telegram emulator in it, a real aiogram bot and hands for the people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity, Update
from aiohttp import web

from emulators.accepted import Accepted
from emulators.screens import Bubble, Screen
from emulators.server import serving
from emulators.telegram import Telegram, TelegramSettings
from emulators.world import Group, Human, World
from tests.emulators import stagehand
from tests.emulators.stagehand import plan_fault, served

ANNA, BORIS, VERA = 501, 502, 503
OPERATORS, ADMINS = -100500, -100600
YES_NO = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="Да", callback_data="yes", style="success"),
            InlineKeyboardButton(text="Нет", callback_data="no"),
        ],
        [InlineKeyboardButton(text="Сайт", url="https://example.com/a?b=1")],
    ]
)


@dataclass(slots=True)
class Stage:
    """What a test holds in its hands."""

    base: str
    world: World
    telegram: Telegram
    bot: Bot
    http: aiohttp.ClientSession
    offset: int = 0

    async def does(self, gesture: str, who: str = "anna", **told: Any) -> dict[str, Any]:
        """A person makes a gesture; gives its result."""
        status, result = await self.tries(gesture, who, **told)
        assert status == 200, result
        return result

    async def tries(
        self, gesture: str, who: str = "anna", **told: Any
    ) -> tuple[int, dict[str, Any]]:
        """A person tries a gesture; gives status and body."""
        return await stagehand.gesture(self.http, self.base, "telegram", gesture, who=who, **told)

    async def fault(self, **told: Any) -> None:
        """Plan a fault."""
        await plan_fault(self.http, self.base, "telegram", **told)

    async def calls(self, method: str, /, **body: Any) -> tuple[int, dict[str, Any]]:
        """A bare request with a JSON body; gives status and envelope."""
        return await self.calls_as(self.telegram.settings.token, method, **body)

    async def calls_as(self, token: str, method: str, /, **body: Any) -> tuple[int, dict[str, Any]]:
        """The same with another bot's token."""
        url = f"{self.base}/telegram/bot{token}/{method}"
        async with self.http.post(url, json=body) as response:
            return response.status, await response.json()

    async def heard(self) -> list[Update]:
        """New updates, taken off the queue."""
        updates = await self.bot.get_updates(offset=self.offset)
        if updates:
            self.offset = updates[-1].update_id + 1
        return updates

    async def heard_message(self) -> Message:
        """The one new message."""
        (update,) = await self.heard()
        assert update.message is not None
        return update.message

    def screen(self, chat: int = ANNA) -> Screen:
        """What a chat shows."""
        return self.world.screens.of("telegram", str(chat))

    def last_bubble(self, chat: int = ANNA) -> Bubble:
        """The newest message on a screen."""
        return self.screen(chat).bubbles[-1]

    def accepted(self) -> list[Accepted]:
        """The acceptance log."""
        return list(self.world.accepted.find(platform="telegram"))


def spans(entities: list[MessageEntity] | None) -> list[tuple[str, int, int]]:
    """Entities in short: type, offset, length."""
    return [(entity.type, entity.offset, entity.length) for entity in entities or []]


def inline(**button: Any) -> dict[str, Any]:
    """A parameter: one button under the message."""
    return {"reply_markup": {"inline_keyboard": [[button]]}}


def small_world() -> World:
    """Three people and two groups; Vera is in none of them."""
    world = World()
    world.add(Human("anna", "Анна Петрова", "+79001110001", ANNA, 901, "RU.1", username="anna_p"))
    world.add(Human("boris", "Борис", "+79001110002", BORIS, 902, "RU.2"))
    world.add(Human("vera", "Вера Ли", "+79001110003", VERA, 903, "RU.3"))
    world.groups.append(
        Group("telegram", str(OPERATORS), "Операторы", "operators", ("anna", "boris"))
    )
    world.groups.append(Group("telegram", str(ADMINS), "Рассылки", "admin", ("boris", "anna")))
    return world


@asynccontextmanager
async def stage(**settings: Any) -> AsyncIterator[Stage]:
    """The emulator runs and nobody has said anything; without limits unless `pace` is told."""
    world = small_world()
    telegram = Telegram(world, TelegramSettings(**({"pace": 0} | settings)))
    async with serving(world, [telegram]) as base, aiohttp.ClientSession() as http:
        api = TelegramAPIServer.from_base(f"{base}/telegram")
        bot = Bot(telegram.settings.token, session=AiohttpSession(api=api))
        try:
            yield Stage(base, world, telegram, bot, http)
        finally:
            await bot.session.close()


@dataclass(slots=True)
class Receiver:
    """A webhook receiver that notes what came and answers as told; the default answer is 200."""

    url: str = ""
    updates: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return self.answers.pop(0) if self.answers else web.Response()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A webhook receiver on 127.0.0.1."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    async with served(app) as base:
        receiver.url = f"{base}/hook"
        yield receiver
