"""Flood limits: how fast a bot may send, and what it hears when it is faster."""

import math
from dataclasses import dataclass

from emulators.clock import Clock
from emulators.telegram.errors import ApiError, too_many
from emulators.telegram.settings import TelegramSettings

BOT = 0
# Requests that were on their way when the bot was told to wait are not held against it.
GRACE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Rule:
    """A steady rate as seconds between two messages, and how many of them may come at once."""

    interval: float
    burst: int


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
    """Virtual scheduling (GCRA), one number a lane; lanes are the bot and each chat."""

    def __init__(self, settings: TelegramSettings, clock: Clock) -> None:
        self._clock = clock
        self._due: dict[int, float] = {}
        self._pauses: dict[int, Pause] = {}
        self._limited = settings.pace > 0
        if self._limited:
            pace = settings.pace
            self._bot = Rule(1 / (settings.rate * pace), math.ceil(settings.rate * pace))
            self._chat = Rule(1 / (settings.chat_rate * pace), settings.chat_burst)
            self._group = Rule(60 / (settings.group_rate * pace), math.ceil(settings.group_rate))

    def take(self, chat_id: int) -> None:
        """Count one message to a chat; raises ApiError (429) when it comes too early."""
        if not self._limited:
            return
        now = self._clock.now()
        lanes = ((BOT, self._bot), (chat_id, self._chat if chat_id > 0 else self._group))
        for lane, _ in lanes:
            self._respect_pause(lane, now)
        for lane, rule in lanes:
            early = self._due.get(lane, 0.0) - (rule.burst - 1) * rule.interval - now
            if early > 0:
                raise self._pause(lane, max(1, math.ceil(early)), now)
        for lane, rule in lanes:
            self._due[lane] = max(self._due.get(lane, 0.0), now) + rule.interval

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
