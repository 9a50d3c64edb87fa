"""People who walk a scenario at once: in, stored, answered, beside the ceiling of the way in."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from app import roles
from app.bench.advancing import advance_cpu
from app.bench.ground import FIRST_CHAT, Ground, environment, stub, worker
from app.bench.measuring import Taken, interleaved, over, rounded
from app.bench.staff import Wrong, house_settings, telegram
from app.bench.webhooks import CONNECTIONS, call, door, request, web
from app.wiring import House, build

SECRET = "made-up"  # noqa: S105 - it is nobody's
PATH = "/webhooks/telegram/main"
WALK = ("/start", "Казань", "Хороший кофе и тишина", "5")
"""What each says, one after the other; each is answered once."""

SCENARIO = """
name: walk
languages: [ru]
steps:
  city:
    ask: { ru: "Здравствуйте, **{{ name }}**! Где вы живёте?" }
    choices:
      kzn: { ru: Казань }
      msk: { ru: Москва }
  likes:
    ask: { ru: "{{ answers.city }} — отличное место. Что вам у нас нравится?" }
    answer: text
  visits:
    ask: { ru: "Сколько раз вы у нас были?" }
    answer: { kind: number, at_least: 0, at_most: 1000 }
  bye:
    end: { ru: "Спасибо, до встречи!" }
"""
PATIENCE_SECONDS = 60.0
"""So long nothing may come back before the run is no measurement."""


async def dialog(ground: Ground, people: int, rounds: int) -> Mapping[str, Any]:
    """So many people a round say WALK, each next thing when all of them were answered.

    The ceiling are the same webhooks at a web server that keeps nothing and answers nobody.
    """
    waits: dict[str, list[float]] = {"walked": [], "forgotten": []}
    (ground.folder / "walk.yaml").write_text(SCENARIO, encoding="utf-8")
    first = count(FIRST_CHAT, people)
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(stub(ground.folder))
        url = await stack.enter_async_context(ground.database())
        settings = _settings(url, ground.redis(), base, ground.folder)
        house = await stack.enter_async_context(_platform(ground, settings))
        address = await stack.enter_async_context(web(ground, settings))
        nothing = await stack.enter_async_context(door(ground, settings))
        series = await interleaved(
            rounds,
            {
                "forgotten": partial(_forgotten, nothing, people, waits["forgotten"]),
                "walked": lambda: _walked(house, address, next(first), people, waits["walked"]),
            },
        )
    return {
        "walked_over_ceiling": over(series, "walked", "forgotten"),
        "advance_cpu_ms": advance_cpu(min(people, 1_000)),
        "people": people,
        "messages_each": len(WALK),
        "rounds": rounds,
        "connections": CONNECTIONS,
        "taken_in_p99_ms": {
            name: rounded(statistics.quantiles(seconds, n=100)[98] * 1_000)
            for name, seconds in waits.items()
        },
        "messages_per_second": {
            name: rounded(statistics.median(it.per_second for it in taken))
            for name, taken in series.items()
        },
        **await ground.told(),
    }


def _settings(url: str, redis: str, base: str, folder: Path) -> dict[str, str]:
    return environment(url, redis, base) | {
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "SCENARIOS": str(folder),
        "SCENARIO": "walk",
    }


@asynccontextmanager
async def _platform(ground: Ground, settings: Mapping[str, str]) -> AsyncIterator[House]:
    """A worker process, and the scheduler's role here; on SQLite the web server is all of it."""
    house = build(house_settings(settings), [telegram(settings)])
    if not house.settings.redis_url:
        async with roles.opened(house):
            yield house
        return
    async with roles.scheduler(house), worker(settings, ground.folder, "worker"):
        yield house


async def _forgotten(address: str, people: int, waits: list[float]) -> Taken:
    said = [it for step in range(len(WALK)) for it in _requests(FIRST_CHAT, people, step)]
    return await call(address, said, waits)


async def _walked(house: House, address: str, first: int, people: int, waits: list[float]) -> Taken:
    """From the first webhook to the last answer that the platform took. Raises Wrong."""
    before = await _answered(house)
    began = time.perf_counter()
    for step in range(len(WALK)):
        await call(address, list(_requests(first, people, step)), waits)
        await _all_answered(house, before + people * (step + 1))
    return Taken(people * len(WALK), time.perf_counter() - began, 0.0)


async def _all_answered(house: House, expected: int) -> None:
    last, moved = -1, time.monotonic()
    while (answered := await _answered(house)) < expected:
        if answered > last:
            last, moved = answered, time.monotonic()
        elif time.monotonic() - moved > PATIENCE_SECONDS:
            raise Wrong(f"Of {expected} answers, {answered} were taken, and no more come.")
        await asyncio.sleep(0.05)
    if answered > expected:
        raise Wrong(f"There were to be {expected} answers, and {answered} were taken.")


async def _answered(house: House) -> int:
    async with house.database.read() as work:
        counted = "SELECT count(*) FROM deliveries WHERE state = 'accepted'"
        answered: int = (await work.connection.exec_driver_sql(counted)).scalar_one()
    return answered


def _requests(first: int, people: int, step: int) -> Iterator[bytes]:
    for chat in range(first, first + people):
        who = {"id": chat, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
        message = {
            "message_id": step + 1,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "Анна"},
            "from": who,
            "text": WALK[step],
        }
        update = {"update_id": chat * len(WALK) + step, "message": message}
        header = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}"
        yield request(PATH, header, orjson.dumps(update))
