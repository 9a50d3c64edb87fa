"""The rate of a lane, kept in process or by all processes together."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from app.shared_pace import PREFIX, SharedPace
from delivery.courtesies import Courtesies
from delivery.pace import BURST_SECONDS, LEASE_SECONDS, Grant, LocalPace, Pace, least
from tests.delivery.making import LIMITS, TELEGRAM, VK, at
from tests.delivery.post import Post
from vestnik.address import Lane
from vestnik.outbound import Acknowledge, Send
from vestnik.outcome import Rejected

LANE, OTHER = Lane(TELEGRAM, "main"), Lane(VK, "main")


async def waits(pace: Pace, seconds: float, rate: float) -> int:
    """How many are granted to one who asks as soon as it may."""
    granted, began = 0, time.monotonic()
    while time.monotonic() - began < seconds:
        grant = await pace.take(LANE, 100, rate)
        granted += grant.count
        if grant.count:
            assert grant.count >= least(100, rate)
        else:
            assert 0 < grant.wait <= max(1 / rate, LEASE_SECONDS) + 0.001
            await asyncio.sleep(grant.wait)
    return granted


@pytest.fixture(params=["local", "shared"])
async def pace(request: pytest.FixtureRequest) -> AsyncIterator[Pace]:
    """Each twin, with nothing spent."""
    if request.param == "local":
        yield LocalPace()
        return
    redis = Redis.from_url(request.getfixturevalue("redis_url"))
    await redis.delete(*[f"{PREFIX}{lane}" for lane in (LANE, OTHER)])
    shared = SharedPace(redis)
    yield shared
    await shared.aclose()


@pytest.mark.parametrize(
    ("most", "rate", "count"), [(100, 1_000, 25), (7, 1_000, 7), (100, 100, 2), (100, 30, 1)]
)
def test_a_few_are_waited_for_unless_fewer_are_wanted(most: int, rate: float, count: int) -> None:
    assert least(most, rate) == count


class TestPace:
    @pytest.mark.parametrize(
        ("rate", "most", "count"), [(0.5, 7, 1), (30, 2, 2), (30, 99, 3), (5000, 999, 500)]
    )
    async def test_a_burst_is_a_tenth_of_a_second(
        self, pace: Pace, rate: float, most: int, count: int
    ) -> None:
        assert await pace.take(LANE, most, rate) == Grant(count)
        assert count == min(most, max(1, round(rate * BURST_SECONDS)))

    @pytest.mark.parametrize("rate", [20.0, 400.0])
    async def test_no_more_than_the_rate_goes(self, pace: Pace, rate: float) -> None:
        began = time.monotonic()
        granted = await waits(pace, 0.5, rate)
        allowed = rate * (time.monotonic() - began) + max(1.0, rate * BURST_SECONDS)
        assert granted <= allowed
        assert granted >= 0.5 * rate * 0.5

    async def test_what_was_not_sent_is_given_back(self, pace: Pace) -> None:
        assert (await pace.take(LANE, 3, 1)).count == 1
        assert (await pace.take(LANE, 3, 1)).count == 0
        await pace.give_back(LANE, 1, 1)
        assert (await pace.take(LANE, 3, 1)).count == 1

    async def test_what_was_sent_beyond_is_waited_for(self, pace: Pace) -> None:
        await pace.give_back(LANE, -3, 1)
        grant = await pace.take(LANE, 1, 1)
        assert (grant.count, round(grant.wait)) == (0, 3)

    async def test_lanes_do_not_wait_for_each_other(self, pace: Pace) -> None:
        assert (await pace.take(LANE, 3, 1)).count == 1
        assert (await pace.take(OTHER, 3, 1)).count == 1

    async def test_resting_saves_up_no_burst(self, pace: Pace) -> None:
        await pace.take(LANE, 3, 30)
        await asyncio.sleep(0.3)
        assert (await pace.take(LANE, 100, 30)).count == 3


async def test_several_share_one_rate(redis_url: str) -> None:
    workers = [SharedPace(Redis.from_url(redis_url)) for _ in range(4)]
    async with Redis.from_url(redis_url) as redis:
        await redis.delete(f"{PREFIX}{LANE}")
    began = time.monotonic()
    granted = sum(await asyncio.gather(*(waits(it, 0.6, 100.0) for it in workers)))
    assert granted <= 100.0 * (time.monotonic() - began) + 10
    assert granted >= 30
    for worker in workers:
        await worker.aclose()


async def test_without_redis_each_goes_more_slowly(unused_tcp_port: int) -> None:
    pace = SharedPace(Redis.from_url(f"redis://127.0.0.1:{unused_tcp_port}"))
    assert (await pace.take(LANE, 100, 0.4)).count == 1
    grant = await pace.take(LANE, 100, 0.4)
    assert (grant.count, round(grant.wait)) == (0, 10)
    await pace.give_back(LANE, 1, 0.4)
    assert (await pace.take(LANE, 100, 0.4)).count == 1
    await pace.aclose()


class TestCourtesies:
    """Acknowledgements and edits: tried once, in the background, at the lane's rate."""

    async def test_they_go_out(self) -> None:
        post = Post(LANE, LIMITS[TELEGRAM])
        courtesies = Courtesies({LANE: post}, LocalPace())
        sends = [Send(at(TELEGRAM, str(number)), Acknowledge("press")) for number in range(3)]
        courtesies.post(sends)
        await courtesies.aclose()
        assert post.taken == sends

    async def test_a_refusal_is_nobodys_failure(self) -> None:
        post = Post(LANE, LIMITS[TELEGRAM])
        post.answer("1", Rejected("too old"))
        courtesies = Courtesies({LANE: post}, LocalPace())
        courtesies.post([Send(at(TELEGRAM, "1"), Acknowledge("press"))] * 2)
        await courtesies.aclose()
        assert len(post.taken) == 2

    async def test_a_channel_that_is_off(self) -> None:
        courtesies = Courtesies({}, LocalPace())
        courtesies.post([Send(at(TELEGRAM, "1"), Acknowledge("press"))])
        await courtesies.aclose()

    async def test_they_wait_for_their_turn(self) -> None:
        post, pace = Post(LANE, replace(LIMITS[TELEGRAM], rate=5)), LocalPace()
        assert (await pace.take(LANE, 1, 5)).count == 1
        courtesies = Courtesies({LANE: post}, pace)
        courtesies.post([Send(at(TELEGRAM, "1"), Acknowledge("press"))])
        await asyncio.sleep(0.05)
        assert post.taken == []
        await courtesies.aclose()
        assert len(post.taken) == 1

    @pytest.mark.parametrize("deaf", [0, 1])
    async def test_one_that_hangs_does_not_hold_up_the_end(self, deaf: int) -> None:
        """Cancelled, it ends; deaf to that (as some libraries are), it is left behind."""
        post, swallowed = Post(LANE, LIMITS[TELEGRAM]), 0

        async def hangs(_sends: Sequence[Send]) -> None:
            nonlocal swallowed
            while True:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    if swallowed == deaf:
                        raise
                    swallowed += 1

        post.while_sending = hangs
        courtesies = Courtesies({LANE: post}, LocalPace())
        courtesies.post([Send(at(TELEGRAM, "1"), Acknowledge("press"))])
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await courtesies.aclose()
        assert swallowed == deaf
