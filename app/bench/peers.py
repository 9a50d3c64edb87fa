"""Others that broadcast in Telegram, on the same stub: speed, what a 429 and what a kill costs."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

from app.bench import peer_environment
from app.bench.ground import Ground, cleared, stub, tally
from app.bench.measuring import Measure, absolutes, interleaved, over
from app.bench.peer_environment import PEERS
from app.bench.staff import staff

LATENCY = 0.05
STRICT = 30.0
OURS = "vestnik"
PATIENCE_SECONDS = 60.0


async def peers(
    ground: Ground, people: int, rounds: int, *, refused: int = 200, killed: int = 2_000
) -> Mapping[str, Any]:
    """The table: `people` a round without latency; `refused` meet 429s, `killed` a kill -9."""
    interpreter = await peer_environment.python()
    few = max(people // 20, 10)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        quick = await enter(stub(ground.folder))
        slow = await enter(stub(ground.folder, latency=LATENCY))
        ours, far = [await enter(staff(ground, base, people)) for base in (quick, slow)]
        fast: dict[str, Measure] = {OURS: ours.broadcast}
        late: dict[str, Measure] = {OURS: far.broadcast}
        for name in PEERS:
            send = partial(peer_environment.broadcast, interpreter, name)
            fast[name] = partial(send, quick, people)
            late[name] = partial(send, slow, few)
        without = await interleaved(rounds, fast)
        with_latency = await interleaved(rounds, late)
    return {
        "people": people,
        "rounds": rounds,
        "over_best_peer": min(over(without, OURS, name) for name in PEERS),
        "over_best_peer_at_50_ms": min(over(with_latency, OURS, name) for name in PEERS),
        "absolutes": absolutes(without),
        "absolutes_at_50_ms": absolutes(with_latency),
        "lost_at_429": {
            OURS: await _ours_refused(ground, refused),
            **{name: await _refused(ground, interpreter, name, refused) for name in PEERS},
        },
        "after_kill": {name: await _killed(ground, interpreter, name, killed) for name in PEERS},
        **await ground.told(),
    }


async def _refused(ground: Ground, interpreter: Path, name: str, people: int) -> int:
    """How many of these nobody sends to again after the platform said: too many requests."""
    async with stub(ground.folder, rate=STRICT, tally=True) as base:
        await peer_environment.broadcast(interpreter, name, base, people)
        return people - (await tally(base)).people


async def _ours_refused(ground: Ground, people: int) -> int:
    """The same of ours, with a rate set far beyond what the platform allows."""
    async with (
        stub(ground.folder, rate=STRICT, tally=True) as base,
        staff(ground, base, people) as ours,
    ):
        await cleared(base)
        taken = await ours.broadcast()
        return taken.messages - (await tally(base)).people


async def _killed(ground: Ground, interpreter: Path, name: str, people: int) -> Mapping[str, int]:
    """Kill -9 early on, and the same program once more, as its process manager does."""
    async with stub(ground.folder, tally=True) as base:
        async with peer_environment.started(interpreter, name, base, people) as process:
            await _accepted(base, people * 0.15)
            process.kill()
        await peer_environment.broadcast(interpreter, name, base, people)
        told = await tally(base)
        return {"lost": people - told.people, "duplicates": told.duplicates}


async def _accepted(base: str, messages: float) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if (await tally(base)).accepted >= messages:
                return
            await asyncio.sleep(0.01)
