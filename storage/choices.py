"""What people chose about being written to."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import among, upsert
from storage.tables import preferences
from storage.types import AnyRow
from vestnik.address import ChannelName
from vestnik.preferences import NOTHING_CHOSEN, Cap, Preferences, QuietHours


class Choices:
    """People's preferences; who chose nothing has no row."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def of(self, person_id: int) -> Preferences:
        """What a person chose."""
        return (await self.of_people([person_id])).get(person_id, NOTHING_CHOSEN)

    async def of_people(
        self, ids: Collection[int], *, until_commit: bool = False
    ) -> dict[int, Preferences]:
        """What these people chose, of those who did; `until_commit`: none of it changes before."""
        if not ids:
            return {}
        found = sa.select(preferences).where(among(self._connection, preferences.c.person_id, ids))
        if until_commit:
            found = found.with_for_update(read=True)
        return {row.person_id: _chosen(row) for row in await self._connection.execute(found)}

    async def choose(self, person_id: int, chosen: Preferences) -> None:
        """From now on these are a person's preferences, all of them."""
        values = {
            "zone": chosen.zone,
            "quiet_from": chosen.quiet.begin if chosen.quiet else None,
            "quiet_until": chosen.quiet.end if chosen.quiet else None,
            "cap_most": chosen.cap.most if chosen.cap else None,
            "cap_days": chosen.cap.days if chosen.cap else None,
            "paused_until": chosen.paused_until,
            "topics_off": sorted(chosen.topics_off),
            "channel": chosen.channel,
            "updated_at": self._now,
        }
        insert = upsert(self._connection, preferences).values(person_id=person_id, **values)
        await self._connection.execute(
            insert.on_conflict_do_update(index_elements=["person_id"], set_=values)
        )

    async def forget(self, person_id: int) -> None:
        """A person has chosen nothing."""
        gone = sa.delete(preferences).where(preferences.c.person_id == person_id)
        await self._connection.execute(gone)


def _chosen(row: AnyRow) -> Preferences:
    quiet = None if row.quiet_from is None else QuietHours(row.quiet_from, row.quiet_until)
    return Preferences(
        zone=row.zone,
        quiet=quiet,
        cap=None if row.cap_most is None else Cap(row.cap_most, row.cap_days),
        paused_until=row.paused_until,
        topics_off=frozenset(row.topics_off),
        channel=None if row.channel is None else ChannelName(row.channel),
    )
