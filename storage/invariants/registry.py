"""All checks of all families, told in the order of the guarantees."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.auditing import AuditLog
from storage.invariants import audience, consent, fold, incoming, order, talk, tries
from storage.invariants.check import Check, Finding
from vestnik.address import Lane
from vestnik.channel import Limits

NOTHING: Mapping[str, Collection[str]] = MappingProxyType({})


class Invariants:
    """Checks the ledger, as it is in the transaction of this connection.

    `windows` are the hours of each channel that has a window; `receipts` what each channel
    reports after its acceptance ("delivered", "read").
    """

    def __init__(
        self,
        connection: AsyncConnection,
        now: datetime,
        windows: Mapping[str, int],
        receipts: Mapping[str, Collection[str]] = NOTHING,
    ) -> None:
        self._connection = connection
        self._now = now
        self._windows = windows
        self._receipts = receipts

    @classmethod
    def of(
        cls, connection: AsyncConnection, now: datetime, limits: Mapping[Lane, Limits]
    ) -> "Invariants":
        """The checks of a house with these channels."""
        known = {str(lane.channel): it for lane, it in limits.items()}
        windows = {name: it.window_hours for name, it in known.items() if it.window_hours}
        return cls(connection, now, windows, {name: it.receipts for name, it in known.items()})

    async def check(self) -> list[Finding]:
        """All findings, the broken ones included; one after another, in bounded memory."""
        findings = [await check.run(self._connection) for check in self._checks()]
        findings.append(await self._staff_log())
        return sorted(findings, key=lambda it: int(it.guarantee[1:]))

    def _checks(self) -> Iterator[Check]:
        yield from audience.CHECKS
        for name, told in self._receipts.items():
            if told:
                yield order.settled_in_time(name, told)
        yield from tries.CHECKS
        yield from order.CHECKS
        yield from fold.CHECKS
        yield from incoming.CHECKS
        yield from consent.CHECKS
        yield from (talk.within_window(name, hours) for name, hours in self._windows.items())
        yield from talk.CHECKS

    async def _staff_log(self) -> Finding:
        log = AuditLog(self._connection, self._now)
        broken = await log.broken_at()
        examples = () if broken is None else (broken,)
        what = "the log of what staff did is unbroken"
        return Finding("I14", what, await log.count(), len(examples), "audit_log", examples)
