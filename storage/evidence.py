"""The proof of a consent: the entry, the exact words, and the message that gave it, as it came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.consents import entry_of
from storage.tables import consent_texts, consents, events, inbox
from storage.types import AnyRow
from vestnik.consent import ConsentEntry, fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The event that gave a consent or took it away; `raw` are the provider's own bytes.

    Of a person who was erased only the times and the kind are left.
    """

    id: int
    channel: str
    account: str
    external_id: str
    kind: str
    at: datetime
    received_at: datetime
    body: Mapping[str, Any]
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One entry of the ledger with all that proves it; no words where none were agreed to."""

    id: int
    entry: ConsentEntry
    text: str | None
    message: Message | None

    @property
    def intact(self) -> bool:
        """Whether the words kept are those whose hash the entry bears; true where it has none."""
        if not self.entry.text_hash:
            return True
        return self.text is not None and fingerprint(self.text) == self.entry.text_hash


class EvidenceOfConsents:
    """Reads the ledger with its evidence."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def of(self, person_id: int) -> Sequence[Evidence]:
        """A person's entries, in the ledger's order."""
        told = events.join(inbox, inbox.c.id == events.c.inbox_id)
        found = (
            sa.select(
                *consents.c,
                consent_texts.c.text,
                events.c.id.label("event_id"),
                events.c.channel,
                events.c.account,
                events.c.external_id,
                events.c.kind,
                events.c.at.label("happened_at"),
                events.c.received_at,
                events.c.body,
                inbox.c.body.label("raw"),
            )
            .select_from(
                consents.outerjoin(
                    consent_texts, consent_texts.c.hash == consents.c.text_hash
                ).outerjoin(told, events.c.id == consents.c.evidence)
            )
            .where(consents.c.person_id == person_id)
            .order_by(consents.c.id)
        )
        return [_evidence(row) for row in await self._connection.execute(found)]


def _evidence(row: AnyRow) -> Evidence:
    message = None
    if row.event_id is not None:
        message = Message(
            id=row.event_id,
            channel=row.channel,
            account=row.account,
            external_id=row.external_id,
            kind=row.kind,
            at=row.happened_at,
            received_at=row.received_at,
            body=row.body,
            raw=row.raw,
        )
    return Evidence(id=row.id, entry=entry_of(row), text=row.text, message=message)
