"""The demo plays the whole story and its two ledgers agree, embedded and as production runs."""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.demo import performance

FEW = 48


async def once(people: int, **settings: str) -> tuple[int, dict[str, Any]]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        "demo",
        "--once",
        "--json",
        "--people",
        str(people),
        env={**keep, **settings},
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    last: dict[str, Any] = json.loads(told.decode().strip().splitlines()[-1])
    return process.returncode or 0, last


def check(told: dict[str, Any], people: int) -> None:
    assert told["audience"] == sum(told["states"].values()) == people
    assert told["channels"] == told["accepted"]
    assert set(told["reached"]) == {"telegram", "vk", "whatsapp", "sms"}
    assert all(count > 0 for count in told["reached"].values())
    assert told["skipped"]["no_consent"] > 0
    assert told["skipped"]["opted_out"] > 0
    assert told["opted_out_reached"] == 0
    assert told["audit"] == "clean"


async def test_the_whole_story_embedded() -> None:
    code, told = await once(FEW)
    assert code == 0
    check(told, FEW)


@pytest.mark.chaos
async def test_the_whole_story_with_a_process_a_role(postgresql_url: str, redis_url: str) -> None:
    code, told = await once(FEW, DATABASE_URL=postgresql_url, REDIS_URL=redis_url)
    assert code == 0
    check(told, FEW)


async def test_the_clock_of_the_page_moves_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    # The demo writes its settings into the environment.
    monkeypatch.setattr(os, "environ", {**os.environ, "SCENARIO": "clinic"})
    async with performance.opened(0) as theatre:
        async with theatre.session.post(
            f"{theatre.base}/_sim/clock", json={"advance": 86_400}
        ) as answer:
            assert answer.status == 200
        async with theatre.database.read() as work:
            ahead = work.now - datetime.now(UTC)
    assert timedelta(hours=23) < ahead < timedelta(hours=25)
