"""Published scenarios, by the version of their content."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upsert
from storage.tables import scenario_versions


class Scenarios:
    """One row a version; none is ever changed."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def publish(self, version: str, name: str, source: str) -> None:
        """Keep a version; one that is kept already stays."""
        insert = upsert(self._connection, scenario_versions).values(
            version=version, name=name, source=source, published_at=self._now
        )
        await self._connection.execute(insert.on_conflict_do_nothing(index_elements=["version"]))

    async def source(self, version: str) -> str | None:
        """The YAML of a version."""
        found = sa.select(scenario_versions.c.source).where(scenario_versions.c.version == version)
        source: str | None = (await self._connection.execute(found)).scalar_one_or_none()
        return source
