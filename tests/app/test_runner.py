"""The loops of one process: woken by hints, resting, failing, stopping."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.runner import AFTER_FAILURE_SECONDS, Chore, Runner
from storage.database import DatabaseUnavailable


class Chores:
    """A chore that counts its runs and gives what it was told to."""

    def __init__(self, *gives: float | Exception | None) -> None:
        self.gives = list(gives)
        self.runs = 0
        self.at_once = 0
        self.most_at_once = 0
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def __call__(self) -> float | None:
        self.runs += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self.meanwhile:
            await self.meanwhile()
        self.at_once -= 1
        given = self.gives.pop(0) if self.gives else None
        if isinstance(given, Exception):
            raise given
        return given

    def found(self, hint: str) -> Chore | None:
        return self if hint == "work" else None


PATIENCE_SECONDS = 30.0


async def settled() -> None:
    """Everybody who can go on has; rounds of the loop, not time, which a busy machine eats."""
    for _ in range(50):
        await asyncio.sleep(0)


async def ran(chore: Chores, times: int) -> None:
    """Wait until it ran so many times, and for what would come after."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while chore.runs < times:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.001)
    await settled()


async def test_a_hint_wakes_its_chore_and_no_other() -> None:
    chore = Chores()
    runner = Runner(chore.found)
    runner.wake("foreign")
    await settled()
    assert chore.runs == 0
    runner.wake("work")
    await settled()
    assert chore.runs == 1
    await runner.stop()


async def test_it_goes_on_while_there_may_be_more() -> None:
    chore = Chores(0.0, 0.0, 0.001)
    runner = Runner(chore.found)
    runner.wake("work")
    await ran(chore, 4)
    assert chore.runs == 4
    await runner.stop()


async def test_a_hint_while_it_looks_makes_it_look_again() -> None:
    chore = Chores()
    runner = Runner(chore.found)

    async def wake() -> None:
        chore.meanwhile = None
        for _ in range(3):
            runner.wake("work")

    chore.meanwhile = wake
    runner.wake("work")
    await settled()
    assert chore.runs == 2
    await runner.stop()


@pytest.mark.parametrize("error", [DatabaseUnavailable("away"), ZeroDivisionError()])
async def test_a_failure_is_tried_again_by_itself(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.runner.AFTER_FAILURE_SECONDS", AFTER_FAILURE_SECONDS / 200)
    chore = Chores(error, error, 0.0)
    runner = Runner(chore.found)
    runner.wake("work")
    await ran(chore, 4)
    await runner.stop()
    assert chore.runs == 4


@pytest.mark.parametrize("width", [1, 3])
async def test_so_many_work_at_once(width: int) -> None:
    chore = Chores()
    runner = Runner(chore.found, width=width)
    end = asyncio.Event()
    chore.meanwhile = end.wait
    for _ in range(3):
        runner.wake("work")
        await settled()
    end.set()
    await runner.stop()
    assert chore.most_at_once == width


async def test_stopping_lets_the_batch_under_way_end() -> None:
    chore = Chores(0.0, 0.0, 0.0)
    runner = Runner(chore.found)
    end = asyncio.Event()
    chore.meanwhile = end.wait
    runner.wake("work")
    await settled()
    stopping = asyncio.create_task(runner.stop())
    await settled()
    assert not stopping.done()
    end.set()
    await stopping
    assert (chore.runs, chore.at_once) == (1, 0)
    runner.wake("work")
    await settled()
    assert chore.runs == 1


async def test_stopping_cuts_off_what_takes_too_long() -> None:
    chore = Chores()
    runner = Runner(chore.found)
    cut = asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            cut.set()

    chore.meanwhile = forever
    runner.wake("work")
    await settled()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await runner.stop(within=0.05)
    assert cut.is_set()


async def test_stopping_does_not_wait_for_a_rest() -> None:
    chore = Chores(3600.0)
    runner = Runner(chore.found)
    runner.wake("work")
    await settled()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await runner.stop(within=3600.0)
    assert chore.runs == 1


async def test_a_chore_that_fails_does_not_spin_on_hints() -> None:
    failing = Chores(*(ZeroDivisionError() for _ in range(100)))
    runner = Runner(failing.found)
    for _ in range(20):
        runner.wake("work")
        await settled()
    assert failing.runs == 1
    await runner.stop()


async def test_a_busy_chore_leaves_room_for_others() -> None:
    busy, other = Chores(*[0.0] * 10_000), Chores()
    runner = Runner({"busy": busy, "other": other}.get)
    runner.wake("busy")
    await settled()
    before = busy.runs
    runner.wake("other")
    await settled()
    assert other.runs == 1
    assert before < busy.runs < 10_000
    await runner.stop()
