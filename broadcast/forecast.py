"""The dry run: where a broadcast would go first, and who would be left out and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from broadcast.campaign import Plan
from delivery.gate import Pass, judge
from delivery.planning import candidates_of
from delivery.routing import Candidate, find_place
from fallback.segments import segments
from storage.unit_of_work import UnitOfWork
from vestnik.address import SMS, ChannelName, Lane
from vestnik.channel import Limits
from vestnik.delivery import Delivery
from vestnik.window import is_open

AT_ONCE = 1_000
MOST = 20_000
"""People a dry run looks at, the first of the audience: it has to answer while one waits."""


@dataclass(slots=True)
class Forecast:
    """What would happen to the `looked_at` people that were tried.

    `first` counts them by the channel of their first step, `templates` those of them who would
    get a template, `free` those of these whose template costs nothing, `sms_later` those whom SMS
    may follow, `held` those who talk to an operator now, `quiet` those whose quiet hours it is,
    `skipped` the rest by reason.
    """

    looked_at: int = 0
    first: Counter[ChannelName] = field(default_factory=Counter)
    templates: int = 0
    free: int = 0
    sms_later: int = 0
    held: int = 0
    quiet: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        planned: Delivery,
        candidates: Sequence[Candidate],
        limits: Mapping[Lane, Limits],
        now: datetime,
    ) -> None:
        """Count one person in."""
        self.looked_at += 1
        placed = find_place(planned, candidates, limits, now)
        if placed.state != "planned":
            self.skipped[placed.reason or ""] += 1
        elif placed.address is None:
            self.held += placed.reason == "held"
            self.quiet += placed.reason == "quiet_hours"
        else:
            self.first[placed.address.channel] += 1
            if (template := _by_template(placed, candidates, limits, now)) is not None:
                self.templates += 1
                self.free += is_open(template.free_until, now)
            self.sms_later += _may_follow_by_sms(placed, candidates, limits, now)


async def foresee(
    work: UnitOfWork, plan: Plan, limits: Mapping[Lane, Limits], most: int = MOST
) -> Forecast:
    """Try the plan on its audience, in memory that does not grow with it; nothing is stored."""
    planned = Delivery(
        id=0,
        kind="broadcast",
        content=plan.content,
        route=plan.route,
        templates=plan.templates,
        topic=plan.topic,
        state="planned",
        due_at=work.now,
    )
    forecast, after = Forecast(), 0
    while forecast.looked_at < most:
        left = min(AT_ONCE, most - forecast.looked_at)
        people = await work.audiences.page(plan.segment, after=after, limit=left)
        if not people:
            break
        after = people[-1]
        for candidates in (await candidates_of(work, people)).values():
            forecast.add(planned, candidates, limits, work.now)
    return forecast


@dataclass(frozen=True, slots=True)
class SmsParts:
    """What SMS may cost, in parts: at least those it goes to first, at most whom it may follow."""

    a_person: int
    least: int
    most: int


def sms_parts(plan: Plan, forecast: Forecast) -> SmsParts | None:
    """The parts for those who were looked at; None where the route has no SMS."""
    if not any(step.channel == SMS for step in plan.route):
        return None
    parts = segments(plan.content.body.spelled().text)
    least = forecast.first[SMS] * parts
    return SmsParts(parts, least, least + forecast.sms_later * parts)


def _by_template(
    placed: Delivery,
    candidates: Sequence[Candidate],
    limits: Mapping[Lane, Limits],
    now: datetime,
) -> Candidate | None:
    """Who gets it by a template, if it is one."""
    chosen = next(it for it in candidates if it.address_id == placed.address_id)
    verdict = judge(placed, chosen.place, limits[chosen.address.lane], now)
    by_template = isinstance(verdict, Pass) and verdict.form == "template"
    return chosen if by_template else None


def _may_follow_by_sms(
    placed: Delivery,
    candidates: Sequence[Candidate],
    limits: Mapping[Lane, Limits],
    now: datetime,
) -> bool:
    for step in range(placed.step + 1, len(placed.route)):
        if placed.route[step].channel == SMS:
            later = replace(placed, step=step, address=None, address_id=None)
            found = find_place(later, candidates, limits, now)
            return found.address is not None and found.address.channel == SMS
    return False
