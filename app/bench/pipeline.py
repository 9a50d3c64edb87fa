"""How fast a broadcast runs through the ledger, beside the same sender without a ledger."""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import bots.telegram
from app.runner import Runner
from broadcast import campaign
from broadcast.campaign import Plan
from delivery import hints
from delivery.pace import LocalPace
from delivery.planning import Planner
from delivery.sending import MOST_AT_ONCE, Sender
from storage.database import Database
from storage.migrate import upgrade
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address, Lane
from vestnik.channel import Channel
from vestnik.consent import MESSENGERS, ConsentEntry
from vestnik.inbound import Author
from vestnik.outbound import Send, Text
from vestnik.richtext import RichText
from vestnik.route import Step
from vestnik.segment import EVERYONE

TEXT = Text(RichText("Осенний вкус уже в кофейнях. До воскресенья латте по цене капучино."))
UNLIMITED = 1_000_000.0
ROUNDS = 3


async def pipeline(people: int) -> Mapping[str, object]:
    """Median of three: messages a second through the ledger over those of the bare sender."""
    async with _stub() as base:
        ratios, through, bare = [], [], []
        for _ in range(ROUNDS):
            bare.append(await _without_ledger(base, people))
            through.append(await _with_ledger(base, people))
            ratios.append(through[-1] / bare[-1])
    return {
        "people": people,
        "pipeline_over_same_sender": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "messages_per_second": {
            "pipeline": round(statistics.median(through)),
            "same_sender": round(statistics.median(bare)),
        },
    }


async def _without_ledger(base: str, people: int) -> float:
    channel = _channel(base)
    began = time.perf_counter()
    for start in range(0, people, MOST_AT_ONCE):
        numbers = range(start, min(start + MOST_AT_ONCE, people))
        await channel.send([Send(_address(number), TEXT, str(number)) for number in numbers])
    seconds = time.perf_counter() - began
    await channel.aclose()
    return people / seconds


async def _with_ledger(base: str, people: int) -> float:
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder)}/bench.sqlite3")
        await upgrade(database)
        channel = _channel(base)
        lane = Lane(channel.name, channel.account)
        async with database.begin() as work:
            for number in range(people):
                await _subscriber(work, number)
        async with database.begin() as work:
            plan = Plan(segment=EVERYONE, content=TEXT, route=(Step(lane.channel),), templates={})
            broadcast_id = await campaign.draft(work, plan, "bench")
            await campaign.start(work, broadcast_id, "bench")
        sender = Sender(database, {lane: channel}, LocalPace(), "bench")
        planner = Planner(database, {lane: channel.limits})

        async def send() -> float | None:
            return await sender.send_due(lane)

        runner = Runner({hints.ROUTE: planner.route_due, hints.of_lane(lane): send}.get)

        async def committed(work: UnitOfWork) -> None:
            for hint in work.hints:
                runner.wake(hint)

        database.on_commit = committed
        began = time.perf_counter()
        runner.wake(hints.ROUTE)
        while True:
            async with database.read() as work:
                if not await work.deliveries.open_count(broadcast_id):
                    break
            await asyncio.sleep(0.02)
        seconds = time.perf_counter() - began
        await runner.stop()
        await channel.aclose()
        await database.aclose()
        return people / seconds


async def _subscriber(work: UnitOfWork, number: int) -> None:
    known = await work.people.meet(_address(number), Author(str(number), f"Person {number}"))
    entry = ConsentEntry(
        person_id=known.person_id,
        purpose="advertising",
        action="grant",
        at=work.now,
        actor="bench",
        channels=(MESSENGERS,),
    )
    await work.consents.record(entry)


def _address(number: int) -> Address:
    return Address(bots.telegram.NAME, "main", str(10_000 + number))


def _channel(base: str) -> Channel:
    settings = bots.telegram.Settings.model_validate(
        {"token": "1:bench", "api_url": base, "rate": UNLIMITED}
    )
    return bots.telegram.build(settings)


@asynccontextmanager
async def _stub() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.bench.stub",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdout is None or process.stdin is None:
        raise AssertionError("the stub's pipes were asked for")
    port = int(await process.stdout.readline())
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stdin.close()
        await process.wait()
