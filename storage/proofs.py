"""What was tried at an address, in the order of time: by it an unknown message may be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import ATTEMPT, attempt_from
from storage.tables import addresses, attempts, events
from vestnik.delivery import Attempt

MOST = 200
"""Attempts that are looked at, the newest; what is older is not proved by a press any more."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt and when it was made; `finished_at` is None while it is being sent."""

    attempt: Attempt
    started_at: datetime
    finished_at: datetime | None


class Proofs:
    """Attempts by their place among the others at an address."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def tried_at(self, address_id: int) -> Sequence[Tried]:
        """What was tried there and did not fail, the newest first."""
        found = (
            ATTEMPT.add_columns(attempts.c.started_at, attempts.c.finished_at)
            .where(attempts.c.address_id == address_id, attempts.c.state != "failed")
            .order_by(attempts.c.id.desc())
            .limit(MOST)
        )
        rows = await self._connection.execute(found)
        return [Tried(attempt_from(row), row.started_at, row.finished_at) for row in rows]

    async def is_theirs(self, address_id: int, reference: str) -> bool:
        """Whether a message at the address came in: people answer their own messages too."""
        came_in = (
            sa.select(events.c.id)
            .join_from(events, addresses, events.c.person_id == addresses.c.person_id)
            .where(
                addresses.c.id == address_id,
                events.c.channel == addresses.c.channel,
                events.c.account == addresses.c.account,
                events.c.kind != "ButtonPressed",  # it names our message, not one of theirs
                events.c.body["reference"].as_string() == reference,
            )
        )
        return (await self._connection.execute(came_in.limit(1))).first() is not None
