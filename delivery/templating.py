"""Templates as the provider has them: how variables are named, and whether they may be used."""

from collections.abc import Sequence
from dataclasses import replace

from delivery.ends import next_step
from delivery.preparing import Ready, unbegun
from delivery.told import LONGEST_REASON
from storage.unit_of_work import UnitOfWork
from vestnik.abilities import TemplateInfo
from vestnik.address import Lane
from vestnik.delivery import Delivery
from vestnik.outbound import Template

Key = tuple[str, str]


async def by_catalogue(
    work: UnitOfWork, lane: Lane, prepared: Sequence[Ready | Delivery]
) -> list[Ready | Delivery]:
    """What is prepared; by a template that the provider has stopped nothing is sent any more."""
    used = {
        (send.outbound.name, send.outbound.language)
        for _, _, send in (it for it in prepared if not isinstance(it, Delivery))
        if isinstance(send.outbound, Template)
    }
    known: dict[Key, TemplateInfo] = {}
    for name, language in sorted(used):
        info = await work.templates.get(lane, name, language)
        if info is not None:
            known[name, language] = info
    return [_checked(it, known, work) for it in prepared]


def _checked(
    it: Ready | Delivery, known: dict[Key, TemplateInfo], work: UnitOfWork
) -> Ready | Delivery:
    if isinstance(it, Delivery) or not isinstance(it[2].outbound, Template):
        return it
    begun, attempt, send = it
    template = it[2].outbound
    info = known.get((template.name, template.language))
    if info is None:
        return it
    if not info.usable:
        reason = f"template:{info.status.lower()}"[:LONGEST_REASON]
        return next_step(unbegun(begun), reason, work.now)
    if template.names or len(info.names) != len(template.values):
        return it
    return begun, attempt, replace(send, outbound=replace(template, names=info.names))
