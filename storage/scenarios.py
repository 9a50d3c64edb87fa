"""Scenarios by the version of their content, and which of them dialogs begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upsert
from storage.tables import scenario_versions

NO_FILES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Version:
    """A version that is kept; `published_at` is when staff last had dialogs begin with it."""

    version: str
    name: str
    kept_at: datetime
    published_at: datetime | None


class Scenarios:
    """One row a version, whose words never change."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def keep(
        self, version: str, name: str, source: str, files: Mapping[str, str] = NO_FILES
    ) -> None:
        """Keep a version; one that is kept already stays.

        `files` are the keys (storage.files) of the files beside it, by name.
        """
        insert = upsert(self._connection, scenario_versions).values(
            version=version, name=name, source=source, files=dict(files), kept_at=self._now
        )
        await self._connection.execute(insert.on_conflict_do_nothing(index_elements=["version"]))

    async def publish(self, version: str) -> None:
        """From now on dialogs begin with this version, which is kept."""
        chosen = sa.update(scenario_versions).where(scenario_versions.c.version == version)
        await self._connection.execute(chosen.values(published_at=self._now))

    async def published(self) -> str | None:
        """The version that was published last; None where the house plays its file."""
        latest = (
            sa.select(scenario_versions.c.version)
            .where(scenario_versions.c.published_at.is_not(None))
            .order_by(scenario_versions.c.published_at.desc(), scenario_versions.c.version)
            .limit(1)
        )
        version: str | None = (await self._connection.execute(latest)).scalar_one_or_none()
        return version

    async def versions(self) -> Sequence[Version]:
        """All that are kept, the newest first."""
        columns = scenario_versions.c
        told = sa.select(columns.version, columns.name, columns.kept_at, columns.published_at)
        newest = told.order_by(columns.kept_at.desc(), columns.version)
        return [Version(*row) for row in await self._connection.execute(newest)]

    async def text(self, version: str) -> tuple[str, Mapping[str, str]] | None:
        """The YAML of a version, and the keys of the files beside it, by name."""
        columns = scenario_versions.c
        found = sa.select(columns.source, columns.files).where(columns.version == version)
        row = (await self._connection.execute(found)).one_or_none()
        return None if row is None else (row.source, row.files)
