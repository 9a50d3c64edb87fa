"""The emulated SMS gateway: its parts put together."""

from collections.abc import Iterable, Mapping

from aiohttp import web

from emulators.clock import Clock
from emulators.sms.api import Api
from emulators.sms.gateway import Gateway
from emulators.sms.operator import PLATFORM, Operator
from emulators.sms.phone import Phone
from emulators.sms.settings import SmsSettings
from emulators.timeline import Timeline
from emulators.world import Gesture, World


class Sms:
    """The platform; fulfils `emulators.world.Platform`."""

    name = PLATFORM

    def __init__(self, world: World, settings: SmsSettings | None = None) -> None:
        self.settings = settings = settings or SmsSettings()
        self.clock = Clock(world.clock)
        self._timeline = Timeline(self.clock)
        self._operator = Operator(world, settings, self.clock, self._timeline)
        gateway = Gateway(world, settings, self.clock, self._operator)
        self._api = Api(world, settings, self.clock, gateway, self._operator)
        phone = Phone(world, settings, self.clock, self._operator)
        self.gestures: Mapping[str, Gesture] = phone.gestures()

    @property
    def callback_url(self) -> str | None:
        """Where delivery reports and inbound messages are posted; nowhere when None."""
        return self._operator.callback_url

    @callback_url.setter
    def callback_url(self, url: str | None) -> None:
        self._operator.callback_url = url

    def api(self) -> web.Application:
        """The gateway's HTTP API."""
        return self._api.application()

    async def start(self) -> None:
        """Begin to post callbacks."""
        await self._operator.start()

    async def stop(self) -> None:
        """Stop, dropping what was not posted yet."""
        await self._timeline.stop()
        await self._operator.stop()

    def unreachable(self, phones: Iterable[str]) -> None:
        """Give up these numbers (with "+") in bulk: nothing is ever delivered to them."""
        self._operator.dead.update(phones)
