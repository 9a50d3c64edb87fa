"""Hints through a broker: each of the three carries them; away, back, or impossible."""

import asyncio

import pytest
from nats import connect
from redis.asyncio import Redis

from app.brokers import KEPT, QUEUE
from app.hinting import SharedHints
from app.settings import BadSettings

BROKERS = [
    "redis_url",
    "nats_url",
    pytest.param("amqp_url", marks=pytest.mark.outside("TEST_AMQP_URL")),
]
PATIENCE_SECONDS = 30.0
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
        SharedHints(url)


def test_a_wrong_address_does_not_tell_its_password() -> None:
    with pytest.raises(BadSettings) as told:
        SharedHints("redis://:secret@127.0.0.1:port")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("url", NOBODY)
async def test_a_broker_that_is_away_holds_nobody_up(url: str) -> None:
    hints = SharedHints(url)
    hints.start(lambda name: None)
    hints.give(["read"])
    await asyncio.sleep(0.1)
    async with asyncio.timeout(5):
        await hints.stop()


async def test_a_hint_of_one_process_wakes_another(
    broker_url: str, arrived: asyncio.Queue[str]
) -> None:
    web, worker = SharedHints(broker_url), SharedHints(broker_url)
    worker.start(arrived.put_nowait)
    web.start(None)
    await _heard(web, arrived)
    async with asyncio.timeout(5):
        await web.stop()
        await worker.stop()


async def test_work_is_shared_among_workers(broker_url: str, arrived: asyncio.Queue[str]) -> None:
    """Nobody hears a hint that another has heard, and none waits behind another."""
    workers = [SharedHints(broker_url) for _ in range(2)]
    for worker in workers:
        worker.start(arrived.put_nowait)
    await _heard(workers[0], arrived)
    lanes = {f"lane:{number}" for number in range(20)}
    workers[0].give(lanes)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert {await arrived.get() for _ in lanes} == lanes
    for worker in workers:
        await worker.stop()
    assert arrived.empty()


@pytest.mark.parametrize("kind", ["redis", "nats"])
async def test_hints_arrive_again_after_the_broker_lost_everything(
    kind: str, request: pytest.FixtureRequest, arrived: asyncio.Queue[str]
) -> None:
    url: str = request.getfixturevalue(f"{kind}_url")
    hints = SharedHints(url)
    hints.start(arrived.put_nowait)
    await _heard(hints, arrived)
    if kind == "redis":
        async with Redis.from_url(url) as redis:
            await redis.delete(QUEUE)
    else:
        nats = await connect(url)
        await nats.jetstream().delete_stream(QUEUE)
        await nats.close()
    await _heard(hints, arrived)
    await hints.stop()


async def test_the_stream_does_not_grow(redis_url: str) -> None:
    hints = SharedHints(redis_url)
    async with Redis.from_url(redis_url) as redis:
        async with redis.pipeline() as many:
            for _ in range(3 * KEPT):
                many.xadd(QUEUE, {"data": "old"})
            await many.execute()
        hints.start(None)
        hints.give(["read"])
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await redis.xlen(QUEUE) > 3 * KEPT // 2:  # noqa: ASYNC110 - Redis tells nobody
                await asyncio.sleep(0.05)
    await hints.stop()


async def _heard(hints: SharedHints, arrived: asyncio.Queue[str]) -> None:
    """One arrives, and what was given until then has."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while arrived.empty():
            hints.give(["read"])
            await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
    while not arrived.empty():
        assert arrived.get_nowait() == "read"
