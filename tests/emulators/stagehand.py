"""What every stage needs: patience, and a server of the business's own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

T = TypeVar("T")

PATIENCE_SECONDS = 30.0
"""How long what must happen may take on a busy machine."""


async def eventually(true: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """The first true answer; fails when there is none in time."""
    async with asyncio.timeout(seconds):
        while not (answer := true()):  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)
        return answer


async def gesture(
    http: aiohttp.ClientSession, base: str, platform: str, name: str, /, **told: Any
) -> tuple[int, Any]:
    """Let somebody (`who`) do something on the control path; gives the status and what it told."""
    async with http.post(f"{base}/_sim/{platform}/{name}", json=told) as response:
        return response.status, await response.json()


async def plan_fault(http: aiohttp.ClientSession, base: str, platform: str, /, **told: Any) -> None:
    """Plan a fault on the control path."""
    async with http.post(f"{base}/_sim/faults", json={"platform": platform, **told}) as response:
        assert response.status == 201, await response.text()


async def seen_by_caller(
    request: Coroutine[Any, Any, T], taken: Callable[[], Any], seconds: float
) -> T | Exception:
    """What somebody gets who waits until the request was taken, and so many seconds longer."""
    task = asyncio.create_task(request)
    await eventually(lambda: task.done() or taken())
    try:
        return await asyncio.wait_for(task, seconds)
    except (aiohttp.ClientError, TimeoutError) as error:
        return error


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """Serve an application on this machine; gives its base address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
