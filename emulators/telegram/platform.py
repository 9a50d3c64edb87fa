"""Telegram as one of the emulated platforms: everything wired together."""

from collections.abc import Mapping

from aiohttp import web

from emulators.telegram.afterthoughts import Afterthoughts
from emulators.telegram.albums import Albums
from emulators.telegram.api import Api
from emulators.telegram.attachments import Attachments
from emulators.telegram.chats import PLATFORM
from emulators.telegram.commands import Commands
from emulators.telegram.copying import Copying
from emulators.telegram.deleting import Deleting
from emulators.telegram.editing import Editing
from emulators.telegram.gestures import Gestures
from emulators.telegram.groups import Groups
from emulators.telegram.methods import Methods
from emulators.telegram.parameters import Parameters
from emulators.telegram.posting import Posting
from emulators.telegram.presence import Presence
from emulators.telegram.profile import Profile
from emulators.telegram.reactions import Reactions
from emulators.telegram.reading import Reading
from emulators.telegram.receiving import Receiving
from emulators.telegram.sending import Sending
from emulators.telegram.settings import TelegramSettings
from emulators.telegram.state import State
from emulators.telegram.topics import Topics
from emulators.telegram.webhook import Webhook
from emulators.telegram.writing import Writing
from emulators.told import Told
from emulators.world import Gesture, Refused, World


class Telegram:
    """One bot of the Bot API, and the people who talk with it."""

    name = PLATFORM

    def __init__(self, world: World, settings: TelegramSettings | None = None) -> None:
        self.settings = settings or TelegramSettings()
        self._state = state = State.new(world, self.settings)
        self.clock = state.clock
        self._webhook = Webhook(state, self._call)
        topics, reactions = Topics(state), Reactions(state)
        posting, writing, groups = Posting(state), Writing(state), Groups(state, topics)
        parts = (
            *(Reading(state), Receiving(state.updates, self._webhook), Sending(state, posting)),
            *(Albums(state, posting), Copying(state, posting), Editing(state), Deleting(state)),
            *(reactions, topics, groups, Commands(state), Profile(self.settings)),
        )
        self.methods: Methods = {
            name: method for part in parts for name, method in part.methods().items()
        }
        self._api = Api(self.settings.token, self.methods, state.files, world.faults)
        self.gestures: Mapping[str, Gesture] = {
            **Gestures(state, writing).gestures(),
            **Attachments(state, writing).gestures(),
            **Afterthoughts(state, writing, reactions).gestures(),
            **Presence(state).gestures(),
            **groups.gestures(),
            "top_up": self.top_up,
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

    async def top_up(self, told: Told) -> dict[str, int]:
        """`{stars}`: put Stars on the bot's balance; gives the balance. Nobody's gesture."""
        stars = told.get("stars")
        if not isinstance(stars, int | float) or stars < 0:
            raise Refused("say how many: {'stars': number}")
        self._state.purse.put(stars)
        return self._state.purse.amount()

    async def _call(self, method: str, parameters: Parameters) -> object:
        return await self._api.call(method, parameters)
