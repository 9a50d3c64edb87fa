"""Tasks beside the main road, and how they are ended."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any

import structlog

CANCEL_SECONDS = 1.0
"""Long enough for a transaction to be rolled back: cancelled again in that, it would leave its
locks behind."""

CANCELS = 2

log = structlog.get_logger(__name__)


@asynccontextmanager
async def in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let it work meanwhile; it is ended at the end. A failure is told when it happens."""
    task = asyncio.create_task(work)
    task.add_done_callback(_tell)
    try:
        yield
    finally:
        await end([task])


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel these tasks, again if need be, and wait for their end, for about two seconds.

    Python 3.11's `asyncio.wait_for` swallows a cancellation that comes at the moment its work is
    done, and redis-py and nats-py wait with it: cancelled once, their readers may go on for ever.
    """
    left = set(tasks)
    for _ in range(CANCELS):
        if not left:
            return
        for task in left:
            task.cancel()
        done, left = await asyncio.wait(left, timeout=CANCEL_SECONDS)
        await asyncio.gather(*done, return_exceptions=True)
    log.error("tasks_do_not_end", tasks=sorted(task.get_name() for task in left))


def _tell(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("background_failed", task=task.get_name(), exc_info=error)
