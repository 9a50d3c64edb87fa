"""Flood limits: how fast a bot may send, and what it hears when it is faster."""

import math
from dataclasses import dataclass

from emulators.bucket import Bucket
from emulators.clock import Clock
from emulators.telegram.errors import ApiError, too_many
from emulators.telegram.settings import TelegramSettings

BOT = 0
# Requests that were on their way when the bot was told to wait are not held against it.
GRACE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 60


@dataclass(slots=True)
class Pause:
    """A lane that was told to wait."""

    seconds: int
    told_at: float

    @property
    def until(self) -> float:
        """When the lane may go on."""
        return self.told_at + self.seconds


class Limiter:
    """Lanes are the bot and each chat; a message takes a token of both."""

    def __init__(self, settings: TelegramSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lanes: dict[int, Bucket] = {}
        self._pauses: dict[int, Pause] = {}

    def take(self, chat_id: int) -> None:
        """Count one message to a chat; raises ApiError (429) when it comes too early."""
        if not self._settings.pace:
            return
        now = self._clock.now()
        lanes = {lane: self._bucket(lane) for lane in (BOT, chat_id)}
        for lane in lanes:
            self._respect_pause(lane, now)
        for lane, bucket in lanes.items():
            if early := bucket.wait(now):
                raise self._pause(lane, max(1, math.ceil(early)), now)
        for bucket in lanes.values():
            bucket.spend(now)

    def _bucket(self, lane: int) -> Bucket:
        bucket = self._lanes.get(lane)
        if bucket is None:
            bucket = self._lanes[lane] = self._new_bucket(lane)
        return bucket

    def _new_bucket(self, lane: int) -> Bucket:
        settings, pace = self._settings, self._settings.pace
        if lane == BOT:
            return Bucket(1 / (settings.rate * pace), math.ceil(settings.rate * pace))
        if lane > 0:
            return Bucket(1 / (settings.chat_rate * pace), settings.chat_burst)
        return Bucket(60 / (settings.group_rate * pace), math.ceil(settings.group_rate))

    def _respect_pause(self, lane: int, now: float) -> None:
        pause = self._pauses.get(lane)
        if pause is None:
            return
        if now >= pause.until:
            del self._pauses[lane]
        elif now >= pause.told_at + GRACE_SECONDS:
            raise self._pause(lane, min(pause.seconds * 2, MAX_PAUSE_SECONDS), now)
        else:
            raise too_many(math.ceil(pause.until - now))

    def _pause(self, lane: int, seconds: int, now: float) -> ApiError:
        self._pauses[lane] = Pause(seconds, now)
        return too_many(seconds)
