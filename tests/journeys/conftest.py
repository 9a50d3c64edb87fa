from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.town import Town, founded


@pytest.fixture
async def town(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Town]:
    """On embedded defaults."""
    async with founded(monkeypatch, f"sqlite:///{tmp_path}/town.sqlite3") as built:
        yield built
