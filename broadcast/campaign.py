"""A campaign's life: drafted, confirmed by what was seen, frozen, paused, resumed, cancelled."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import orjson

from delivery import hints
from storage.auditing import Deed
from storage.broadcasts import Broadcast, BroadcastState
from storage.unit_of_work import UnitOfWork
from vestnik.address import ChannelName
from vestnik.channel import Limits
from vestnik.fit import Unfit, fit
from vestnik.outbound import Template, Text
from vestnik.record import encode
from vestnik.route import Route, may_use
from vestnik.segment import Segment

VALID_FOR = timedelta(hours=24)
"""A broadcast that did not reach somebody within a day is no news any more."""

TEMPLATE_TEXT = 1024
"""Characters of a template with what is put into it; Meta, business-messaging: templates."""

Started = Literal["started", "changed", "not_draft", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be said to whom, by which route; `templates` by channel.

    `topic` is the id of what it is about, for people who switched that off.
    """

    segment: Segment
    content: Text
    route: Route
    templates: Mapping[str, Template]
    topic: str | None = None

    @property
    def fingerprint(self) -> str:
        """Changes when anything of it does: a confirmation is for exactly this."""
        whole = [encode(self.segment), encode(self.content), encode(self.route)]
        named = {name: encode(template) for name, template in sorted(self.templates.items())}
        return hashlib.sha256(orjson.dumps([whole, named, self.topic])).hexdigest()


def plan_of(broadcast: Broadcast) -> Plan:
    """The plan of a stored campaign."""
    return Plan(
        segment=broadcast.segment,
        content=broadcast.content,
        route=broadcast.route,
        templates=broadcast.templates,
        topic=broadcast.topic,
    )


def unfit_for(plan: Plan, limits: Mapping[ChannelName, Limits]) -> Mapping[ChannelName, str]:
    """Channels of the route that cannot carry the text, and why."""
    used = [name for name in limits if may_use(plan.route, name)]
    fitted = {name: fit(plan.content, limits[name]) for name in used}
    unfit = {name: it.why for name, it in fitted.items() if isinstance(it, Unfit)}
    for name, template in plan.templates.items():
        longest = max((len(value) for value in template.values), default=0)
        if name in used and longest > TEMPLATE_TEXT:
            why = f"the text is {longest} long, a template takes {TEMPLATE_TEXT}"
            unfit.setdefault(ChannelName(name), why)
    return unfit


async def draft(work: UnitOfWork, plan: Plan, actor: str) -> int:
    """Store a plan; nothing is sent yet. Gives the campaign's id."""
    broadcast_id = await work.broadcasts.draft(
        segment=plan.segment,
        content=plan.content,
        templates=plan.templates,
        route=plan.route,
        topic=plan.topic,
        content_hash=plan.fingerprint,
        created_by=actor,
    )
    after = {"text": plan.content.body.text, "hash": plan.fingerprint}
    await _log(work, actor, "broadcast.draft", broadcast_id, after=after)
    return broadcast_id


async def discard(work: UnitOfWork, broadcast_id: int, actor: str) -> bool:
    """Give a draft up; false when it is none any more: a campaign that runs is left alone."""
    moved = await work.broadcasts.move(broadcast_id, to="cancelled", only_from=["draft"])
    if moved:
        await _log(work, actor, "broadcast.discard", broadcast_id)
    return moved


async def start(
    work: UnitOfWork, broadcast_id: int, actor: str, *, seen: str | None = None
) -> Started:
    """Freeze the audience and begin. `seen` is the fingerprint that the person confirmed.

    Only one call of all that race gives "started".
    """
    broadcast = await work.broadcasts.get(broadcast_id)
    if broadcast is None:
        return "unknown"
    if seen is not None and seen != plan_of(broadcast).fingerprint:
        return "changed"
    expires_at = work.now + VALID_FOR
    moved = await work.broadcasts.move(
        broadcast_id,
        to="running",
        only_from=["draft"],
        started_at=work.now,
        confirmed_by=actor,
        expires_at=expires_at,
    )
    if not moved:
        return "not_draft"
    audience = await work.audiences.freeze(broadcast_id, broadcast.segment, expires_at)
    await work.broadcasts.note(broadcast_id, audience=audience)
    await _log(work, actor, "broadcast.start", broadcast_id, after={"audience": audience})
    work.hints.update((hints.ROUTE, hints.PROGRESS))
    return "started"


async def pause(work: UnitOfWork, broadcast_id: int, actor: str, reason: str = "") -> bool:
    """Send nothing more for now; what is on its way arrives. False when it was not under way."""
    if await _is_over(work, broadcast_id):
        return False
    moved = await work.broadcasts.move(
        broadcast_id, to="paused", only_from=["running"], reason=reason or None
    )
    if moved:
        await _log(work, actor, "broadcast.pause", broadcast_id, after={"reason": reason})
    return moved


async def resume(work: UnitOfWork, broadcast_id: int, actor: str) -> bool:
    """Go on where it was paused; refusals are counted anew: staff have seen those before."""
    moved = await work.broadcasts.move(
        broadcast_id, to="running", only_from=["paused"], reason=None, answers=0.0, refusals=0.0
    )
    if moved:
        await _log(work, actor, "broadcast.resume", broadcast_id)
        work.hints.add(hints.ROUTE)
        lanes = await work.waking.lanes_of(broadcast_id)
        work.hints.update(hints.of_lane(lane) for lane in lanes)
    return moved


async def cancel(work: UnitOfWork, broadcast_id: int, actor: str) -> bool:
    """Send nothing more ever; what was not begun is cancelled. False when it was over already."""
    if await _is_over(work, broadcast_id):
        return False
    states: Sequence[BroadcastState] = ["draft", "running", "paused"]
    moved = await work.broadcasts.move(broadcast_id, to="cancelled", only_from=states)
    if moved:
        cancelled = await work.deliveries.cancel_planned()
        await _log(work, actor, "broadcast.cancel", broadcast_id, after={"cancelled": cancelled})
        work.hints.add(hints.PROGRESS)
    return moved


async def _is_over(work: UnitOfWork, broadcast_id: int) -> bool:
    broadcast = await work.broadcasts.get(broadcast_id)
    return broadcast is not None and broadcast.finished


async def _log(
    work: UnitOfWork,
    actor: str,
    action: str,
    broadcast_id: int,
    after: Mapping[str, object] | None = None,
) -> None:
    deed = Deed(actor=actor, action=action, subject=f"broadcast:{broadcast_id}", after=after)
    await work.audit.record(deed)
