"""The platform as separate processes, as in production: one web, workers, a scheduler."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp

from app.rehearsal.programs import NotReady, program

READY_SECONDS = 60.0


@asynccontextmanager
async def processes(environment: Mapping[str, str], workers: int = 2) -> AsyncIterator[str]:
    """Start the roles with this environment; gives the web server's address once it is ready."""
    port = free_port()
    own = {**environment, "HOST": "127.0.0.1", "PORT": str(port)}
    address = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        for role in ("web", "scheduler", *["worker"] * workers):
            await stack.enter_async_context(program("app", role, environment=own))
        await ready(address)
        yield address


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def ready(address: str) -> None:
    """Wait until the web server at this address has its database; raises NotReady."""
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
