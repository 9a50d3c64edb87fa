"""Whether a person costs the same in a big audience as in a small one, in time and in memory."""

from collections.abc import Mapping
from typing import Any

from app.bench.ground import Ground, stub
from app.bench.measuring import Taken, rounded
from app.bench.staff import staff

MEGABYTE = 2**20


async def scale(
    ground: Ground, many: int, few: int, rounds: int, *, fewest: int = 2_000
) -> Mapping[str, Any]:
    """The cost a person of `many` over that of `few`; a worker's memory beyond that at `fewest`.

    The small audiences are sent to so many times, and the middle counts.
    """
    async with stub(ground.folder) as base:
        least = await _middle(ground, base, fewest, 1)
        small = await _middle(ground, base, few, rounds)
        large = await _middle(ground, base, many, 1)
    return {
        "people": {"fewest": fewest, "few": few, "many": many},
        "rounds": rounds,
        "cpu_each_over_few": rounded(large.cpu_each / small.cpu_each),
        "seconds_each_over_few": rounded(small.per_second / large.per_second),
        "memory_beyond_fewest_mb": rounded((large.peak - least.peak) / MEGABYTE),
        "absolutes": {name: _told(it) for name, it in (("few", small), ("many", large))},
        **await ground.told(),
    }


async def _middle(ground: Ground, base: str, people: int, rounds: int) -> Taken:
    async with staff(ground, base, people) as one:
        taken = [await one.broadcast() for _ in range(rounds)]
    return sorted(taken, key=lambda it: it.cpu_each)[rounds // 2]


def _told(taken: Taken) -> Mapping[str, float]:
    return {
        "messages_per_second": rounded(taken.per_second),
        "cpu_us_each": rounded(taken.cpu_each),
        "peak_memory_mb": rounded(taken.peak / MEGABYTE),
    }
