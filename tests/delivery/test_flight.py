"""Calls under way, without any database: what is called, settled, given up."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from delivery.decide import NOT_CALLED
from delivery.flight import AT_ONCE, STALE_SECONDS, Flight, Landed, Request
from delivery.preparing import Ready
from delivery.uploading import Called
from tests.delivery.making import TELEGRAM, at, attempt, delivery
from vestnik.outbound import Send, Text
from vestnik.outcome import SendResult, Sent, Throttled
from vestnik.richtext import RichText

SENT = Sent("1")
PAUSE = Throttled(30)


@dataclass
class Sky:
    """Calls that hang until they are let go on, and the outcomes that were settled, by number."""

    hanging: set[int] = field(default_factory=set)
    answers: dict[int, SendResult] = field(default_factory=dict)
    called: list[int] = field(default_factory=list)
    settled: dict[int, SendResult] = field(default_factory=dict)
    batches: list[list[int]] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def call(self, request: Request) -> Called:
        mine = number(request)
        self.called.append(mine)
        if mine in self.hanging:
            await self.go_on.wait()
        return Called([self.answers.get(mine, SENT)])

    async def settle(self, landed: Sequence[Landed]) -> None:
        self.batches.append([number(it.request) for it in landed])
        self.settled |= {number(it.request): it.called.results[0] for it in landed}
        async with self.news:
            self.news.notify_all()

    async def until(self, *numbers: int) -> None:
        """Wait until these are settled."""
        async with self.news:
            await self.news.wait_for(lambda: self.settled.keys() >= {*numbers})


def request(mine: int, *, begun: float | None = None, kind: str = "broadcast") -> Request:
    """A request of one message, begun just now."""
    now = time.monotonic()
    ready: Ready = (
        delivery(id=mine, kind=kind),
        attempt(delivery_id=mine),
        Send(at(TELEGRAM, str(mine)), Text(RichText("?")), str(mine)),
    )
    return Request([ready], now if begun is None else begun, now)


def number(it: Request) -> int:
    return it.ready[0][0].id


def requests(first: int, last: int) -> list[Request]:
    return [request(it) for it in range(first, last)]


async def test_a_hanging_call_holds_its_place_only() -> None:
    sky = Sky(hanging={0})
    flight = Flight(sky.call, sky.settle)
    flight.add(requests(0, AT_ONCE * 2))
    await sky.until(*range(1, AT_ONCE * 2))
    assert 0 not in sky.settled
    sky.go_on.set()
    assert await flight.landed()
    assert sky.settled[0] == SENT
    assert not await flight.landed()


async def test_while_most_calls_hang_there_is_room_for_others() -> None:
    hanging = AT_ONCE - 5
    sky = Sky(hanging=set(range(hanging)))
    flight = Flight(sky.call, sky.settle)
    flight.add(requests(0, hanging))
    assert await flight.room() == 5
    flight.add([request(hanging, kind="reply")])
    await sky.until(hanging)
    sky.go_on.set()
    await flight.landed()


async def test_there_is_no_room_while_all_hang() -> None:
    sky = Sky(hanging=set(range(AT_ONCE)))
    flight = Flight(sky.call, sky.settle)
    flight.add(requests(0, AT_ONCE))
    waiting = asyncio.create_task(flight.room())
    await asyncio.wait([waiting], timeout=0.3)
    assert not waiting.done()
    sky.go_on.set()
    assert await waiting > 0
    await flight.landed()


async def test_an_answer_somebody_waits_for_is_settled_at_once() -> None:
    sky = Sky(hanging={0})
    flight = Flight(sky.call, sky.settle)
    flight.add([request(0), request(1, kind="reply")])
    await sky.until(1)
    assert sky.batches == [[1]]
    sky.go_on.set()
    await flight.landed()


async def test_what_was_begun_before_a_pause_was_stored_is_not_called() -> None:
    storing, stored = asyncio.Event(), asyncio.Event()

    async def settle(landed: Sequence[Landed]) -> None:
        storing.set()
        await stored.wait()
        await sky.settle(landed)

    sky = Sky(answers={0: PAUSE})
    flight = Flight(sky.call, settle)
    flight.add([request(0)])
    await storing.wait()
    # Its claim may have looked at the lane before the pause is committed.
    late = request(1)
    stored.set()
    await sky.until(0)
    flight.add([late])
    await flight.landed()
    assert (sky.called, sky.settled[1]) == ([0], PAUSE)
    flight.add([request(2)])
    await flight.landed()
    assert sky.called == [0, 2]


async def test_what_waited_too_long_is_given_back_uncalled() -> None:
    sky = Sky()
    flight = Flight(sky.call, sky.settle)
    flight.add([request(0, begun=time.monotonic() - STALE_SECONDS - 1), request(1)])
    await flight.landed()
    assert sky.called == [1]
    assert sky.settled == {0: NOT_CALLED, 1: SENT}


async def test_a_stop_lets_calls_end() -> None:
    sky = Sky(hanging={0})
    flight = Flight(sky.call, sky.settle)
    flight.add(requests(0, 3))
    await sky.until(1, 2)
    stopping = asyncio.create_task(flight.aclose(60))
    sky.go_on.set()
    await stopping
    assert sky.settled == dict.fromkeys(range(3), SENT)


async def test_what_a_stop_cut_off_is_unknown_and_what_was_not_called_is_given_back() -> None:
    sky = Sky(hanging=set(range(AT_ONCE)))
    flight = Flight(sky.call, sky.settle)
    flight.add(requests(0, AT_ONCE + 3))
    await flight.aclose(0.05)
    assert sky.settled == dict.fromkeys(range(AT_ONCE, AT_ONCE + 3), NOT_CALLED)
    # Whoever leads again goes on with the same lane.
    flight.add([request(AT_ONCE + 3)])
    await sky.until(AT_ONCE + 3)
    assert await flight.room() >= AT_ONCE // 3


async def test_an_outcome_that_cannot_be_stored_keeps_no_other_back() -> None:
    sky = Sky(hanging={1})

    async def settle(landed: Sequence[Landed]) -> None:
        if number(landed[0].request) == 0:
            raise ZeroDivisionError("a mistake")
        await sky.settle(landed)

    flight = Flight(sky.call, settle)
    flight.add([request(0, kind="reply"), request(1)])
    await asyncio.sleep(0)
    sky.go_on.set()
    await flight.landed()
    flight.add([request(2)])
    await flight.landed()
    assert sky.settled[2] == SENT
