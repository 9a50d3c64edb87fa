"""Each benchmark runs with few people: what it prints and counts is checked, never how fast."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.bench.crash import crash
from app.bench.dialog import dialog
from app.bench.ground import Ground
from app.bench.ingest import ingest
from app.bench.pacing import pacing
from app.bench.pipeline import pipeline
from app.bench.scale import scale
from app.bench.segments import QUERIES, segments
from app.bench.snapshot import snapshot
from tests.servers import Servers

FEW = 60


@pytest.fixture
def ground(postgresql_url: str, servers: Servers, tmp_path: Path) -> Ground:
    """The session's own servers."""
    return Ground(postgresql_url, servers.redis, tmp_path)


def ratios(told: Mapping[str, Any], *names: str) -> None:
    for name in names:
        assert told[name] > 0, (name, told)


@pytest.mark.chaos
async def test_pipeline(ground: Ground) -> None:
    told = await pipeline(ground, FEW, 1, beside_peers=False)
    over = ("raw", "same_sender")
    ratios(told, *(f"pipeline_over_{name}" for name in over), "share_of_bound_at_50_ms")
    ratios(told, "two_processes_over_one", "peak_memory_mb", "cpu_over_same_sender")
    assert told["database"] == "postgresql"
    assert told["people"] == FEW


async def test_pipeline_in_one_process(tmp_path: Path) -> None:
    told = await pipeline(Ground("", str, tmp_path), FEW, 1, beside_peers=False)
    ratios(told, "pipeline_over_same_sender")
    assert "two_processes_over_one" not in told
    assert told["database"] == "sqlite"


@pytest.mark.chaos
async def test_pacing(ground: Ground) -> None:
    told = await pacing(ground, 3, rates=[50.0], processes=[2])
    assert told["refused"] == 0
    [run] = told["runs"]
    assert (run["rate"], run["processes"], run["people"]) == (50.0, 2, 150)
    ratios(run, "share", "worst_second")


async def test_snapshot(ground: Ground) -> None:
    told = await snapshot(ground, 1_000, 1, FEW)
    ratios(told, "freeze_over_bare_insert", "freeze_rows_per_second", "ledger_rows_per_second")


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
async def test_segments(ground: Ground, kind: str, tmp_path: Path) -> None:
    told = await segments(ground if kind == "postgresql" else Ground("", str, tmp_path), 2_000, 1)
    assert (told["database"], told["people"]) == (kind, 2_000)
    by_query = {it["query"]: it for it in told["queries"]}
    assert tuple(by_query) == QUERIES
    for query in by_query.values():
        ratios(query, "seconds", "people")
        # Whoever is counted may be reached on one channel, on two, or on none.
        assert max(query["channels"].values()) <= query["people"]
    assert by_query["everyone"]["people"] == 2_000
    told_apart = ("clicked < 30d", "clicked > 30d")
    clicked = [by_query[it]["people"] for it in told_apart]
    # Four of ten pressed a button on any day of a year.
    assert 0.3 * 2_000 < sum(clicked) < 0.5 * 2_000
    assert clicked[0] < clicked[1]


async def test_ingest(ground: Ground) -> None:
    told = await ingest(ground, FEW, 1)
    ratios(told, "kept_over_forgotten")
    ratios(told["p99_ms"], "kept", "forgotten")


@pytest.mark.parametrize("kind", ["postgresql", pytest.param("sqlite", marks=pytest.mark.chaos)])
async def test_dialog(ground: Ground, kind: str, tmp_path: Path) -> None:
    told = await dialog(ground if kind == "postgresql" else Ground("", str, tmp_path), FEW, 1)
    ratios(told, "walked_over_ceiling")
    ratios(told["advance_cpu_ms"], "median", "p99")
    ratios(told["taken_in_p99_ms"], "walked", "forgotten")
    assert (told["database"], told["people"], told["messages_each"]) == (kind, FEW, 4)


@pytest.mark.chaos
async def test_scale(ground: Ground) -> None:
    told = await scale(ground, many=300, few=FEW, rounds=1, fewest=FEW)
    ratios(told, "cpu_each_over_few", "seconds_each_over_few")
    assert "memory_beyond_fewest_mb" in told


@pytest.mark.chaos
async def test_crash(ground: Ground) -> None:
    told = await crash(ground, people=60, kills=2, seed=1)
    assert told["lost"] == 0
    assert told["duplicates"] == {"telegram": 0, "vk": 0, "whatsapp": 0, "sms": 0}
    assert told["audit"] == "clean"
    tail = told["tail"]
    assert tail["resumed_within_seconds"] <= tail["allowed_seconds"]
