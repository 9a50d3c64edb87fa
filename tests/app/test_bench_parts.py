"""What benchmarks are made of: the stub, the medians, the people, the peers' environment."""

import asyncio
import os
import sys
from array import array
from pathlib import Path

import aiohttp
import pytest

from app.bench.ground import FIRST_CHAT, LANE, stub, tally
from app.bench.measuring import Measure, Taken, interleaved, over
from app.bench.stub import worst_second
from app.rehearsal.programs import ROOT, NotReady, bare, program
from storage.crowd import Crowd, Homes
from storage.database import Database
from vestnik.address import SMS, Address, Lane
from vestnik.segment import EVERYONE, Consented

HOMES = (Homes(LANE, FIRST_CHAT), Homes(Lane(SMS, "main"), 79_160_000_000, "+"))


class TestStub:
    async def test_it_accepts_all_and_counts_copies(self, tmp_path: Path) -> None:
        async with stub(tmp_path, tally=True) as base, aiohttp.ClientSession() as session:
            url = f"{base}/bot1:bench/sendMessage"
            for chat in (1, 2, 2):
                async with session.post(url, json={"chat_id": chat, "text": "t"}) as answer:
                    assert (await answer.json())["ok"]
            for multipart in (False, True):
                form = aiohttp.FormData({"chat_id": "1"}, default_to_multipart=multipart)
                async with session.post(url, data=form) as answer:
                    assert answer.status == 200
            told = await tally(base)
        assert (told.accepted, told.people, told.duplicates, told.refused) == (5, 2, 3, 0)
        assert told.worst_second <= 5

    async def test_it_refuses_what_is_beyond_the_rate(self, tmp_path: Path) -> None:
        async with stub(tmp_path, rate=2, tally=True) as base, aiohttp.ClientSession() as session:
            answers = []
            for _ in range(50):
                async with session.post(f"{base}/bot1:x/sendMessage", json={}) as answer:
                    answers.append((answer.status, await answer.json()))
            told = await tally(base)
        assert [status for status, _ in answers[:2]] == [200, 200]
        assert told.accepted + told.refused == 50
        refusal = next(body for status, body in answers if status == 429)
        assert refusal["parameters"] == {"retry_after": 1}


@pytest.mark.parametrize(
    ("times", "most"), [([], 0), ([1.0], 1), ([1.0, 1.5, 1.9, 2.1, 3.5], 3), ([1.0, 2.0], 1)]
)
def test_the_worst_second(times: list[float], most: int) -> None:
    assert worst_second(array("d", times)) == most


async def test_a_ratio_is_the_median_of_its_rounds() -> None:
    speeds = {"one": iter((10, 30, 20)), "other": iter((10, 10, 10))}
    order: list[str] = []

    def measure(name: str) -> Measure:
        async def taken() -> Taken:
            order.append(name)
            return Taken(next(speeds[name]), 1.0, 0.1)

        return taken

    series = await interleaved(3, {name: measure(name) for name in speeds})
    assert order == ["one", "other"] * 3
    assert over(series, "one", "other") == 2.0


async def test_a_crowd_may_be_sent_to(database: Database) -> None:
    async with database.begin() as work:
        await Crowd(work.connection, work.now).settle(5, HOMES)
    async with database.begin() as work:
        await Crowd(work.connection, work.now).settle(2, HOMES)
    async with database.read() as work:
        assert await work.audiences.count(EVERYONE) == 7
        assert await work.audiences.count(Consented("advertising")) == 7
        reach = await work.audiences.reach(EVERYONE)
        assert reach.channels == {"sms": 4, "telegram": 3}
        known = await work.people.address(Address(SMS, "main", HOMES[1].handle(7)))
        assert known is not None
        assert known.person_id == 7
        [entry] = await work.consents.entries(7)
        assert (entry.purpose, entry.action) == ("advertising", "grant")
        assert (await work.consents.standing(7, "advertising")).covers(SMS)


class TestPrograms:
    async def test_what_a_process_uses_is_told(self, tmp_path: Path) -> None:
        async with program("app.bench.stub", environment=bare({}), heard=True) as running:
            assert (await running.says()).startswith("http://")
            used = running.usage()
            assert used.cpu > 0
            assert used.peak > 2**20
            await running.kill()
            assert not running.alive

    async def test_one_that_ends_too_early_is_told(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        async with program("app", "worker", environment=bare({}), folder=tmp_path, log=log) as it:
            with pytest.raises(NotReady, match="BROKER_URL and REDIS_URL are empty"):
                await it.logs("working")


async def test_peers_that_cannot_be_installed_are_told(tmp_path: Path) -> None:
    """Without a network: one sentence and exit code 2."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "bench", "peers", "--database", "sqlite"),
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "XDG_CACHE_HOME": str(tmp_path),
            "PIP_NO_INDEX": "1",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaint = await process.communicate()
    assert process.returncode == 2
    assert said == b""
    assert b"The peers could not be installed: " in complaint
