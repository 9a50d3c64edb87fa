"""What a measurement is, and how many become one figure: medians of ratios, round by round."""

import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """So many messages took so long: seconds by the clock, and of the sender's processor."""

    messages: int
    seconds: float
    cpu: float
    peak: int = 0

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    @property
    def cpu_each(self) -> float:
        """Microseconds of processor time a message."""
        return self.cpu / self.messages * 1e6


Measure = Callable[[], Awaitable[Taken]]
Series = Mapping[str, Sequence[Taken]]


async def interleaved(rounds: int, measures: Mapping[str, Measure]) -> Series:
    """Each measure once a round, in turn: whatever the machine does meanwhile meets them all."""
    taken: dict[str, list[Taken]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            taken[name].append(await measure())
    return taken


def over(
    series: Series, name: str, other: str, by: Callable[[Taken], float] = lambda it: it.per_second
) -> float:
    """The median, over the rounds, of one measure's speed to another's."""
    pairs = zip(series[name], series[other], strict=True)
    return rounded(statistics.median(by(one) / by(two) for one, two in pairs))


def median(taken: Sequence[Taken], by: Callable[[Taken], float]) -> float:
    """The middle of what the rounds gave."""
    return rounded(statistics.median(by(it) for it in taken))


def absolutes(series: Series) -> Mapping[str, Mapping[str, float]]:
    """What the ratios were made of: only to be compared within a run."""
    return {
        name: {
            "messages_per_second": median(taken, lambda it: it.per_second),
            "cpu_us_each": median(taken, lambda it: it.cpu_each),
        }
        for name, taken in series.items()
    }


def rounded(number: float) -> float:
    """Three figures that mean something."""
    return float(f"{number:.4g}")


class Watch:
    """Runs from its making to `taken`, by the clock and by this process' processor."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._cpu = time.process_time()

    def taken(self, messages: int) -> Taken:
        """What so many messages took."""
        return Taken(messages, time.perf_counter() - self._began, time.process_time() - self._cpu)
