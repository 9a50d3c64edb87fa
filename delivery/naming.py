"""Asks what people are called, where a channel's events do not say it."""

from collections.abc import Mapping
from datetime import timedelta

from storage.database import Database
from vestnik.abilities import Naming
from vestnik.address import Lane
from vestnik.channel import Channel

FRESH = timedelta(minutes=10)
"""Who wrote within this time is asked about: somebody whom the provider does not name is left."""

AT_ONCE = 100


class Names:
    """The chore for channels that can be asked for names."""

    def __init__(self, database: Database, channels: Mapping[Lane, Channel]) -> None:
        self._database = database
        self._asked = {lane: it for lane, it in channels.items() if isinstance(it, Naming)}

    async def ask(self) -> None:
        """Ask once for those who wrote lately and have no name."""
        for lane, channel in self._asked.items():
            async with self._database.read() as work:
                nameless = await work.directory.nameless(lane, work.now - FRESH, AT_ONCE)
            told = await channel.names(list(nameless)) if nameless else {}
            if told:
                async with self._database.begin() as work:
                    for handle, name in told.items():
                        await work.people.name(nameless[handle], name)
