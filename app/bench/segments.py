"""How long it takes to count a segment by channel and to name a few of its people."""

import statistics
import time
from collections.abc import Mapping
from typing import Any

from app.bench.crew import HOMES
from app.bench.ground import Ground, settle
from app.bench.measuring import rounded
from app.bench.staff import Wrong
from dialogs.query.reading import parse
from storage.audiences import Reach
from storage.database import Database
from storage.lives import Lives

SAMPLE = 10
"""As many as `POST segments/count` names."""

# At least one of each kind of condition, and what marketers make of them.
QUERIES = (
    "everyone",
    'city = "Казань"',
    'interests has "кофе" and city in ["Москва", "Пермь", "Уфа"]',
    "interests is unknown",
    "profile.spent > 20000",
    "birthday in next 7d",
    "birthday between 1980-01-01 and 1989-12-31",
    "tags has vip",
    "channel = vk",
    "language = pt",
    "consent = advertising",
    "seen < 30d",
    "not seen < 90d",
    "answered > 180d",
    "clicked < 30d",
    "clicked > 30d",
    "reached < 30d",
    "reached > 30d",
    "in broadcast 1",
    "got broadcast 1 and not got broadcast 2",
    # Few, of whom a sample has to be found nevertheless.
    "profile.spent = 16000 and not reached < 30d",
    'consent = advertising and city in ["Казань", "Омск"] and spent > 10000 and seen < 180d '
    "and not reached < 30d",
)


async def segments(ground: Ground, people: int, rounds: int) -> Mapping[str, Any]:
    """For each query the median seconds of its count, by channel, and sample; and the counts.

    Raises Wrong where a query matches nobody: then it measured nothing.
    """
    async with ground.database() as url:
        began = time.perf_counter()
        await settle(url, people, HOMES)
        database = Database(url)
        await _grow_old(database)
        filled = time.perf_counter() - began
        taken: dict[str, list[float]] = {query: [] for query in QUERIES}
        found: dict[str, Reach] = {}
        for _ in range(rounds):
            for query in QUERIES:
                seconds, found[query] = await _counted(database, query)
                taken[query].append(seconds)
        await database.aclose()
    told = [_told(query, taken[query], found[query]) for query in QUERIES]
    return {
        "people": people,
        "rounds": rounds,
        "filled_in_seconds": rounded(filled),
        "slowest_seconds": max(it["seconds"] for it in told),
        "queries": told,
        **await ground.told(),
    }


def _told(query: str, seconds: list[float], reach: Reach) -> dict[str, Any]:
    if not (reach.total and reach.channels and reach.sample):
        raise Wrong(f"Nobody was found by {query!r}.")
    return {
        "query": query,
        "seconds": rounded(statistics.median(seconds)),
        "worst_seconds": rounded(max(seconds)),
        "people": reach.total,
        "channels": dict(reach.channels),
    }


async def _counted(database: Database, query: str) -> tuple[float, Reach]:
    began = time.perf_counter()
    segment = parse(query)
    async with database.read() as work:
        reach = await work.audiences.reach(segment, sample=SAMPLE)
    return time.perf_counter() - began, reach


async def _grow_old(database: Database) -> None:
    """Give everybody a past, and the tables what autovacuum gives them in time."""
    async with database.begin() as work:
        await Lives(work.connection, work.now).live()
    async with database.opened(isolation_level="AUTOCOMMIT") as connection:
        await connection.exec_driver_sql("ANALYZE" if database.embedded else "VACUUM ANALYZE")
