"""The rate of a lane, kept in process."""

import asyncio
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.courtesies import Courtesies
from delivery.pace import BURST_SECONDS, Pace
from tests.delivery.making import LIMITS, TELEGRAM, VK, at
from tests.delivery.post import Post
from vestnik.address import Lane
from vestnik.outbound import Acknowledge, Send
from vestnik.outcome import Rejected

LANE = Lane(TELEGRAM, "main")


@given(st.floats(0.5, 5000), st.integers(1, 500))
def test_a_burst_is_a_tenth_of_a_second(rate: float, most: int) -> None:
    grant = Pace().take(LANE, most, rate)
    assert grant.count == min(most, max(1, int(rate * BURST_SECONDS + 1e-6)))


@pytest.mark.parametrize("rate", [20.0, 400.0])
async def test_no_more_than_the_rate_goes(rate: float) -> None:
    pace, granted, began = Pace(), 0, time.monotonic()
    while time.monotonic() - began < 0.5:
        grant = pace.take(LANE, 100, rate)
        granted += grant.count
        if not grant.count:
            assert 0 < grant.wait <= 1 / rate
            await asyncio.sleep(grant.wait)
    allowed = rate * (time.monotonic() - began) + max(1.0, rate * BURST_SECONDS)
    assert 0.8 * allowed <= granted <= allowed


def test_what_was_not_sent_is_given_back() -> None:
    pace = Pace()
    assert pace.take(LANE, 3, 30).count == 3
    assert pace.take(LANE, 3, 30).count == 0
    pace.give_back(LANE, 3, 30)
    assert pace.take(LANE, 3, 30).count == 3


def test_lanes_do_not_wait_for_each_other() -> None:
    pace = Pace()
    assert pace.take(LANE, 3, 30).count == 3
    assert pace.take(Lane(VK, "main"), 3, 30).count == 3


def test_resting_saves_up_no_burst() -> None:
    pace = Pace()
    pace.take(LANE, 3, 30)
    time.sleep(0.3)
    assert pace.take(LANE, 100, 30).count == 3


class TestCourtesies:
    """Acknowledgements and edits: tried once, in the background, at the lane's rate."""

    async def test_they_go_out(self) -> None:
        post = Post(LANE, LIMITS[TELEGRAM])
        courtesies = Courtesies({LANE: post}, Pace())
        sends = [Send(at(TELEGRAM, str(number)), Acknowledge("press")) for number in range(3)]
        courtesies.post(sends)
        await courtesies.aclose()
        assert post.taken == sends

    async def test_a_refusal_is_nobodys_failure(self) -> None:
        post = Post(LANE, LIMITS[TELEGRAM])
        post.answer("1", Rejected("too old"))
        courtesies = Courtesies({LANE: post}, Pace())
        courtesies.post([Send(at(TELEGRAM, "1"), Acknowledge("press"))] * 2)
        await courtesies.aclose()
        assert len(post.taken) == 2

    async def test_a_channel_that_is_off(self) -> None:
        courtesies = Courtesies({}, Pace())
        courtesies.post([Send(at(TELEGRAM, "1"), Acknowledge("press"))])
        await courtesies.aclose()

    async def test_they_wait_for_their_turn(self) -> None:
        post, pace = Post(LANE, replace(LIMITS[TELEGRAM], rate=5)), Pace()
        assert pace.take(LANE, 1, 5).count == 1
        courtesies = Courtesies({LANE: post}, pace)
        courtesies.post([Send(at(TELEGRAM, "1"), Acknowledge("press"))])
        await asyncio.sleep(0.05)
        assert post.taken == []
        await courtesies.aclose()
        assert len(post.taken) == 1
