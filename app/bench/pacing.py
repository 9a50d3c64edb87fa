"""Whether workers that share a rate reach it, and never go beyond what the platform allows."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.bench.ground import Ground, cleared, stub, tally
from app.bench.measuring import rounded
from app.bench.staff import staff

RATES = (30.0, 1_000.0)
PROCESSES = (1, 2, 4)


async def pacing(
    ground: Ground,
    seconds: float,
    rates: Sequence[float] = RATES,
    processes: Sequence[int] = PROCESSES,
) -> Mapping[str, Any]:
    """For each rate and number of workers: the share reached, the worst second, the 429s.

    The stub keeps to the same rule as the emulated Telegram (emulators.bucket): what it refuses,
    the platform would have refused.
    """
    taken = [await _paced(ground, rate, count, seconds) for rate in rates for count in processes]
    return {
        "share": {
            "least": min(it["share"] for it in taken),
            "most": max(it["share"] for it in taken),
        },
        "refused": sum(it["refused"] for it in taken),
        "runs": taken,
        **await ground.told(),
    }


async def _paced(ground: Ground, rate: float, count: int, seconds: float) -> Mapping[str, Any]:
    people = round(rate * seconds)
    async with (
        stub(ground.folder, rate=rate, tally=True) as base,
        staff(ground, base, people, workers=count, rate=rate) as workers,
    ):
        await cleared(base)
        await workers.broadcast()
        told = await tally(base)
    return {
        "rate": rate,
        "processes": count,
        "people": told.people,
        # From the first to the last message there is one gap less than there are messages.
        "share": rounded((told.accepted - 1) / told.seconds / rate),
        "worst_second": told.worst_second,
        "refused": told.refused,
    }
