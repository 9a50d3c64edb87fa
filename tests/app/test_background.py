"""Tasks beside the main road end when they are told, also those that miss it at first."""

import asyncio

from app.background import end, in_background


async def test_a_task_that_swallows_a_cancellation_is_cancelled_again() -> None:
    swallowed = False

    async def stubborn() -> None:
        nonlocal swallowed
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            swallowed = True
        await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await end([task])
    assert task.cancelled()
    assert swallowed


async def test_what_failed_meanwhile_holds_nobody_up() -> None:
    async def failing() -> None:
        raise ZeroDivisionError

    async with in_background(failing()):
        await asyncio.sleep(0)


async def test_work_goes_on_until_the_end() -> None:
    rounds = 0

    async def work() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    async with in_background(work()):
        while rounds < 10:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)
    after = rounds
    await asyncio.sleep(0)
    assert rounds == after
