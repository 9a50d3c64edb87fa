"""What every stage needs: patience, and a server of the business's own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


async def eventually(true: Callable[[], Any], seconds: float = 5.0) -> Any:
    """The first true answer; fails when there is none in time."""
    async with asyncio.timeout(seconds):
        while not (answer := true()):  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)
        return answer


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
