"""Telegram as one of the emulated platforms: everything wired together."""

from collections.abc import Mapping

from aiohttp import web

from emulators.telegram.api import Api
from emulators.telegram.chats import PLATFORM
from emulators.telegram.editing import Editing
from emulators.telegram.gestures import Gestures
from emulators.telegram.groups import GroupGestures
from emulators.telegram.parameters import Parameters
from emulators.telegram.reading import Reading
from emulators.telegram.receiving import Receiving
from emulators.telegram.sending import Sending
from emulators.telegram.settings import TelegramSettings
from emulators.telegram.state import State
from emulators.telegram.topics import Topics
from emulators.telegram.webhook import Webhook
from emulators.world import Gesture, World


class Telegram:
    """One bot of the Bot API, and the people who talk with it."""

    name = PLATFORM

    def __init__(self, world: World, settings: TelegramSettings | None = None) -> None:
        self.settings = settings or TelegramSettings()
        self._state = State.new(world, self.settings)
        self.clock = self._state.clock
        self._webhook = Webhook(self._state.updates, self.clock, self._call)
        topics = Topics(self._state)
        methods = [
            Reading(self._state).methods(),
            Receiving(self._state.updates, self._webhook).methods(),
            Sending(self._state).methods(),
            Editing(self._state).methods(),
            topics.methods(),
        ]
        self._api = Api(
            self.settings.token,
            {name: method for group in methods for name, method in group.items()},
            self._state.files,
            world.faults,
        )
        gestures = Gestures(self._state).gestures()
        self.gestures: Mapping[str, Gesture] = {
            **gestures,
            **GroupGestures(self._state, topics).gestures(),
        }

    def api(self) -> web.Application:
        """The Bot API."""
        return self._api.application()

    async def start(self) -> None:
        """Begin to deliver webhooks."""
        await self._webhook.start()

    async def stop(self) -> None:
        """Stop delivering and let long polls go."""
        self._state.updates.rest()
        await self._webhook.stop()

    def opened(self, user_id: int) -> None:
        """Somebody has started the bot, long ago: no update is sent."""
        self._state.chats.opened(user_id)

    async def _call(self, method: str, parameters: Parameters) -> object:
        return await self._api.call(method, parameters)
