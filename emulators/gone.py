"""Noticing that nobody waits for an answer any more: the caller went away, or the server stops."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiohttp import web

T = TypeVar("T")

STOPPING = web.AppKey("stopping", asyncio.Event)
LOOK_SECONDS = 0.1


def tell_of_the_end(app: web.Application) -> None:
    """Let the requests that wait know when the server stops."""
    app[STOPPING] = stopping = asyncio.Event()

    async def stop(_app: web.Application) -> None:
        stopping.set()

    app.on_shutdown.append(stop)


async def until_gone(request: web.Request) -> None:
    """Wait until the caller has gone away or the server stops."""
    stopping = request.config_dict[STOPPING]
    # aiohttp gives nothing to await for a caller that went away.
    while not stopping.is_set() and not _is_gone(request):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await stopping.wait()


async def unless_gone(request: web.Request, work: Coroutine[Any, Any, T]) -> T | None:
    """Do the work; None when the caller went away or the server stopped before it was done."""
    task, gone = asyncio.ensure_future(work), asyncio.ensure_future(until_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        task.cancel()
        gone.cancel()


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
