"""How fast a broadcast runs through the whole platform, beside what could be fastest at all."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from app.bench import measuring, peer_environment
from app.bench.ground import Ground, stub
from app.bench.measuring import Measure, Taken, interleaved, over
from app.bench.peer_environment import PEERS
from app.bench.senders import CONCURRENCY, raw, same_sender
from app.bench.staff import staff

LATENCY = 0.05
PEER_PEOPLE = 1_000
MEGABYTE = 2**20


async def pipeline(
    ground: Ground, people: int, rounds: int, beside_peers: bool
) -> Mapping[str, Any]:
    """One and two workers over the ceilings, without latency and with LATENCY seconds of it."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        quick = await enter(stub(ground.folder))
        slow = await enter(stub(ground.folder, latency=LATENCY))
        one = await enter(staff(ground, quick, people))
        far = await enter(staff(ground, slow, people))
        measures: dict[str, Measure] = {
            "raw": lambda: raw(quick, people),
            "same_sender": lambda: same_sender(quick, people),
            "pipeline": one.broadcast,
            "pipeline_at_latency": far.broadcast,
        }
        if ground.postgresql:
            two = await enter(staff(ground, quick, people, workers=2))
            measures["two_processes"] = two.broadcast
        if beside_peers:
            interpreter = await peer_environment.python()
            for name in PEERS:
                measures[name] = partial(
                    peer_environment.broadcast, interpreter, name, quick, PEER_PEOPLE
                )
        series = await interleaved(rounds, measures)
    bound = CONCURRENCY / LATENCY
    told = {
        "pipeline_over_raw": over(series, "pipeline", "raw"),
        "pipeline_over_same_sender": over(series, "pipeline", "same_sender"),
        "share_of_bound_at_50_ms": measuring.median(
            series["pipeline_at_latency"], lambda it: it.per_second / bound
        ),
        "cpu_over_same_sender": over(series, "pipeline", "same_sender", _cpu),
    }
    if "two_processes" in series:
        told["two_processes_over_one"] = over(series, "two_processes", "pipeline")
    if beside_peers:
        told["over_best_peer"] = min(over(series, "pipeline", name) for name in PEERS)
    return {
        **told,
        "people": people,
        "rounds": rounds,
        "peak_memory_mb": round(max(it.peak for it in series["pipeline"]) / MEGABYTE),
        "absolutes": measuring.absolutes(series),
        **await ground.told(),
    }


def _cpu(taken: Taken) -> float:
    return taken.cpu_each
