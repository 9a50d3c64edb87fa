"""Reading on the phones: at once when a dialog is opened, by itself where people are set to."""

import asyncio
from collections import deque

from emulators.vk.call import PLATFORM
from emulators.vk.history import Dialog
from emulators.vk.parts import Parts


class Reading:
    """Knows who will read when; one task for everybody."""

    def __init__(self, parts: Parts) -> None:
        self._world = parts.world
        self._clock = parts.clock
        self._community = parts.community
        self._events = parts.events
        self._phones = parts.phones
        self._after = parts.community.settings.reads_after
        self._waiting: deque[tuple[float, Dialog]] = deque()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def read(self, dialog: Dialog) -> int:
        """A person opens the dialog; gives how many messages were read now."""
        unread = self._community.unread(dialog, out=True)
        if not unread:
            return 0
        last = unread[-1]
        dialog.out_read = last.id
        for message in unread:
            self._phones.read(message)
            self._world.report(
                platform=PLATFORM, reference=str(message.id), status="read", to=str(dialog.user_id)
            )
        event = {
            "from_id": dialog.user_id,
            "peer_id": dialog.user_id,
            "read_message_id": last.id,
            "conversation_message_id": last.cmid,
        }
        self._events.tell("message_read", dialog.user_id, event)
        return len(unread)

    def plan(self, dialog: Dialog) -> None:
        """A message came: the person reads it after a while, if people are set to."""
        if self._after is not None:
            self._waiting.append((self._clock.now() + self._after, dialog))
            self._news.set()

    def start(self) -> None:
        """Begin to read."""
        if self._after is not None:
            self._task = asyncio.create_task(self._read_on())

    async def stop(self) -> None:
        """Read no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _read_on(self) -> None:
        while True:
            if not self._waiting:
                self._news.clear()
                await self._news.wait()
            due, dialog = self._waiting[0]
            await self._clock.sleep(due - self._clock.now())
            self._waiting.popleft()
            self.read(dialog)
