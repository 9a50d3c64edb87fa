"""The scenario in use, and the versions by which dialogs under way were begun."""

from collections.abc import Mapping

import structlog

from dialogs.scenario import Flawed, Scenario, parse
from storage.unit_of_work import UnitOfWork

MOST_KEPT = 32
"""Versions in memory; the others are read again when somebody still walks them."""

log = structlog.get_logger(__name__)


class Shelf:
    """Scenarios by version; `current` is that by which dialogs begin.

    It begins with a file's, and goes on with the version that was published last (see `look`).
    """

    def __init__(self, current: Scenario) -> None:
        self.current = current
        self._read: dict[str, Scenario | None] = {current.version: current}
        self._asked = current.version

    async def keep(self, work: UnitOfWork) -> None:
        """Keep the present version, so that whoever begins by it can end by it."""
        await keep(work, self.current)

    async def look(self, work: UnitOfWork) -> None:
        """Take up what was published meanwhile; one that cannot be read changes nothing."""
        version = await work.scenarios.published()
        if version is None or version == self._asked:
            return
        self._asked = version
        scenario = await self.of(work, version)
        if scenario is None:
            log.error("scenario_unreadable", version=version, stays=self.current.version)
            return
        log.info("scenario_taken_up", version=version, before=self.current.version)
        self.current = scenario

    async def of(self, work: UnitOfWork, version: str) -> Scenario | None:
        """A version; None for one that nobody published, or that cannot be read any more."""
        if version not in self._read:
            while len(self._read) >= MOST_KEPT:
                oldest = next(it for it in self._read if it != self.current.version)
                del self._read[oldest]
            self._read[version] = _read(await work.scenarios.text(version), version)
        return self._read[version]


async def keep(work: UnitOfWork, scenario: Scenario) -> None:
    """Keep a scenario with the files beside it: whoever sends them has the database only."""
    for file in scenario.contents.values():
        await work.files.keep(file)
    told = (scenario.version, scenario.name, scenario.source, scenario.files)
    await work.scenarios.keep(*told)


def _read(kept: tuple[str, Mapping[str, str]] | None, version: str) -> Scenario | None:
    if kept is None:
        return None
    source, files = kept
    try:
        return parse(source, version, files)
    except Flawed:
        return None
