"""The consent ledger: entries are only ever added; `standings` is its fold."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import upsert
from storage.known import WHOSE
from storage.tables import consent_texts, consents, standings
from storage.types import AnyRow
from vestnik.address import ChannelName
from vestnik.consent import NEVER_ASKED, Action, ConsentEntry, Purpose, Standing, fingerprint


class Consents:
    """Entries of consent and how things stand."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def record(self, entry: ConsentEntry, *, text: str = "") -> int:
        """Add an entry, with the exact words where there are any; gives its id."""
        if text:
            await self._keep_words(entry.text_version, text)
        at = await self._after_senders(entry)
        added = sa.insert(consents).values(
            person_id=entry.person_id,
            purpose=entry.purpose,
            action=entry.action,
            channels=list(entry.channels),
            text_version=entry.text_version,
            text_hash=entry.text_hash,
            evidence=entry.evidence,
            actor=entry.actor,
            at=at,
        )
        result = await self._connection.execute(added.returning(consents.c.id))
        entry_id: int = result.scalar_one()
        await self._stand(entry, entry_id)
        return entry_id

    async def withdraw(
        self, person_id: int, purpose: Purpose, *, actor: str, evidence: int | None
    ) -> bool:
        """Withdraw a consent on every channel; false when there was none to withdraw.

        A no to advertising is kept all the same: the person may turn out to be a subscriber.
        """
        known = (await self.standings(person_id)).get(purpose)
        granted = known is not None and known.granted
        if not granted and (known is not None or purpose != "advertising"):
            return False
        await self.record(
            ConsentEntry(
                person_id=person_id,
                purpose=purpose,
                action="withdraw",
                at=self._now,
                actor=actor,
                evidence=evidence,
            )
        )
        return granted

    async def standing(self, person_id: int, purpose: Purpose) -> Standing:
        """How things stand for one purpose."""
        return (await self.standings(person_id)).get(purpose, NEVER_ASKED)

    async def standings(self, person_id: int) -> dict[Purpose, Standing]:
        """How things stand for every purpose that was ever asked about."""
        rows = await self._connection.execute(_STANDINGS, {"whose": person_id})
        return {row.purpose: Standing(row.granted, frozenset(row.channels)) for row in rows}

    async def entries(self, person_id: int) -> Sequence[ConsentEntry]:
        """A person's ledger, in its order."""
        rows = await self._connection.execute(_ENTRIES, {"whose": person_id})
        return [entry_of(row) for row in rows]

    async def _keep_words(self, version: str, text: str) -> None:
        insert = upsert(self._connection, consent_texts).values(
            hash=fingerprint(text), version=version, text=text, first_seen_at=self._now
        )
        await self._connection.execute(insert.on_conflict_do_nothing())

    async def _stand(self, entry: ConsentEntry, entry_id: int) -> None:
        values = {
            "granted": entry.action == "grant",
            "channels": list(entry.channels),
            "entry_id": entry_id,
        }
        insert = upsert(self._connection, standings).values(
            person_id=entry.person_id, purpose=entry.purpose, **values
        )
        await self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=["person_id", "purpose"],
                set_=values,
                # Of two entries at once the later in the ledger is the present.
                where=standings.c.entry_id < insert.excluded.entry_id,
            )
        )

    async def _after_senders(self, entry: ConsentEntry) -> datetime:
        """When the entry is dated: after every attempt that still relied on the consent before.

        Senders hold the standing from their look at it to their commit (storage.standing).
        """
        before = sa.select(standings.c.entry_id).where(
            standings.c.person_id == entry.person_id, standings.c.purpose == entry.purpose
        )
        held = (await self._connection.execute(before.with_for_update())).first()
        if held is None or self._connection.dialect.name == "sqlite":
            return entry.at
        waited = sa.select(sa.func.clock_timestamp() - sa.func.transaction_timestamp())
        passed: timedelta = (await self._connection.execute(waited)).scalar_one()
        return entry.at + passed


def entry_of(row: AnyRow) -> ConsentEntry:
    """The entry of a row of the ledger."""
    return ConsentEntry(
        person_id=row.person_id,
        purpose=cast("Purpose", row.purpose),
        action=cast("Action", row.action),
        at=row.at,
        actor=row.actor,
        channels=tuple(ChannelName(channel) for channel in row.channels),
        text_version=row.text_version,
        text_hash=row.text_hash,
        evidence=row.evidence,
    )


_ENTRIES = sa.select(consents).where(consents.c.person_id == WHOSE).order_by(consents.c.id)
_STANDINGS = sa.select(standings.c.purpose, standings.c.granted, standings.c.channels).where(
    standings.c.person_id == WHOSE
)
