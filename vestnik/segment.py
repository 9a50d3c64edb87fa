"""Segments: a typed filter over people; this is its Python twin, `storage` holds the SQL one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from vestnik.address import ChannelName
from vestnik.conditions import KNOWN, Condition, OneOf, meets, moments
from vestnik.consent import Purpose
from vestnik.values import typed

Source = Literal["anywhere", "answers", "profile"]
"""Where something is known from: the person's own answers, or columns of a CRM."""

Activity = Literal["seen", "answered", "reached", "clicked"]
"""What may have happened last: they wrote, answered a question, got a message, pressed a button."""

TAGS = "tags"
"""The name under which a person's tags are known."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something is known under a name, and one of its values is as the condition says."""

    name: str
    condition: Condition = KNOWN
    source: Source = "anywhere"


@dataclass(frozen=True, slots=True)
class Active:
    """It happened, and its last time is as the condition says."""

    activity: Activity
    condition: Condition = KNOWN


@dataclass(frozen=True, slots=True)
class Consented:
    """Agreed to a purpose and has not withdrawn."""

    purpose: Purpose


@dataclass(frozen=True, slots=True)
class On:
    """Has an address on the channel that was not closed."""

    channel: ChannelName


@dataclass(frozen=True, slots=True)
class Speaks:
    """Is spoken to in a language, or in a variety of it: "pt" is also "pt-BR"."""

    language: str


@dataclass(frozen=True, slots=True)
class Targeted:
    """Was in the audience of a broadcast; `reached`: and it arrived."""

    broadcast: int
    reached: bool = False


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


Leaf = Fact | Active | Consented | On | Speaks | Targeted
Segment = Leaf | All | Any | Not

EVERYONE = All()


def answered(question: str, values: tuple[str, ...] = ()) -> Fact:
    """Gave one of these answers to a question; without `values`, any answer."""
    return Fact(question, OneOf(values) if values else KNOWN, "answers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a segment looks at in one person.

    `last` are the last times of what happened; `broadcasts` are those that had the person in
    their audience, and whether they arrived.
    """

    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    consents: frozenset[Purpose] = frozenset()
    channels: frozenset[ChannelName] = frozenset()
    language: str | None = None
    last: Mapping[Activity, datetime] = field(default_factory=dict)
    broadcasts: Mapping[int, bool] = field(default_factory=dict)

    def known(self, name: str, source: Source) -> frozenset[str]:
        """The values under a name."""
        told = self.answers.get(name, frozenset()) if source != "profile" else frozenset()
        imported = self.columns.get(name, frozenset()) if source != "answers" else frozenset()
        return told | imported


def matches(segment: Segment, person: Profile, now: datetime) -> bool:
    """Whether the person belongs to the segment; the zone of `now` says when days begin."""
    match segment:
        case All(parts):
            return all(matches(part, person, now) for part in parts)
        case Any(parts):
            return any(matches(part, person, now) for part in parts)
        case Not(part):
            return not matches(part, person, now)
        case Fact(name, condition, source):
            values = person.known(name, source)
            return any(meets(typed(value), condition, now.date()) for value in values)
        case Active(activity, condition):
            return _happened(person.last.get(activity), condition, now)
        case Consented(purpose):
            return purpose in person.consents
        case On(channel):
            return channel in person.channels
        case Speaks(language):
            spoken, wanted = (person.language or "").lower(), language.lower()
            return spoken == wanted or spoken.startswith(f"{wanted}-")
        case Targeted(broadcast, reached):
            return person.broadcasts.get(broadcast, False) or (
                not reached and broadcast in person.broadcasts
            )


def _happened(last: datetime | None, condition: Condition, now: datetime) -> bool:
    wanted = moments(condition, now)
    if last is None or wanted is None:
        return False
    since, until = wanted
    return (since is None or last >= since) and (until is None or last < until)
