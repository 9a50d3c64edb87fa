"""One business number on the emulated WhatsApp: its parts put together."""

from collections.abc import Iterable, Mapping

from aiohttp import web

from emulators.whatsapp.account import PLATFORM, Account
from emulators.whatsapp.api import Api
from emulators.whatsapp.attachments import Attachments
from emulators.whatsapp.authority import Authority
from emulators.whatsapp.changes import Changes
from emulators.whatsapp.owner import Owner
from emulators.whatsapp.phone import Phone
from emulators.whatsapp.sender import Sender
from emulators.whatsapp.settings import WhatsAppSettings
from emulators.whatsapp.webhooks import challenge
from emulators.whatsapp.writing import Writing
from emulators.world import Gesture, World


class WhatsApp:
    """The platform; fulfils `emulators.world.Platform`."""

    name = PLATFORM

    def __init__(self, world: World, settings: WhatsAppSettings | None = None) -> None:
        self.settings = settings or WhatsAppSettings()
        self._account = Account(world, self.settings)
        self.clock = self._account.clock
        sender = Sender(self._account)
        self._api = Api(self._account, sender)
        writing = Writing(self._account)
        self.gestures: Mapping[str, Gesture] = {
            **Phone(self._account, sender, writing).gestures(),
            **Attachments(self._account, writing).gestures(),
            **Changes(self._account, writing).gestures(),
            **Owner(self._account).gestures(),
            **Authority(self._account).gestures(),
        }

    def api(self) -> web.Application:
        """The Graph API below `/{version}`."""
        return self._api.application()

    async def start(self) -> None:
        """Begin to deliver webhooks."""
        await self._account.webhooks.start()

    async def stop(self) -> None:
        """Stop, dropping what was not delivered yet."""
        await self._account.timeline.stop()
        await self._account.webhooks.stop()

    async def subscribe(self, url: str, verify_token: str | None = None) -> None:
        """Set the app's webhook after its challenge; raises NotVerified when that fails."""
        await challenge(url, verify_token or self.settings.verify_token)
        self._account.webhooks.url = url

    def opened(self, handle: str, at: float | None = None) -> None:
        """Open somebody's 24-hour window as if they had written at `at` (now), without a webhook.

        `handle` is a wa_id or a business-scoped id; raises KeyError when nobody has it.
        """
        line = self._account.lines.at(self._number(handle))
        line.open(self.clock.now() if at is None else at)

    def absent(self, handles: Iterable[str], *, absent: bool = True) -> None:
        """Take these people off WhatsApp, or let them come back; raises KeyError."""
        for handle in handles:
            self._account.lines.at(self._number(handle)).no_whatsapp = absent

    def _number(self, handle: str) -> str:
        human = self._account.who(handle)
        if human is None:
            raise KeyError(f"nobody has the WhatsApp handle {handle!r}")
        return human.wa_id
