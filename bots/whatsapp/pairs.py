"""Holds messages to one person to WhatsApp's pace, before Meta has to refuse them."""

import time
from collections.abc import Callable

# One message in six seconds; a burst borrows from the time after it. Page: messages/send-messages.
EVERY_SECONDS, BURST = 6.0, 45

ROUNDING = 1e-6
FEW = 1000


class Pairs:
    """A clock for each person written to lately: when all borrowed time is paid back (GCRA)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paid: dict[str, float] = {}
        self._many = FEW

    def __len__(self) -> int:
        return len(self._paid)

    def wait(self, whom: str) -> float:
        """Seconds until a message may go; 0 when one may now."""
        now = self._clock()
        early = self._paid.get(whom, now) - now - (BURST - 1) * EVERY_SECONDS
        return early if early > ROUNDING else 0.0

    def count(self, whom: str) -> None:
        """A message goes now."""
        now = self._clock()
        self._paid[whom] = max(self._paid.get(whom, now), now) + EVERY_SECONDS
        self._forget(now)

    def _forget(self, now: float) -> None:
        """Drop those who owe nothing, each time the number of people has doubled."""
        if len(self._paid) > self._many:
            self._paid = {whom: paid for whom, paid in self._paid.items() if paid > now}
            self._many = max(FEW, 2 * len(self._paid))
