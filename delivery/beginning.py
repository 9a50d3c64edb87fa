"""Begins attempts: what was claimed passes the gate and is written down before its call."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from delivery import hints
from delivery.allowance import within_allowance
from delivery.decide import parked
from delivery.packing import packed
from delivery.preparing import Fitting, Ready, completed, prepare
from delivery.sparing import standing_of
from delivery.templating import by_catalogue
from delivery.uploading import NOTHING_ATTACHED, Attached
from storage.claims import Claimed
from storage.standing import PersonStanding
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.channel import Channel
from vestnik.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Beginning:
    """One worker's beginnings on one lane; after `lease` a call that was begun is given up."""

    lane: Lane
    channel: Channel
    worker: str
    lease: timedelta

    async def begin(
        self,
        work: UnitOfWork,
        claimed: Sequence[Claimed],
        people_a_day: int | None,
        attached: Attached = NOTHING_ATTACHED,
    ) -> list[list[Ready]]:
        """The requests that may be called for once this is committed; the rest is settled."""
        if not claimed:
            return []
        prepared = await self._prepared(work, claimed, attached)
        if people_a_day:
            prepared = await within_allowance(work, self.lane, prepared, people_a_day)
        turned_away = [it for it in prepared if isinstance(it, Delivery)]
        ready = [it for it in prepared if not isinstance(it, Delivery)]
        requests = packed(self.channel, ready)
        await work.ledger.change(turned_away)
        await work.ledger.begin(
            [(delivery, attempt) for request in requests for delivery, attempt, _ in request],
            lane=self.lane,
            worker=self.worker,
            deadline=work.now + self.lease,
        )
        if turned_away:
            work.hints.add(hints.ROUTE)
        return requests

    async def _prepared(
        self, work: UnitOfWork, claimed: Sequence[Claimed], attached: Attached
    ) -> list[Ready | Delivery]:
        limits = self.channel.limits
        claimed = await _with_versions(work, claimed)
        people = await standing_of(work, claimed)
        again = [it.delivery.id for it in claimed if it.delivery.again]
        unsure = await work.deliveries.unsure_since(again)
        fitting = Fitting(limits)
        prepared = [
            parked(it.delivery, unsure.get(it.delivery.id), work.now)
            or prepare(
                it.delivery,
                people.get(it.delivery.person_id or 0, NOBODY),
                it.address,
                fitting,
                work.now,
            )
            for it in claimed
        ]
        if attached is not NOTHING_ATTACHED:
            prepared = [completed(it, attached.at_hand, limits, work.now) for it in prepared]
        return await by_catalogue(work, self.lane, prepared)


NOBODY = PersonStanding()
"""How a staff chat stands, which is no person."""


async def _with_versions(work: UnitOfWork, claimed: Sequence[Claimed]) -> Sequence[Claimed]:
    """These, each bot's answer with the version that its conversation keeps until our commit."""
    answers = {it.address.id for it in claimed if it.address and it.delivery.version is not None}
    versions = await work.standings.versions(answers)
    return [
        replace(it, address=replace(it.address, version=versions[it.address.id]))
        if it.address and it.address.id in versions
        else it
        for it in claimed
    ]
