"""Numbers that grow by one and do not come again after a restart, as Telegram's do not."""

import itertools
from collections.abc import Iterator

from emulators.clock import Clock

# 1 January 2025 and ten numbers a second: below 2**31 until 2031.
_EPOCH = 1_735_689_600
_A_SECOND = 10


def counter(clock: Clock) -> Iterator[int]:
    """Numbers from one that no earlier run is likely to have reached."""
    return itertools.count(int((clock.now() - _EPOCH) * _A_SECOND))
