"""Workers do what is due though no hint comes, finish what is in the air, and end when told."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from app import roles
from app.settings import load
from app.wiring import House, build
from storage.database import Database
from tests.delivery.ledger import Ledger
from tests.delivery.making import LIMITS, TELEGRAM
from tests.delivery.post import Post
from tests.house.test_contracts import ROOT
from vestnik.address import Lane
from vestnik.route import Step

PATIENCE_SECONDS = 60.0
WITHIN_SECONDS = 10.0
PEOPLE = 5
LANE = Lane(TELEGRAM, "main")
NO_BROKER = "redis://127.0.0.1:1/0"


@pytest.fixture
def post() -> Post:
    return Post(LANE, LIMITS[TELEGRAM])


@pytest.fixture
def house(post: Post, database_url: str, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house whose broker is away: nobody hears a hint of anybody."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("BROKER_URL", NO_BROKER)
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    return build(load(None), [post])


@pytest.fixture
async def campaign(database: Database) -> int:
    """A broadcast that somebody started and then told nobody of."""
    ledger = Ledger(database)
    for _ in range(PEOPLE):
        await ledger.customer(TELEGRAM)
    return await ledger.broadcast((Step(TELEGRAM),))


async def test_what_is_due_is_done_though_no_hint_comes(
    house: House, post: Post, campaign: int
) -> None:
    """So what a dead worker had been told is done by the others, also when nothing follows it."""
    async with roles.worker(house), asyncio.timeout(PATIENCE_SECONDS):
        while len(post.taken) < PEOPLE:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.05)


async def test_what_is_in_the_air_when_it_stops_is_finished(
    house: House, post: Post, campaign: int, database: Database
) -> None:
    called, answer = asyncio.Event(), asyncio.Event()

    async def sending(batch: object) -> None:
        called.set()
        await answer.wait()

    post.while_sending = sending
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with roles.worker(house):
            await called.wait()
            asyncio.get_running_loop().call_later(0.5, answer.set)
        async with database.read() as work:
            report = await work.reports.of(campaign)
    assert report.states.get("accepted") == len(post.taken) > 0
    assert set(report.states) <= {"accepted", "planned"}


@pytest.mark.parametrize("role", ["run", "web", "worker", "scheduler"])
async def test_a_process_ends_when_it_is_told(
    role: str, sqlite_url: str, redis_url: str, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": sqlite_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "k" * 32,
        "PORT": "0",
        "PYTHONPATH": str(ROOT),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", role),
        env=environment,
        cwd=tmp_path,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr
    told = b""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(word in told for word in (b"listening", b"working", b"scheduling")):
            told += await process.stderr.read(1000)
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(WITHIN_SECONDS):
        assert await process.wait() == 0, told
