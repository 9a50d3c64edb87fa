"""Workers killed at random in a broadcast over all channels; the platforms' log is the truth."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from app.bench.crew import CHANNELS, HOMES, WHATSAPP, Crew, company
from app.bench.ground import Ground, settle
from app.bench.staff import TEXT, Wrong
from app.inspection import check_ledger
from app.rehearsal.acceptance import accepted, copies, duplicates
from app.rehearsal.platforms import Platforms
from broadcast import campaign
from broadcast.campaign import Plan
from delivery.sending import LEASE
from fallback.routes import parse
from storage.database import Database
from vestnik.outbound import Template
from vestnik.segment import EVERYONE
from vestnik.states import OPEN

TAIL = 20
"""When no more than so many are left, all workers are killed at once: nothing is queued behind."""

RESUMES_SECONDS = LEASE.total_seconds() + 10.0
LOOK_SECONDS = 0.1
PAGE = 1_000


async def crash(ground: Ground, people: int, kills: int, seed: int) -> Mapping[str, Any]:
    """Kill workers `kills` times at random moments of a broadcast, the last time at its tail."""
    if not ground.postgresql:
        raise Wrong("Several workers need PostgreSQL: SQLite is for one process.")
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(ground.database())
        await settle(url, people, HOMES)
        database = Database(url)
        stack.push_async_callback(database.aclose)
        emulated, crew = await stack.enter_async_context(company(ground, url, people))
        broadcast_id = await _start(database)
        chance = random.Random(seed)  # noqa: S311 - the same moments for the same seed
        for moment in sorted((chance.uniform(0.05, 0.98) for _ in range(kills - 1)), reverse=True):
            await _open(database, broadcast_id, moment * people)
            await asyncio.sleep(chance.uniform(0.0, 1.0))
            await crew.replace(chance.choice(crew.running))
        await _open(database, broadcast_id, min(TAIL, people / 2))
        tail = await _kill_all(database, broadcast_id, crew)
        told = await _told(emulated, database, broadcast_id, people)
    return {
        **told,
        "tail": tail,
        "people": people,
        "kills": kills,
        "seed": seed,
        **await ground.told(),
    }


async def _start(database: Database) -> int:
    text = TEXT.body.text
    plan = Plan(
        segment=EVERYONE,
        content=TEXT,
        route=parse("last > sms"),
        templates={WHATSAPP: Template("news", "ru", values=(text,), text=text)},
    )
    async with database.begin() as work:
        broadcast_id = await campaign.draft(work, plan, "bench")
        await campaign.start(work, broadcast_id, "bench")
    return broadcast_id


async def _open(database: Database, broadcast_id: int, most: float) -> int:
    """Wait until no more than so many are still open; gives how many are."""
    while True:
        async with database.read() as work:
            states = (await work.reports.states([broadcast_id])).get(broadcast_id, {})
        left = sum(states.get(state, 0) for state in OPEN)
        if left <= most:
            return left
        await asyncio.sleep(LOOK_SECONDS)


async def _kill_all(database: Database, broadcast_id: int, crew: Crew) -> Mapping[str, Any]:
    """Leave nobody, then hire one: how many were open, and how long until none was."""
    await crew.lose_all()
    began = time.monotonic()
    left = await _open(database, broadcast_id, TAIL)
    await crew.hire()
    await _open(database, broadcast_id, 0)
    seconds = round(time.monotonic() - began, 1)
    return {"open": left, "resumed_within_seconds": seconds, "allowed_seconds": RESUMES_SECONDS}


async def _told(
    emulated: Platforms, database: Database, broadcast_id: int, people: int
) -> Mapping[str, Any]:
    states = await _states(database, broadcast_id)
    counted = copies(accepted(emulated.log, TEXT.body.text))
    arrived = {
        person
        for person in range(1, people + 1)
        if counted[_home(person)] and states.get(person) is not None
    }
    unknown = {person for person, state in states.items() if state == "unknown"}
    findings = await check_ledger(database, {WHATSAPP: 24})
    broken = [f"{it.guarantee}: {it.what} ({it.broken})" for it in findings if it.broken]
    return {
        "lost": people - len(arrived | unknown),
        "duplicates": duplicates(counted, CHANNELS),
        "unknown": len(unknown),
        "unknown_that_arrived": len(unknown & arrived),
        "audit": broken or "clean",
        "states": dict(Counter(states.values())),
    }


def _home(person: int) -> tuple[str, str]:
    home = HOMES[person % len(HOMES)]
    return str(home.lane.channel), home.handle(person)


async def _states(database: Database, broadcast_id: int) -> dict[int, str]:
    """The state of each person's delivery."""
    states: dict[int, str] = {}
    after = 0
    while True:
        async with database.read() as work:
            lines = await work.reports.lines(broadcast_id, after=after, limit=PAGE)
        if not lines:
            return states
        states.update((line.person, line.state) for line in lines)
        after = lines[-1].id
