"""Segments as SQL: the twin of vestnik.segment, as a condition on rows of `people`.

A leaf is a set of people's ids. What has to hold is looked for in such sets (IN), what must not is
looked up (NOT EXISTS), and Not is carried inwards until it stands before a leaf: however the parts
are nested, PostgreSQL joins by hashing, and SQLite goes by its indexes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from storage.expressions import day_of_year
from storage.tables import addresses, answers, deliveries, events, people, profile, standings
from vestnik.conditions import (
    COMPARE,
    Ago,
    Between,
    Bound,
    ComingUp,
    Compared,
    Condition,
    Day,
    Known,
    Number,
    OneOf,
    Operator,
    days_ago,
    moments,
    month_days,
)
from vestnik.segment import (
    Active,
    Activity,
    All,
    Consented,
    Fact,
    Leaf,
    Not,
    On,
    Segment,
    Speaks,
    Targeted,
)
from vestnik.segment import Any as AnyOf
from vestnik.states import REACHED

Truth = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The people whom these rows are about."""

    person: sa.Column[Any]
    where: Truth

    def ids(self) -> sa.Select[Any]:
        """Their ids."""
        return sa.select(self.person).where(self.where)

    def none_of(self, who: sa.FromClause) -> Truth:
        """There is no such row of the person."""
        return ~sa.exists().where(self.person == who.c.id, self.where).correlate(who)


@dataclass(frozen=True, slots=True)
class Matching:
    """Says of rows of `people` whether they belong; the zone of `now` says when days begin."""

    now: datetime

    def holds(self, segment: Segment, who: sa.FromClause = people) -> Truth:
        """The person of the row belongs to the segment; true or false, never null."""
        match segment:
            case All(parts):
                return sa.and_(sa.true(), *(self.holds(part, who) for part in parts))
            case AnyOf(parts):
                return self._any(parts, who)
            case Not(part):
                return self._fails(part, who)
            case Speaks(language):
                return _speaks(who, language)
            case Active("seen", condition):
                return self._within(who.c.seen_at, condition)
            case Active(activity, condition):
                return self._last(activity, condition, who)
            case _:
                return who.c.id.in_(_together([it.ids() for it in self._rows(segment)]))

    def _fails(self, segment: Segment, who: sa.FromClause) -> Truth:
        match segment:
            case All(parts):
                return self._any([Not(part) for part in parts], who)
            case AnyOf(parts):
                return sa.and_(sa.true(), *(self._fails(part, who) for part in parts))
            case Not(part):
                return self.holds(part, who)
            case Speaks() | Active():
                return sa.not_(self.holds(segment, who))
            case _:
                return sa.and_(*(it.none_of(who) for it in self._rows(segment)))

    def _any(self, parts: Sequence[Segment], who: sa.FromClause) -> Truth:
        sets: list[sa.Select[Any]] = []
        for part in parts:
            if isinstance(part, Fact | Consented | On | Targeted):
                sets += [it.ids() for it in self._rows(part)]
            else:
                other = people.alias()
                sets.append(sa.select(other.c.id).where(self.holds(part, other)))
        return who.c.id.in_(_together(sets)) if sets else sa.false()

    def _rows(self, leaf: Leaf) -> Sequence[_Rows]:
        match leaf:
            case Fact(name, condition, source):
                told = _Rows(
                    answers.c.person_id,
                    sa.and_(answers.c.question == name, self._meets(answers, condition)),
                )
                imported = _Rows(
                    profile.c.person_id,
                    sa.and_(profile.c.name == name, self._meets(profile, condition)),
                )
                return {"answers": [told], "profile": [imported]}.get(source, [told, imported])
            case Consented(purpose):
                granted = sa.and_(standings.c.purpose == purpose, standings.c.granted)
                return [_Rows(standings.c.person_id, granted)]
            case On(channel):
                reachable = sa.and_(addresses.c.channel == channel, addresses.c.reachable)
                return [_Rows(addresses.c.person_id, reachable)]
            case Targeted(broadcast, reached):
                arrived = deliveries.c.best.in_(sorted(REACHED)) if reached else sa.true()
                of_it = sa.and_(deliveries.c.broadcast_id == broadcast, arrived)
                return [_Rows(deliveries.c.person_id, of_it)]
            case Active() | Speaks():
                raise TypeError(f"{leaf} is looked for in the person's own row")

    def _meets(self, table: sa.Table, condition: Condition) -> Truth:
        today = self.now.date()
        match condition:
            case Known():
                return sa.true()
            case OneOf():
                return table.c.folded.in_(sorted(condition.folded))
            case Compared(sign, bound):
                return _stands(table, sign, bound, today)
            case Between(Number(low), Number(high)):
                return _known(table.c.number, table.c.number.between(low, high))
            case Between(Day(low), Day(high)):
                return _known(table.c.day, table.c.day.between(low, high))
            case Between():
                return sa.false()
            case ComingUp(days, yearly=True):
                coming = day_of_year(table.c.day).in_(sorted(month_days(today, days)))
                return _known(table.c.day, coming)
            case ComingUp() as coming_up:
                return _known(table.c.day, table.c.day.between(today, coming_up.until(today)))

    def _within(self, at: sa.ColumnElement[datetime], condition: Condition) -> Truth:
        wanted = moments(condition, self.now)
        if wanted is None:
            return sa.false()
        since, until = wanted
        bounds = [*([at >= since] if since else ()), *([at < until] if until else ())]
        return sa.and_(at.is_not(None), *bounds)

    def _last(self, activity: Activity, condition: Condition, who: sa.FromClause) -> Truth:
        """It happened within the interval, and not again after it."""
        wanted = moments(condition, self.now)
        if wanted is None:
            return sa.false()
        since, until = wanted
        person, at, happened = _HAPPENED[activity]
        within = _Rows(person, sa.and_(happened, at >= since) if since else happened)
        found = who.c.id.in_(within.ids())
        if until is None:
            return found
        return sa.and_(found, _Rows(person, sa.and_(happened, at >= until)).none_of(who))


_HAPPENED: dict[Activity, tuple[sa.Column[Any], sa.Column[Any], Truth]] = {
    "answered": (answers.c.person_id, answers.c.at, sa.true()),
    "reached": (
        deliveries.c.person_id,
        deliveries.c.updated_at,
        sa.and_(deliveries.c.person_id.is_not(None), deliveries.c.best.in_(sorted(REACHED))),
    ),
    "clicked": (
        events.c.person_id,
        events.c.received_at,
        sa.and_(events.c.person_id.is_not(None), events.c.kind == "ButtonPressed"),
    ),
}
"""Where the ledger keeps what happened: whose row it is, when, and which rows count."""


def _known(column: sa.Column[Any], compares: Truth) -> Truth:
    return sa.and_(column.is_not(None), compares)


def _stands(table: sa.Table, sign: Operator, bound: Bound, today: date) -> Truth:
    match bound:
        case Number(number):
            return _known(table.c.number, COMPARE[sign](table.c.number, number))
        case Day(day):
            return _known(table.c.day, COMPARE[sign](table.c.day, day))
        case Ago():
            compare, since = days_ago(sign, bound, today)
            return _known(table.c.day, sa.and_(compare(table.c.day, since), table.c.day <= today))


def _speaks(who: sa.FromClause, language: str) -> Truth:
    spoken, wanted = sa.func.lower(who.c.language), language.lower()
    same = sa.or_(spoken == wanted, spoken.startswith(f"{wanted}-", autoescape=True))
    return sa.and_(who.c.language.is_not(None), same)


def _together(sets: Sequence[sa.Select[Any]]) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    return sets[0] if len(sets) == 1 else sa.union_all(*sets)
