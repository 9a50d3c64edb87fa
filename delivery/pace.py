"""Keeps a lane under its rate: GCRA, the generic cell rate algorithm, in process."""

import math
import time
from dataclasses import dataclass

from vestnik.address import Lane

BURST_SECONDS = 0.1
"""How much of a second's allowance may go at once."""

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Grant:
    """How many messages may go now; with none, `wait` seconds until the next may."""

    count: int
    wait: float = 0.0


class Pace:
    """One clock a lane: the theoretical arrival time of its next message."""

    def __init__(self) -> None:
        self._arrival: dict[Lane, float] = {}

    def take(self, lane: Lane, most: int, rate: float) -> Grant:
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

    def give_back(self, lane: Lane, count: int, rate: float) -> None:
        """Messages that were granted and not sent."""
        if count:
            self._arrival[lane] = self._arrival.get(lane, 0.0) - count / rate
