"""Keeps what the providers allow and approve in step with what they say when asked."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from broadcast.notices import Notices
from storage.database import Database
from vestnik.abilities import SetupFailed, Templates, Tiered
from vestnik.address import Lane
from vestnik.channel import Channel

SYNC_SECONDS = 3600.0
"""Between two looks; a notice of the provider's asks for one at once."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The chore that asks for templates and allowances; a refusal leaves all as it was."""

    database: Database
    channels: Mapping[Lane, Channel]
    notices: Notices

    async def look(self) -> float | None:
        """Ask once; nothing more is due until the next hint."""
        for lane, channel in self.channels.items():
            try:
                if isinstance(channel, Templates):
                    await self._templates(lane, channel)
                if isinstance(channel, Tiered):
                    await self._tier(lane, channel)
            except SetupFailed as failure:
                log.warning("catalogue_not_read", lane=str(lane), why=str(failure))
        return None

    async def _templates(self, lane: Lane, channel: Templates) -> None:
        told = await channel.templates()
        async with self.database.begin() as work:
            for before, after in await work.templates.sync(lane, told):
                ground = {"catalogue": str(lane)}
                await self.notices.template(work, lane, before, after, ground=ground)

    async def _tier(self, lane: Lane, channel: Tiered) -> None:
        tier = await channel.tier()
        async with self.database.begin() as work:
            await work.lanes.allow(lane, tier)
