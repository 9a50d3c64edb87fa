"""Segments as SQL, the twin of vestnik.segment: leaves as rows, a segment as a condition on ids.

As a condition, each leaf asks whether there is such a row of the person, and `IS TRUE` keeps
PostgreSQL from making a join of that: it reads the rows once, hashes whose they are, and looks each
person up. That is for pages, freezing and answers; `storage.folding` counts by the same rows.
"""

from collections.abc import Callable, Mapping, Sequence
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
    Not,
    On,
    Segment,
    Source,
    Speaks,
    Targeted,
)
from vestnik.segment import Any as AnyOf
from vestnik.states import REACHED

Truth = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table that are as they have to be, and whose they are."""

    person: sa.ColumnElement[Any]
    where: Sequence[Truth]


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened since the interval began, and which of it was `again`, after its end."""

    rows: Rows
    again: Truth

    def last(self, who: sa.ColumnElement[Any]) -> Truth:
        """It happened to the person within the interval, and not again after it."""
        person, where = self.rows.person, self.rows.where
        within = there(person, who, *where)
        return sa.and_(within, sa.not_(there(person, who, *where, self.again)))


@dataclass(frozen=True, slots=True)
class Matching:
    """Says of ids of people whether they belong; the zone of `now` says when days begin."""

    now: datetime

    def holds(self, segment: Segment, who: sa.ColumnElement[Any]) -> Truth:
        """The person belongs to the segment; true or false, never null."""
        match segment:
            case All(parts):
                return sa.and_(sa.true(), *(self.holds(part, who) for part in parts))
            case AnyOf(parts):
                return sa.or_(sa.false(), *(self.holds(part, who) for part in parts))
            case Not(part):
                return sa.not_(self.holds(part, who))
            case Active():
                happened = self.happened(segment)
                return sa.false() if happened is None else happened.last(who)
            case leaf:
                return sa.or_(*(there(it.person, who, *it.where) for it in self.rows(leaf)))

    def rows(self, leaf: Fact | Consented | On | Speaks | Targeted) -> Sequence["Rows"]:
        """The leaf holds of whoever has a row in any of these."""
        match leaf:
            case Fact(name, condition, source):
                return [self._told(it, name, condition) for it in _TOLD[source]]
            case Consented(purpose):
                agreed = standings.alias()
                return [Rows(agreed.c.person_id, (agreed.c.purpose == purpose, agreed.c.granted))]
            case On(channel):
                place = addresses.alias()
                return [Rows(place.c.person_id, (place.c.channel == channel, place.c.reachable))]
            case Speaks(language):
                person = people.alias()
                return [Rows(person.c.id, (_speaks(person.c.language, language),))]
            case Targeted(broadcast, reached):
                sent = deliveries.alias()
                arrived = (sent.c.best.in_(sorted(REACHED)),) if reached else ()
                return [Rows(sent.c.person_id, (sent.c.broadcast_id == broadcast, *arrived))]

    def happened(self, leaf: Active) -> "Happened | None":
        """What the leaf holds by; None where no time is as it says."""
        wanted = moments(leaf.condition, self.now)
        if wanted is None:
            return None
        since, until = wanted
        person, at, happened = _HAPPENED[leaf.activity]()
        rows = Rows(person, (happened, *((at >= since,) if since else ())))
        return Happened(rows, at >= until if until else sa.false())

    def _told(self, table: sa.Table, name: str, condition: Condition) -> "Rows":
        known = table.alias()
        named = known.c["question" if table is answers else "name"] == name
        return Rows(known.c.person_id, (named, self._meets(known, condition)))

    def _meets(self, table: sa.FromClause, condition: Condition) -> Truth:
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


_TOLD: Mapping[Source, Sequence[sa.Table]] = {
    "answers": [answers],
    "profile": [profile],
    "anywhere": [answers, profile],
}
"""Where the ledger keeps what is known."""

Happenings = tuple[sa.ColumnElement[Any], sa.ColumnElement[Any], Truth]
"""Rows of what happened: whose they are, when it was, and which of them count."""


def _seen() -> Happenings:
    person = people.alias()
    return person.c.id, person.c.seen_at, person.c.seen_at.is_not(None)


def _answered() -> Happenings:
    told = answers.alias()
    return told.c.person_id, told.c.at, sa.true()


def _reached() -> Happenings:
    sent = deliveries.alias()
    return sent.c.person_id, sent.c.updated_at, sent.c.best.in_(sorted(REACHED))


def _clicked() -> Happenings:
    pressed = events.alias()
    return pressed.c.person_id, pressed.c.received_at, pressed.c.kind == "ButtonPressed"


_HAPPENED: Mapping[Activity, Callable[[], Happenings]] = {
    "seen": _seen,
    "answered": _answered,
    "reached": _reached,
    "clicked": _clicked,
}


def there(person: sa.ColumnElement[Any], who: sa.ColumnElement[Any], *where: Truth) -> Truth:
    """There is such a row of the person."""
    found = sa.exists().where(person == who, *where)
    return found.correlate_except(person.table).is_(sa.true())


def _known(column: sa.ColumnElement[Any], compares: Truth) -> Truth:
    return sa.and_(column.is_not(None), compares)


def _stands(table: sa.FromClause, sign: Operator, bound: Bound, today: date) -> Truth:
    match bound:
        case Number(number):
            return _known(table.c.number, COMPARE[sign](table.c.number, number))
        case Day(day):
            return _known(table.c.day, COMPARE[sign](table.c.day, day))
        case Ago():
            compare, since = days_ago(sign, bound, today)
            return _known(table.c.day, sa.and_(compare(table.c.day, since), table.c.day <= today))


def _speaks(spoken: sa.ColumnElement[Any], language: str) -> Truth:
    lower, wanted = sa.func.lower(spoken), language.lower()
    return sa.or_(lower == wanted, lower.startswith(f"{wanted}-", autoescape=True))
