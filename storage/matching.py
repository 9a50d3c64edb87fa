"""Segments as SQL: the twin of vestnik.segment, as a condition on ids of people.

Each leaf asks whether there is such a row of the person, and `IS TRUE` keeps PostgreSQL from making
a join of that: it reads the rows once, hashes whose they are, and looks each person up. So a
statement has one shape, and one speed, whatever is combined. SQLite goes by its indexes.
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
            case Fact(name, condition, source):
                return sa.or_(*(self._told(it, name, condition, who) for it in _TOLD[source]))
            case Active(activity, condition):
                return self._happened(activity, condition, who)
            case Consented(purpose):
                agreed = standings.alias()
                granted = (agreed.c.purpose == purpose, agreed.c.granted)
                return there(agreed.c.person_id, who, *granted)
            case On(channel):
                place = addresses.alias()
                reachable = (place.c.channel == channel, place.c.reachable)
                return there(place.c.person_id, who, *reachable)
            case Speaks(language):
                person = people.alias()
                return there(person.c.id, who, _speaks(person.c.language, language))
            case Targeted(broadcast, reached):
                sent = deliveries.alias()
                arrived = (sent.c.best.in_(sorted(REACHED)),) if reached else ()
                return there(sent.c.person_id, who, sent.c.broadcast_id == broadcast, *arrived)

    def _told(
        self, table: sa.Table, name: str, condition: Condition, who: sa.ColumnElement[Any]
    ) -> Truth:
        known = table.alias()
        named = known.c["question" if table is answers else "name"] == name
        return there(known.c.person_id, who, named, self._meets(known, condition))

    def _happened(
        self, activity: Activity, condition: Condition, who: sa.ColumnElement[Any]
    ) -> Truth:
        """It happened within the interval, and not again after it."""
        wanted = moments(condition, self.now)
        if wanted is None:
            return sa.false()
        since, until = wanted
        person, at, happened = _HAPPENED[activity]()
        within = there(person, who, happened, *((at >= since,) if since else ()))
        if until is None:
            return within
        return sa.and_(within, sa.not_(there(person, who, happened, at >= until)))

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
