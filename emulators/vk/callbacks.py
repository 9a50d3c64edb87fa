"""The Callback API: servers of the business, the handshake with them, events brought to them."""

import asyncio
import json
from collections.abc import Coroutine
from email.utils import parsedate_to_datetime
from typing import Any

from emulators.clock import Clock
from emulators.courier import Answer, Courier, Parcel
from emulators.road import Road
from emulators.vk.call import Call
from emulators.vk.errors import VkError
from emulators.vk.events import Event, Wishes
from emulators.vk.settings import VkSettings

# dev.vk.com/en/api/callback/getting-started.
SERVERS = 10
TITLE = 14
SECRET = 50
# github.com/SevereCloud/vksdk, callback/context.go.
POSTPONING = (410, 429, 503)
LONGEST_POSTPONE = 3 * 3_600.0
# How long groups.addCallbackServer waits to tell how the handshake went.
HANDSHAKE_SECONDS = 3.0


class CallbackServer:
    """One server of the business. `status`: wait, then ok or failed.

    Several errors in a row pause it (dev.vk.com/en/api/callback/getting-started); a paused server
    is told to have failed.
    """

    def __init__(self, number: int, clock: Clock, road: Road, settings: VkSettings) -> None:
        self.id = number
        self.status = "unconfigured"
        self.wishes = Wishes()
        self.removed = False
        self._url = ""
        self._title = ""
        self._secret = ""
        self._clock = clock
        self._settings = settings
        self._courier = Courier(
            clock,
            road,
            taken=self._taken,
            waits=self._wait,
            after=self._after,
            retry_header="X-Retry-Counter",
            closed=self._closed,
        )
        self._errors = 0
        self._paused_until = 0.0

    def configure(self, call: Call) -> None:
        """Take the address, the title and the secret from a call; raises error 100."""
        url = call.text("url")
        if not url.startswith(("http://", "https://")):
            raise VkError(100, "url is invalid")
        title = call.text("title", most=TITLE)
        self._secret = call.text("secret_key", "", most=SECRET)
        self._url, self._title = url, title

    async def confirm(self) -> None:
        """Ask the server for the confirmation string; ok or failed."""
        self.status = "wait"
        answer = await self._courier.try_once(
            self._parcel({"type": "confirmation", "group_id": self._settings.group_id})
        )
        right = answer.body == self._settings.confirmation.encode()
        self.status = "ok" if answer.status == 200 and right else "failed"

    async def start(self) -> None:
        """Open the connections."""
        await self._courier.start()

    async def stop(self) -> None:
        """Drop what is still on its way."""
        await self._courier.stop()

    def wants(self, kind: str) -> bool:
        """Whether it is confirmed and the event's tick is set."""
        return self.status == "ok" and not self.removed and kind in self.wishes.kinds

    def put(self, event: Event) -> None:
        """Bring an event, behind the same person's earlier ones."""
        self._courier.send(event.queue, self._parcel(event.body(self.wishes.version)))

    def told(self) -> dict[str, Any]:
        """The server as groups.getCallbackServers shows it."""
        return {
            "id": self.id,
            "title": self._title,
            "creator_id": self._settings.admin_id,
            "url": self._url,
            "secret_key": self._secret,
            "status": "failed" if self._closed() else self.status,
        }

    def _parcel(self, body: dict[str, Any]) -> Parcel:
        if self._secret:
            body["secret"] = self._secret
        return Parcel(self._url, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def _taken(self, answer: Answer) -> bool:
        return answer.status == 200 and answer.body in (b"ok", b"remove")

    async def _after(self, _parcel: Parcel, answer: Answer) -> None:
        if answer.status == 200 and answer.body == b"remove":
            self.removed = True
        self._errors = 0 if self._taken(answer) else self._errors + 1
        if self._errors >= self._settings.callback_errors:
            self._errors = 0
            self._paused_until = self._clock.now() + self._settings.callback_pause

    def _closed(self) -> float:
        return max(self._paused_until - self._clock.now(), 0.0)

    def _wait(self, tries: int, answer: Answer) -> float | None:
        if self.removed or tries >= len(self._settings.callback_retries):
            return None
        if answer.status in POSTPONING and (asked := self._postponed(answer)) is not None:
            return asked
        return self._settings.callback_retries[tries]

    def _postponed(self, answer: Answer) -> float | None:
        told = answer.headers.get("Retry-After", "")
        try:
            pause = float(told) if told.isdigit() else self._until(told)
        except ValueError:
            return None
        return pause if 0 <= pause < LONGEST_POSTPONE else None

    def _until(self, date: str) -> float:
        return parsedate_to_datetime(date).timestamp() - self._clock.now()


class Callbacks:
    """All callback servers of the community; an outlet for its events."""

    def __init__(self, clock: Clock, road: Road, settings: VkSettings) -> None:
        self._clock = clock
        self._road = road
        self._settings = settings
        self._servers: dict[int, CallbackServer] = {}
        self._last = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def wants(self, kind: str) -> bool:
        """Whether a server has this event's tick set."""
        return any(server.wants(kind) for server in self._servers.values())

    def put(self, event: Event) -> None:
        """Hand an event to every server that wants it."""
        for server in self._servers.values():
            if server.wants(event.kind):
                server.put(event)

    def all(self) -> list[CallbackServer]:
        """The servers that are there."""
        gone = [number for number, server in self._servers.items() if server.removed]
        for number in gone:
            self._spawn(self._servers.pop(number).stop())
        return list(self._servers.values())

    def find(self, number: int) -> CallbackServer:
        """A server by its number; raises 104."""
        found = next((server for server in self.all() if server.id == number), None)
        if found is None:
            raise VkError(104)
        return found

    async def add(self, call: Call) -> int:
        """Add a server and shake hands with it; gives its number. Raises 100 or 2000."""
        if len(self.all()) >= SERVERS:
            raise VkError(2000)
        server = CallbackServer(self._last + 1, self._clock, self._road, self._settings)
        server.configure(call)
        self._last += 1
        self._servers[server.id] = server
        await server.start()
        await self._handshake(server)
        return server.id

    async def edit(self, server: CallbackServer, call: Call) -> None:
        """Change a server's address, title or secret, and shake hands again."""
        server.configure(call)
        await self._handshake(server)

    def delete(self, server: CallbackServer) -> None:
        """Forget a server."""
        server.removed = True
        self.all()

    async def stop(self) -> None:
        """Forget everything that is still on its way."""
        for server in self._servers.values():
            await server.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _handshake(self, server: CallbackServer) -> None:
        await asyncio.wait({self._spawn(server.confirm())}, timeout=HANDSHAKE_SECONDS)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
