"""The VK emulator, put together from its parts."""

from collections.abc import Mapping

from aiohttp import web

from emulators.clock import Clock
from emulators.timeline import Timeline
from emulators.vk.admins import Admins
from emulators.vk.api import Door, Method
from emulators.vk.call import PLATFORM
from emulators.vk.callbacks import Callbacks
from emulators.vk.community import Community
from emulators.vk.disorder import Disorder
from emulators.vk.docs import Docs
from emulators.vk.events import Events
from emulators.vk.files import Files
from emulators.vk.groups import Groups
from emulators.vk.intents import Intents
from emulators.vk.longpoll import LongPoll
from emulators.vk.messages import Messages
from emulators.vk.parts import Parts
from emulators.vk.people import People
from emulators.vk.phones import Phones
from emulators.vk.photos import Photos
from emulators.vk.presses import Presses
from emulators.vk.reactions import Reactions
from emulators.vk.reading import Reading
from emulators.vk.sending import Sending
from emulators.vk.settings import VkSettings
from emulators.vk.sharing import Sharing
from emulators.vk.speaking import Speaking
from emulators.vk.standing import Standing
from emulators.world import Gesture, World


class Vk:
    """One community of VK, with the people of the world as its readers."""

    name = PLATFORM

    def __init__(self, world: World, settings: VkSettings | None = None) -> None:
        self.settings = settings = settings or VkSettings()
        self.clock = clock = Clock(world.clock)
        self._timeline = Timeline(clock)
        self._community = community = Community(world, clock, settings)
        self._callbacks = Callbacks(clock, world.road, settings)
        self._long_poll = LongPoll(clock, enabled=settings.long_poll)
        self._files = files = Files()
        self._photos = photos = Photos(clock, settings, files)
        self._docs = docs = Docs(clock, community, files)
        outlets = (self._callbacks, self._long_poll)
        disorder = Disorder(world, settings, self._timeline, outlets)
        events = Events(settings.group_id, disorder)
        phones = Phones(world, settings.name, settings.group_id)
        parts = Parts(world, clock, community, events, phones)
        presses = Presses(clock, phones)
        standing, reactions, intents = Standing(parts), Reactions(parts), Intents(parts)
        reading = Reading(parts, self._timeline)
        speaking = Speaking(parts, reading, standing)
        self.gestures: Mapping[str, Gesture] = {
            **People(parts, presses, reading, speaking).gestures(),
            **Sharing(parts, speaking, photos, docs).gestures(),
            **Admins(parts).gestures(),
            **standing.gestures(),
            **reactions.gestures(),
            **intents.gestures(),
            **disorder.gestures(),
        }
        self.methods: Mapping[str, Method] = {
            "messages.send": Sending(parts, files, intents, reading.plan).send,
            "messages.sendMessageEventAnswer": presses.answer,
            "photos.getMessagesUploadServer": photos.get_server,
            "photos.saveMessagesPhoto": photos.save,
            "docs.getMessagesUploadServer": docs.get_server,
            "docs.save": docs.save,
            **Messages(parts, files).methods(),
            **Groups(world, community, self._callbacks, self._long_poll).methods(),
            **reactions.methods(),
            **intents.methods(),
        }
        self._door = Door(world.faults, clock, settings, self.methods, files)

    def opened(self, user_id: int) -> None:
        """A person has allowed messages, long ago and without an event: for big audiences."""
        self._community.dialog(user_id).allowed = True

    def api(self) -> web.Application:
        """`/method/{name}`, the long poll server, the upload servers and the files."""
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("GET", "/method/{name}", self._door.method)
        app.router.add_route("POST", "/method/{name}", self._door.method)
        app.router.add_route("*", f"/wh{self.settings.group_id}", self._poll)
        app.router.add_post("/upload/photo", self._upload_photo)
        app.router.add_post("/upload/{kind:doc|audio_message|graffiti}", self._upload_doc)
        app.router.add_get(r"/files/{number:\d+}", self._files.show)
        return app

    async def start(self) -> None:
        """Let long polls wait for events."""
        self._long_poll.start()

    async def stop(self) -> None:
        """Stop; what was not delivered is dropped."""
        self._long_poll.stop()
        await self._timeline.stop()
        await self._callbacks.stop()

    async def _poll(self, request: web.Request) -> web.StreamResponse:
        asked = {**request.query, **await request.post()}
        told = {name: str(value) for name, value in asked.items()}
        return await self._door.beside(request, "a_check", lambda: self._long_poll.check(told))

    async def _upload_photo(self, request: web.Request) -> web.StreamResponse:
        return await self._door.beside(request, "upload", lambda: self._photos.upload(request))

    async def _upload_doc(self, request: web.Request) -> web.StreamResponse:
        return await self._door.beside(request, "upload", lambda: self._docs.upload(request))
