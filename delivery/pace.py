"""Keeps a lane under its rate: GCRA, the generic cell rate algorithm, and its twin in process."""

import math
import time
from dataclasses import dataclass
from typing import Protocol

from vestnik.address import Lane

BURST_SECONDS = 0.1
"""How much of a second's allowance may go at once."""

LEASE_SECONDS = 0.025
"""Whoever finds less than this of a second's allowance waits for it, unless wanting less.

Without it workers that share a rate come back for every single message: each then costs a round
trip and a transaction of its own.
"""

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Grant:
    """How many messages may go after `wait` seconds; with none, it is then time to ask again."""

    count: int
    wait: float = 0.0


def burst(rate: float) -> float:
    """How many may go at once after a rest."""
    return max(1.0, rate * BURST_SECONDS)


def least(most: int, rate: float) -> int:
    """How many must be free before any is granted to one who could send `most`."""
    return max(1, min(most, math.floor(rate * LEASE_SECONDS)))


class Pace(Protocol):
    """One clock a lane: the theoretical arrival time of its next message."""

    async def take(self, lane: Lane, most: int, rate: float, ahead: float = 0.0) -> Grant:
        """Up to `most` messages at `rate` a second, whose turn comes within `ahead` seconds.

        Whoever still has to prepare what is to be sent takes its turn ahead: else the time that
        this takes would be lost to the rate.
        """
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

    async def take(self, lane: Lane, most: int, rate: float, ahead: float = 0.0) -> Grant:
        """Up to `most` messages at `rate` a second, whose turn comes within `ahead` seconds."""
        now = time.monotonic()
        arrival = max(self._arrival.get(lane, 0.0), now)
        free = (now + ahead - arrival) * rate + burst(rate)
        count = min(most, math.floor(min(free, burst(rate)) + _EPSILON))
        if count < least(most, rate):
            return Grant(0, (least(most, rate) - free) / rate)
        self._arrival[lane] = arrival + count / rate
        return Grant(count, max(0.0, arrival - now + (count - burst(rate)) / rate))

    async def give_back(self, lane: Lane, count: int, rate: float) -> None:
        """Messages that were granted and not sent; below none, sent beyond what was granted."""
        arrival = self._arrival.get(lane, 0.0)
        if count < 0:
            arrival = max(arrival, time.monotonic())
        self._arrival[lane] = arrival - count / rate

    async def aclose(self) -> None:
        """Nothing is open."""
