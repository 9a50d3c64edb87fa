"""The platform as separate processes, as in production: one web, workers, a scheduler."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp


class NotReady(OSError):
    """The processes did not come up; the text says what to look at."""


READY_SECONDS = 60.0
STOP_SECONDS = 15.0


@asynccontextmanager
async def processes(environment: Mapping[str, str], workers: int = 2) -> AsyncIterator[str]:
    """Start the roles with this environment; gives the web server's address once it is ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {**environment, "HOST": "127.0.0.1", "PORT": str(port)}
    address = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        for role in ("web", "scheduler", *["worker"] * workers):
            await stack.enter_async_context(_process(role, own))
        await _ready(address)
        yield address


@asynccontextmanager
async def _process(role: str, environment: Mapping[str, str]) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", role, env=environment, stdin=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()


async def _ready(address: str) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + READY_SECONDS
    async with aiohttp.ClientSession() as session:
        while loop.time() < deadline:
            try:
                async with session.get(f"{address}/readyz") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.2)
    raise NotReady(f"The web process was not ready after {READY_SECONDS:g} s: see its log above.")
