"""Segments: a typed filter over people; this is its Python twin, `storage` holds the SQL one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from vestnik.address import ChannelName
from vestnik.consent import Purpose


@dataclass(frozen=True, slots=True)
class Answered:
    """Gave one of these answers to a question; without `values`, any answer."""

    question: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consented:
    """Agreed to a purpose and has not withdrawn."""

    purpose: Purpose


@dataclass(frozen=True, slots=True)
class On:
    """Has an address on the channel that was not closed."""

    channel: ChannelName


@dataclass(frozen=True, slots=True)
class SeenWithin:
    """Wrote to us within so many days."""

    days: int


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; with no part, everybody."""

    parts: tuple["Segment", ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds; with no part, nobody."""

    parts: tuple["Segment", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Segment"


Segment = Answered | Consented | On | SeenWithin | All | Any | Not

EVERYONE = All()


@dataclass(frozen=True, slots=True)
class Profile:
    """What a segment looks at in one person."""

    answers: Mapping[str, frozenset[str]]
    consents: frozenset[Purpose]
    channels: frozenset[ChannelName]
    seen_at: datetime | None


def matches(segment: Segment, person: Profile, now: datetime) -> bool:
    """Whether the person belongs to the segment."""
    match segment:
        case Answered(question, values):
            given = person.answers.get(question, frozenset())
            return bool(given & set(values)) if values else bool(given)
        case Consented(purpose):
            return purpose in person.consents
        case On(channel):
            return channel in person.channels
        case SeenWithin(days):
            return person.seen_at is not None and person.seen_at >= now - timedelta(days=days)
        case All(parts):
            return all(matches(part, person, now) for part in parts)
        case Any(parts):
            return any(matches(part, person, now) for part in parts)
        case Not(part):
            return not matches(part, person, now)
