from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.broadcast.office import Office


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Office]:
    """An office on embedded defaults."""
    database = Database(sqlite_url)
    yield Office(database)
    await database.aclose()
