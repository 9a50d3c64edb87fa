"""Bots Long Poll: the queue of events that the business asks for."""

import secrets
from collections import deque
from collections.abc import Mapping
from typing import Any

from emulators.bell import Bell
from emulators.clock import Clock
from emulators.vk.call import Call
from emulators.vk.errors import VkError
from emulators.vk.events import Event, Wishes

# dev.vk.com/en/api/bots/long-poll/getting-started: wait up to 90; a key goes stale after an hour.
LONGEST_WAIT = 90.0
USUAL_WAIT = 25.0
KEY_SECONDS = 3_600.0
HISTORY = 10_000
VERSIONS = (0, 3)


class LongPoll:
    """An outlet for events that keeps them until they are fetched."""

    def __init__(self, clock: Clock, *, enabled: bool = False) -> None:
        self.enabled = enabled
        self.wishes = Wishes({"message_new", "message_event"} if enabled else set())
        self._clock = clock
        self._keys: dict[str, float] = {}
        self._ts = 0
        self._history: deque[dict[str, Any]] = deque(maxlen=HISTORY)
        self._news = Bell()
        self._stopped = True

    def wants(self, kind: str) -> bool:
        """Whether it is on and the event's tick is set."""
        return self.enabled and kind in self.wishes.kinds

    def put(self, event: Event) -> None:
        """Keep an event and wake those who wait."""
        self._ts += 1
        self._history.append(event.body(self.wishes.version))
        self._news.ring()

    def change(self, call: Call) -> None:
        """Take the settings of groups.setLongPollSettings."""
        enabled = call.flag("enabled", self.enabled)
        self.wishes.change(call)
        self.enabled = bool(enabled)

    def server(self, address: str) -> dict[str, str]:
        """A fresh key to the queue; raises 100 while long poll is off."""
        if not self.enabled:
            raise VkError(100, "longpoll for this group is not enabled")
        now = self._clock.now()
        self._keys = {key: at for key, at in self._keys.items() if now - at < KEY_SECONDS}
        key = secrets.token_hex(20)
        self._keys[key] = now
        return {"key": key, "server": address, "ts": str(self._ts)}

    async def check(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """What a request to the queue gets: events, or why not (`failed`)."""
        version = asked.get("version", "")
        if version and not (version.isdecimal() and VERSIONS[0] <= int(version) <= VERSIONS[1]):
            return {"failed": 4, "min_version": VERSIONS[0], "max_version": VERSIONS[1]}
        since = self._keys.get(asked.get("key", ""))
        if since is None or self._clock.now() - since >= KEY_SECONDS:
            return {"failed": 2}
        told = asked.get("ts", "")
        if not told.isdecimal() or int(told) > self._ts:
            return {"failed": 3}
        if int(told) < self._ts - len(self._history):
            return {"failed": 1, "ts": self._ts}
        await self._wait(int(told), asked.get("wait", ""))
        return {"ts": str(self._ts), "updates": self._since(int(told))}

    def start(self) -> None:
        """Let requests wait."""
        self._stopped = False

    def stop(self) -> None:
        """Send those who wait away, and let nobody wait any more."""
        self._stopped = True
        self._news.ring()

    def _since(self, ts: int) -> list[dict[str, Any]]:
        fresh = self._ts - ts
        return [self._history[number] for number in range(-min(fresh, len(self._history)), 0)]

    async def _wait(self, ts: int, told: str) -> None:
        seconds = min(float(told), LONGEST_WAIT) if told.isdecimal() else USUAL_WAIT
        if self._ts == ts and not self._stopped:
            await self._news.wait(seconds)
