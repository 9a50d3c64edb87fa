"""Servers that may die, and a world on them; one a file, so that processes start once."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.chaos.accounts import audited
from tests.chaos.servers import MortalServers
from tests.chaos.world import World, founded


@pytest.fixture(scope="session")
def mortal() -> Iterator[MortalServers]:
    """Servers of our own."""
    servers = MortalServers()
    yield servers
    servers.close()


@pytest.fixture(scope="module")
def chaos_url(mortal: MortalServers) -> Iterator[str]:
    """A database of this file, on a PostgreSQL that may be killed."""
    with mortal.postgresql() as url:
        yield url


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    mortal: MortalServers, chaos_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """The world of this file; whatever was done to it, its audit ends clean."""
    folder = tmp_path_factory.mktemp("world")
    async with founded(folder, chaos_url, REDIS_URL=mortal.redis()) as built:
        yield built
        for process in built.processes:
            await process.kill()
        await audited(built)
