"""Of two schedulers one leads: the other waits, and takes over when the first one is gone."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app import roles
from app.leading import NAME, Lead
from app.settings import load
from app.wiring import House, build
from storage.database import Database
from tests.house.test_contracts import ROOT
from vestnik.abilities import Polled
from vestnik.address import ChannelName
from vestnik.channel import NOTHING, Hook, Kept, Reply, Unreadable
from vestnik.inbound import Inbound
from vestnik.outbound import Send
from vestnik.outcome import SendResult

PATIENCE_SECONDS = 60.0


class Radio:
    """A channel that is polled, and knows how many poll it."""

    name = ChannelName("radio")
    account = "main"
    limits = NOTHING
    polls = True

    def __init__(self, listening: set[str], me: str) -> None:
        self._listening = listening
        self._me = me

    def accept(self, hook: Hook) -> Reply:
        raise NotImplementedError

    def read(self, kept: Kept) -> Sequence[Inbound | Unreadable]:
        raise NotImplementedError

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        raise NotImplementedError

    async def poll(self, cursor: str | None) -> Polled:
        assert self._listening <= {self._me}, "two poll at once"
        self._listening.add(self._me)
        try:
            await asyncio.sleep(0.05)
        finally:
            self._listening.discard(self._me)
        return Polled((), cursor)

    async def aclose(self) -> None:
        """Nothing is open."""


class Stage:
    """Schedulers of one database, and who of them acts."""

    def __init__(self) -> None:
        self.listening: set[str] = set()

    def house(self, name: str) -> House:
        return build(load(None), [Radio(self.listening, name)])

    async def acts(self, name: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.listening != {name}:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)


@pytest.fixture(params=["sqlite", "postgresql"])
def stage(request: pytest.FixtureRequest, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setenv("DATABASE_URL", request.getfixturevalue(f"{request.param}_url"))
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    return Stage()


async def test_one_acts_and_the_next_follows_at_once(stage: Stage) -> None:
    async with AsyncExitStack() as first:
        await first.enter_async_context(roles.scheduler(stage.house("first")))
        await stage.acts("first")
        async with roles.scheduler(stage.house("second")):
            await asyncio.sleep(3)
            await stage.acts("first")
            await first.aclose()
            await stage.acts("second")


async def test_who_lost_the_lease_stops_acting(stage: Stage) -> None:
    house = stage.house("first")
    async with roles.scheduler(house):
        await stage.acts("first")
        async with house.database.begin() as work:
            held = await work.leases.holder(NAME)
            assert held
            await work.leases.give_up(NAME, held)
            assert await work.leases.take(NAME, "stranger", timedelta(hours=1))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while stage.listening:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.2)
        await asyncio.sleep(2)
        assert not stage.listening


async def test_without_an_answer_it_stops_and_leads_again_after(database: Database) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def act() -> AsyncIterator[None]:
        began.set()
        yield
        ended.set()

    leading = asyncio.create_task(Lead(database, "first").pursue(act))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await began.wait()
        await _rename(database, "leases", "gone")
        await ended.wait()
        began.clear()
        await _rename(database, "gone", "leases")
        await began.wait()
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)


async def test_after_a_kill_another_process_leads(
    postgresql_url: str, redis_url: str, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": postgresql_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "k" * 32,
        "PYTHONPATH": str(ROOT),
    }
    database = Database(postgresql_url)
    command = (sys.executable, "-m", "app", "scheduler")
    processes = {}
    async with asyncio.timeout(2 * PATIENCE_SECONDS):
        for _ in range(2):
            started = await asyncio.create_subprocess_exec(*command, env=environment, cwd=tmp_path)
            processes[started.pid] = started
        first = await _leader(database, set(processes))
        processes[first].send_signal(signal.SIGKILL)
        await processes[first].wait()
        second = await _leader(database, set(processes) - {first})
        processes[second].send_signal(signal.SIGTERM)
        assert await processes[second].wait() == 0
    async with database.read() as work:
        assert await work.leases.holder(NAME) is None
    await database.aclose()


async def _leader(database: Database, among: set[int]) -> int:
    """The process that leads, once it is one of these."""
    while True:
        async with database.read() as work:
            holder = await work.leases.holder(NAME) or "::"
        number = holder.split(":")[1]
        if number and int(number) in among:
            return int(number)
        await asyncio.sleep(0.2)


async def _rename(database: Database, old: str, new: str) -> None:
    async with database.begin() as work:
        await work.connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")
