"""How many broadcasts people got lately: counted where somebody wants no more than so many."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import among
from storage.tables import attempts, deliveries
from vestnik.preferences import A_DAY, Cap

LOCKS = 1 << 48
"""Where the numbers of our locks begin, one a person; those of other errands are small."""


class Frequency:
    """Counts broadcasts by what was tried, since that is written before it is sent."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def had_enough(self, caps: Mapping[int, Cap], beside: Collection[int]) -> set[int]:
        """Those of these people who had as many broadcasts as they want, `beside` these deliveries.

        Until our commit nobody else counts for them: of two broadcasts at once the second sees
        the first. A message that failed for good does not count, one that may have arrived does.
        """
        if not caps:
            return set()
        await self._alone(sorted(caps))
        since = self._now - A_DAY * max(cap.days for cap in caps.values())
        found = (
            sa.select(deliveries.c.id, deliveries.c.person_id, sa.func.max(attempts.c.started_at))
            .join_from(deliveries, attempts, attempts.c.delivery_id == deliveries.c.id)
            .where(
                among(self._connection, deliveries.c.person_id, caps),
                deliveries.c.broadcast_id.is_not(None),
                # An attempt changes its delivery: what is older has none within the time.
                deliveries.c.updated_at > since,
                attempts.c.started_at > since,
                attempts.c.state != "failed",
            )
            .group_by(deliveries.c.id, deliveries.c.person_id)
        )
        got: defaultdict[int, list[datetime]] = defaultdict(list)
        for delivery_id, person_id, at in await self._connection.execute(found):
            if delivery_id not in beside:
                got[person_id].append(at)
        return {person for person, cap in caps.items() if cap.reached(got[person], self._now)}

    async def _alone(self, people: list[int]) -> None:
        # SQLite's transactions that write are alone anyway.
        if self._connection.dialect.name == "postgresql":
            locks = sa.literal([LOCKS + person for person in people], ARRAY(sa.BigInteger))
            # In order, so that no two wait for each other.
            each = sa.func.unnest(locks).column_valued("lock")
            await self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(each)))
