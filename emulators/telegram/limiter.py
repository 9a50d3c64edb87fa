"""Flood limits: how fast a bot may send, and what it hears when it is faster."""

import math
from dataclasses import dataclass

from emulators.bucket import Bucket
from emulators.clock import Clock
from emulators.telegram.errors import ApiError, too_many
from emulators.telegram.settings import TelegramSettings
from emulators.telegram.stars import Purse

# The lanes that every chat shares: messages for nothing, and those beyond that are paid for.
FREE, PAID = "free", "paid"
# Requests that were on their way when the bot was told to wait are not held against it.
GRACE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 60

Lane = str | int


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
    """Lanes are the bot's two and each chat; a message takes a token of one of both."""

    def __init__(self, settings: TelegramSettings, clock: Clock, purse: Purse) -> None:
        self._settings = settings
        self._clock = clock
        self._purse = purse
        self._lanes: dict[Lane, Bucket] = {}
        self._pauses: dict[Lane, Pause] = {}

    def take(self, chat_id: int, *, messages: int = 1, paid: bool = False) -> None:
        """Count messages to a chat; raises ApiError (429) when they come too early.

        An album goes out whole when there is a token for its first message. What is `paid` costs
        Stars only beyond the free rate; without Stars it keeps to that.
        """
        if not self._settings.pace:
            return
        now = self._clock.now()
        whole = PAID if paid and self._must_pay(messages, now) else FREE
        lanes = {lane: self._bucket(lane) for lane in (whole, chat_id)}
        for lane in lanes:
            self._respect_pause(lane, now)
        for lane, bucket in lanes.items():
            if early := bucket.wait(now):
                raise self._pause(lane, max(1, math.ceil(early)), now)
        for bucket in lanes.values():
            for _ in range(messages):
                bucket.spend(now)
        if whole == PAID:
            self._purse.pay(messages)

    def _must_pay(self, messages: int, now: float) -> bool:
        """Whether there is no free token now but enough Stars."""
        pause = self._pauses.get(FREE)
        free = self._bucket(FREE).wait(now) == 0 and not (pause and now < pause.until)
        return not free and self._purse.holds(messages)

    def _bucket(self, lane: Lane) -> Bucket:
        bucket = self._lanes.get(lane)
        if bucket is None:
            bucket = self._lanes[lane] = self._new_bucket(lane)
        return bucket

    def _new_bucket(self, lane: Lane) -> Bucket:
        settings, pace = self._settings, self._settings.pace
        if isinstance(lane, str):
            rate = (settings.rate if lane == FREE else settings.paid_rate) * pace
            return Bucket(1 / rate, math.ceil(rate))
        if lane > 0:
            return Bucket(1 / (settings.chat_rate * pace), settings.chat_burst)
        return Bucket(60 / (settings.group_rate * pace), math.ceil(settings.group_rate))

    def _respect_pause(self, lane: Lane, now: float) -> None:
        pause = self._pauses.get(lane)
        if pause is None:
            return
        if now >= pause.until:
            del self._pauses[lane]
        elif now >= pause.told_at + GRACE_SECONDS:
            raise self._pause(lane, min(pause.seconds * 2, MAX_PAUSE_SECONDS), now)
        else:
            raise too_many(math.ceil(pause.until - now))

    def _pause(self, lane: Lane, seconds: int, now: float) -> ApiError:
        self._pauses[lane] = Pause(seconds, now)
        return too_many(seconds)
