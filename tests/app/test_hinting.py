"""Hints through a broker: each of the three carries them; away, back, or impossible."""

import asyncio

import pytest
from redis.asyncio import Redis

from app.brokers import KEPT, QUEUE
from app.hinting import SharedHints
from app.settings import BadSettings

BROKERS = [
    "redis_url",
    "nats_url",
    pytest.param("amqp_url", marks=pytest.mark.outside("TEST_AMQP_URL")),
]
PATIENCE_SECONDS = 8.0
NOBODY = ["redis://127.0.0.1:1/0", "nats://127.0.0.1:1", "amqp://127.0.0.1:1/"]


@pytest.fixture(params=BROKERS)
def broker_url(request: pytest.FixtureRequest) -> str:
    """A broker of each kind."""
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture
def arrived() -> asyncio.Queue[str]:
    """What was heard."""
    return asyncio.Queue()


@pytest.mark.parametrize(
    "url",
    ["kafka://127.0.0.1:4222", "garbage", "redis://127.0.0.1:port", "nats://", "amqp:///queue"],
)
async def test_an_address_of_no_broker_is_told_in_words(url: str) -> None:
    with pytest.raises(BadSettings, match=r"BROKER_URL.*write it like"):
        SharedHints(url, None)


def test_a_wrong_address_does_not_tell_its_password() -> None:
    with pytest.raises(BadSettings) as told:
        SharedHints("redis://:secret@127.0.0.1:port", None)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("url", NOBODY)
async def test_a_broker_that_is_away_holds_nobody_up(url: str) -> None:
    hints = SharedHints(url, lambda name: None)
    hints.start()
    hints.give(["read"])
    await asyncio.sleep(0.1)
    async with asyncio.timeout(5):
        await hints.stop()


async def test_a_hint_of_one_process_wakes_another(
    broker_url: str, arrived: asyncio.Queue[str]
) -> None:
    web, worker = SharedHints(broker_url, None), SharedHints(broker_url, arrived.put_nowait)
    worker.start()
    web.start()
    await _heard(web, arrived)
    async with asyncio.timeout(5):
        await web.stop()
        await worker.stop()


async def test_work_is_shared_among_workers(broker_url: str, arrived: asyncio.Queue[str]) -> None:
    """Nobody hears a hint that another has heard, and none waits behind another."""
    workers = [SharedHints(broker_url, arrived.put_nowait) for _ in range(2)]
    for worker in workers:
        worker.start()
    await _heard(workers[0], arrived)
    lanes = {f"lane:{number}" for number in range(20)}
    workers[0].give(lanes)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert {await arrived.get() for _ in lanes} == lanes
    for worker in workers:
        await worker.stop()
    assert arrived.empty()


async def test_hints_arrive_again_after_the_broker_lost_everything(
    redis_url: str, arrived: asyncio.Queue[str]
) -> None:
    hints = SharedHints(redis_url, arrived.put_nowait)
    hints.start()
    async with Redis.from_url(redis_url) as redis:
        await _heard(hints, arrived)
        await redis.delete(QUEUE)
        await _heard(hints, arrived)
    await hints.stop()


async def test_the_stream_does_not_grow(redis_url: str) -> None:
    hints = SharedHints(redis_url, None)
    hints.start()
    async with Redis.from_url(redis_url) as redis:
        for batch in range(3 * KEPT // 100):
            hints.give([f"{batch}:{number}" for number in range(100)])
            await asyncio.sleep(0.03)
        await hints.stop()
        assert 0 < await redis.xlen(QUEUE) < 2 * KEPT


async def _heard(hints: SharedHints, arrived: asyncio.Queue[str]) -> None:
    """One arrives, and what was given until then has."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while arrived.empty():
            hints.give(["read"])
            await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
    while not arrived.empty():
        assert arrived.get_nowait() == "read"
