"""The VK emulator, put together from its parts."""

from collections.abc import Mapping

from aiohttp import web

from emulators.clock import Clock
from emulators.timeline import Timeline
from emulators.vk.api import Door
from emulators.vk.call import PLATFORM
from emulators.vk.callbacks import Callbacks
from emulators.vk.community import Community
from emulators.vk.events import Events
from emulators.vk.groups import Groups
from emulators.vk.longpoll import LongPoll
from emulators.vk.messages import Messages
from emulators.vk.parts import Parts
from emulators.vk.people import People
from emulators.vk.phones import Phones
from emulators.vk.photos import Photos
from emulators.vk.presses import Presses
from emulators.vk.reading import Reading
from emulators.vk.sending import Sending
from emulators.vk.settings import VkSettings
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
        self._callbacks = Callbacks(clock, settings)
        self._long_poll = LongPoll(clock, enabled=settings.long_poll)
        self._photos = photos = Photos(clock, settings)
        events = Events(settings.group_id, (self._callbacks, self._long_poll))
        phones = Phones(world, settings.name, settings.group_id)
        parts = Parts(world, clock, community, events, phones)
        presses = Presses(clock, phones)
        standing = Standing(parts)
        reading = Reading(parts, self._timeline)
        people = People(parts, presses, reading, standing)
        self.gestures: Mapping[str, Gesture] = {**people.gestures(), **standing.gestures()}
        methods = {
            "messages.send": Sending(parts, photos.find, reading.plan).send,
            "messages.sendMessageEventAnswer": presses.answer,
            "photos.getMessagesUploadServer": photos.get_server,
            "photos.saveMessagesPhoto": photos.save,
            **Messages(parts, photos.find).methods(),
            **Groups(world, community, self._callbacks, self._long_poll).methods(),
        }
        self._door = Door(world.faults, clock, settings, methods)

    def opened(self, user_id: int) -> None:
        """A person has allowed messages, long ago and without an event: for big audiences."""
        self._community.dialog(user_id).allowed = True

    def api(self) -> web.Application:
        """`/method/{name}`, the long poll server, the upload server and the pictures."""
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("GET", "/method/{name}", self._door.method)
        app.router.add_route("POST", "/method/{name}", self._door.method)
        app.router.add_route("*", f"/wh{self.settings.group_id}", self._poll)
        app.router.add_post("/upload", self._upload)
        app.router.add_get(r"/photos/{number:\d+}", self._photos.show)
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

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        return await self._door.beside(request, "upload", lambda: self._photos.upload(request))
