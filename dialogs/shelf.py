"""The scenario in use, and the versions by which dialogs under way were begun."""

from dialogs.scenario import Flawed, Scenario, parse
from storage.unit_of_work import UnitOfWork

MOST_KEPT = 32
"""Versions in memory; the others are read again when somebody still walks them."""


class Shelf:
    """Scenarios by version; the present one is `current`."""

    def __init__(self, current: Scenario) -> None:
        self.current = current
        self._read: dict[str, Scenario | None] = {current.version: current}

    async def publish(self, work: UnitOfWork) -> None:
        """Keep the present version, so that whoever begins by it can end by it."""
        await work.scenarios.publish(self.current.version, self.current.name, self.current.source)

    async def of(self, work: UnitOfWork, version: str) -> Scenario | None:
        """A version; None for one that nobody published, or that cannot be read any more."""
        if version not in self._read:
            while len(self._read) >= MOST_KEPT:
                oldest = next(it for it in self._read if it != self.current.version)
                del self._read[oldest]
            self._read[version] = _read(await work.scenarios.source(version), version)
        return self._read[version]


def _read(source: str | None, version: str) -> Scenario | None:
    if source is None:
        return None
    try:
        return parse(source, version)
    except Flawed:
        return None
