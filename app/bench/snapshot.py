"""How fast an audience is frozen, beside a bare INSERT … SELECT; and the ledger without a wire."""

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import bots.telegram
from app import roles
from app.bench.ground import LANE, UNLIMITED, Ground, environment, settle
from app.bench.measuring import Taken, Watch, rounded
from app.bench.staff import TEXT, WARM_UP, Staff, house_settings
from app.wiring import build
from broadcast import campaign
from broadcast.campaign import Plan
from storage.database import Database
from vestnik.channel import Forged, Hook, Kept, Reply, Unreadable
from vestnik.inbound import Inbound
from vestnik.outbound import Send
from vestnik.outcome import SendResult, Sent
from vestnik.route import Step
from vestnik.segment import EVERYONE

# The columns that the freeze fills, of the same types, with no key, check or index.
BARE = (
    "CREATE TABLE bare AS SELECT kind, person_id, broadcast_id, state, priority, due_at, "
    "expires_at, created_at, updated_at FROM deliveries LIMIT 0",
    "INSERT INTO bare SELECT 'broadcast', id, 1, 'planned', 9, "
    "created_at, created_at, created_at, created_at FROM people",
    "DROP TABLE bare",
)


class Nowhere:
    """A channel that has accepted before it was asked: what remains is the ledger's own cost."""

    name = LANE.channel
    account = LANE.account
    limits = replace(bots.telegram.LIMITS, rate=UNLIMITED)

    def accept(self, hook: Hook) -> Reply:
        """Nothing comes in; raises Forged."""
        raise Forged("nothing comes in here")

    def read(self, kept: Kept) -> Sequence[Inbound | Unreadable]:
        """Nothing comes in."""
        return []

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        """All accepted."""
        return [Sent(item.handle) for item in batch]

    async def aclose(self) -> None:
        """Nothing is open."""


async def snapshot(
    ground: Ground, people: int, rounds: int, ledger_people: int
) -> Mapping[str, Any]:
    """Rows a second of the freeze and of the bare INSERT; of the ledger for `ledger_people`."""
    async with ground.database() as url:
        await settle(url, people)
        database = Database(url)
        frozen, bare = [], []
        for _ in range(rounds):
            bare.append(await _bare(database, people))
            frozen.append(await _freeze(database))
        await database.aclose()
    ledger = [await _ledger(ground, ledger_people) for _ in range(rounds)]
    ratios = [one / ceiling for one, ceiling in zip(frozen, bare, strict=True)]
    return {
        "people": people,
        "rounds": rounds,
        "freeze_over_bare_insert": rounded(statistics.median(ratios)),
        "freeze_rows_per_second": rounded(statistics.median(frozen)),
        "bare_insert_rows_per_second": rounded(statistics.median(bare)),
        "ledger_people": ledger_people,
        "ledger_rows_per_second": rounded(statistics.median(it.per_second for it in ledger)),
        "ledger_cpu_us_each": rounded(statistics.median(it.cpu_each for it in ledger)),
        **await ground.told(),
    }


async def _freeze(database: Database) -> float:
    async with database.begin() as work:
        plan = Plan(segment=EVERYONE, content=TEXT, route=(Step(LANE.channel),), templates={})
        broadcast_id = await campaign.draft(work, plan, "bench")
    began = time.perf_counter()
    async with database.begin() as work:
        expires_at = work.now + timedelta(days=1)
        rows = await work.audiences.freeze(broadcast_id, EVERYONE, expires_at)
    return rows / (time.perf_counter() - began)


async def _bare(database: Database, people: int) -> float:
    create, insert, drop = BARE
    async with database.begin() as work:
        await work.connection.exec_driver_sql(create)
    began = time.perf_counter()
    async with database.begin() as work:
        await work.connection.exec_driver_sql(insert)
    seconds = time.perf_counter() - began
    async with database.begin() as work:
        await work.connection.exec_driver_sql(drop)
    return people / seconds


async def _ledger(ground: Ground, people: int) -> Taken:
    """A whole broadcast in this process to a channel that costs nothing."""
    async with ground.database() as url:
        own = build(house_settings(environment(url, "", "")), [Nowhere()])
        async with roles.everything(own):
            house = Staff(own, [])
            await settle(url, WARM_UP)
            await house.broadcast()
            await settle(url, max(people - WARM_UP, 1))
            watch = Watch()
            return watch.taken((await house.broadcast()).messages)
