"""Asks how far people have read before a wait for their reading is over: SMS could follow it."""

from collections.abc import Mapping
from datetime import timedelta

from delivery.reporting import take_reports
from storage.database import Database
from vestnik.abilities import ReadMarks
from vestnik.address import Lane
from vestnik.channel import Channel, Limits

SOON = timedelta(seconds=30)
"""Waits that end within this time are looked after."""

AT_ONCE = 100


class Marks:
    """The chore for channels that can be asked; their own reports come sooner, as a rule."""

    def __init__(self, database: Database, channels: Mapping[Lane, Channel]) -> None:
        self._database = database
        self._asked = {lane: it for lane, it in channels.items() if isinstance(it, ReadMarks)}
        self._limits: Mapping[Lane, Limits] = {lane: it.limits for lane, it in channels.items()}

    async def ask(self) -> None:
        """Ask once for everybody whose wait is nearly over."""
        for lane, channel in self._asked.items():
            async with self._database.read() as work:
                waiting = await work.receipts.awaited(lane, work.now + SOON, AT_ONCE)
            if not waiting:
                continue
            told = [(lane, report) for report in await channel.read_marks(waiting)]
            async with self._database.begin() as work:
                await take_reports(work, told, self._limits)
