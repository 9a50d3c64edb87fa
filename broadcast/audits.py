"""Answers /audit: it reads the whole ledger, so a chore does it, and no writer waits for that."""

from collections.abc import Mapping
from dataclasses import dataclass

from broadcast import listing
from broadcast.call import Call
from delivery import hints
from delivery.outbox import post
from dialogs.languages import Languages
from storage.database import Database
from storage.invariants import Finding, Invariants
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address, Lane
from vestnik.channel import Limits
from vestnik.fit import split
from vestnik.record import Malformed, decode, encode

OWNER = "audit:"
"""Questions are kept beside the drafts of staff, under owners that begin with this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Where the answer goes and in which language, and what it is written on the ground of."""

    chat: Address
    language: str | None
    role: str
    event: int


async def ask(call: Call) -> None:
    """Keep the question; the chore answers it, also when this process ends before."""
    asked = Asked(
        chat=call.chat,
        language=call.staff.language,
        role=call.staff.role,
        event=call.event.id,
    )
    await call.work.drafts.put(f"{OWNER}{call.owner}", encode(asked))
    call.work.hints.add(hints.AUDIT)


@dataclass(frozen=True, slots=True)
class Audits:
    """The chore that answers; one look at the ledger serves all who asked."""

    database: Database
    languages: Languages
    limits: Mapping[Lane, Limits]

    async def tell(self) -> float | None:
        """Answer whoever asked; nothing more is due until the next hint."""
        async with self.database.read() as work:
            asked = await work.drafts.owned(OWNER)
            if not asked:
                return None
            findings = await Invariants.of(work.connection, work.now, self.limits).check()
        async with self.database.begin() as work:
            for owner in asked:
                await self._answer(work, owner, findings)
        return None

    async def _answer(self, work: UnitOfWork, owner: str, findings: list[Finding]) -> None:
        body = await work.drafts.get(owner)
        if body is None:  # another worker was quicker
            return
        await work.drafts.drop(owner)
        try:
            asked: Asked = decode(Asked, body)
        except Malformed:  # written by another version of Vestnik
            return
        ground = {"role": asked.role, "event": asked.event}
        told = listing.audit(self.languages, asked.language, findings)
        for part in split(told, self.limits[asked.chat.lane]):
            await post(work, asked.chat, part, ground=ground)
