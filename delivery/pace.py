"""Keeps a lane under its rate: GCRA, the generic cell rate algorithm, and its twin in process."""

import math
import time
from dataclasses import dataclass
from typing import Protocol

from vestnik.address import Lane

BURST_SECONDS = 0.1
"""How much of a second's allowance may go at once."""

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Grant:
    """How many messages may go now; with none, `wait` seconds until the next may."""

    count: int
    wait: float = 0.0


class Pace(Protocol):
    """One clock a lane: the theoretical arrival time of its next message."""

    async def take(self, lane: Lane, most: int, rate: float) -> Grant:
        """Up to `most` messages at `rate` a second."""
        ...

    async def give_back(self, lane: Lane, count: int, rate: float) -> None:
        """Messages that were granted and not sent; below none, sent beyond what was granted."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...


class LocalPace:
    """The pace of one process."""

    def __init__(self) -> None:
        self._arrival: dict[Lane, float] = {}

    async def take(self, lane: Lane, most: int, rate: float) -> Grant:
        """Up to `most` messages at `rate` a second."""
        now = time.monotonic()
        interval = 1.0 / rate
        burst = max(1.0, rate * BURST_SECONDS)
        arrival = max(self._arrival.get(lane, 0.0), now)
        free = (now - arrival) * rate + burst
        count = min(most, math.floor(free + _EPSILON))
        if count < 1:
            return Grant(0, (1.0 - free) * interval)
        self._arrival[lane] = arrival + count * interval
        return Grant(count)

    async def give_back(self, lane: Lane, count: int, rate: float) -> None:
        """Messages that were granted and not sent; below none, sent beyond what was granted."""
        arrival = self._arrival.get(lane, 0.0)
        if count < 0:
            arrival = max(arrival, time.monotonic())
        self._arrival[lane] = arrival - count / rate

    async def aclose(self) -> None:
        """Nothing is open."""
