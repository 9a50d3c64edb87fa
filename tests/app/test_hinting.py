"""Hints through a broker that is away, comes back, or cannot be one."""

import asyncio

import pytest
from redis.asyncio import Redis

from app.hinting import KEPT, SharedHints
from app.settings import BadSettings


@pytest.mark.parametrize("url", ["nats://127.0.0.1:4222", "garbage", "redis://127.0.0.1:port"])
async def test_an_address_of_no_broker_is_told_in_words(url: str) -> None:
    with pytest.raises(BadSettings, match="BROKER_URL"):
        SharedHints(url, None)


async def test_a_broker_that_is_away_holds_nobody_up() -> None:
    hints = SharedHints("redis://127.0.0.1:1/0", lambda name: None)
    hints.start()
    hints.give(["read"])
    await asyncio.sleep(0.1)
    async with asyncio.timeout(5):
        await hints.stop()


async def test_hints_arrive_again_after_the_broker_lost_everything(redis_url: str) -> None:
    arrived: asyncio.Queue[str] = asyncio.Queue()
    hints = SharedHints(redis_url, arrived.put_nowait)
    hints.start()
    async with Redis.from_url(redis_url) as redis, asyncio.timeout(20):
        await _heard(hints, arrived)
        await redis.delete("vestnik-hints")
        await _heard(hints, arrived)
    await hints.stop()


async def test_the_stream_does_not_grow(redis_url: str) -> None:
    hints = SharedHints(redis_url, None)
    async with Redis.from_url(redis_url) as redis:
        for batch in range(3 * KEPT // 100):
            hints.give([f"{batch}:{number}" for number in range(100)])
            await asyncio.sleep(0.03)
        await hints.stop()
        assert 0 < await redis.xlen("vestnik-hints") < 2 * KEPT


async def _heard(hints: SharedHints, arrived: asyncio.Queue[str]) -> None:
    while arrived.empty():
        hints.give(["read"])
        await asyncio.sleep(0.1)
    while not arrived.empty():
        assert arrived.get_nowait() == "read"
