"""Whether a person costs the same in a big audience as in a small one, in time and in memory."""

from collections.abc import Mapping
from typing import Any

from app.bench.ground import Ground, stub
from app.bench.measuring import Taken, rounded
from app.bench.staff import staff

MEGABYTE = 2**20


async def scale(ground: Ground, many: int, few: int, fewest: int) -> Mapping[str, Any]:
    """The cost a person of `many` over that of `few`; a worker's memory beyond that at `fewest`."""
    async with stub(ground.folder) as base:
        least, small, large = [await _once(ground, base, count) for count in (fewest, few, many)]
    return {
        "people": {"fewest": fewest, "few": few, "many": many},
        "cpu_each_over_few": rounded(large.cpu_each / small.cpu_each),
        "seconds_each_over_few": rounded(small.per_second / large.per_second),
        "memory_beyond_fewest_mb": rounded((large.peak - least.peak) / MEGABYTE),
        "absolutes": {name: _told(it) for name, it in (("few", small), ("many", large))},
        **await ground.told(),
    }


async def _once(ground: Ground, base: str, people: int) -> Taken:
    async with staff(ground, base, people) as one:
        return await one.broadcast()


def _told(taken: Taken) -> Mapping[str, float]:
    return {
        "messages_per_second": rounded(taken.per_second),
        "cpu_us_each": rounded(taken.cpu_each),
        "peak_memory_mb": rounded(taken.peak / MEGABYTE),
    }
