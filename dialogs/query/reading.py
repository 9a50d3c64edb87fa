"""Reads a query into a segment. Pure.

A name means what the person answered under it or what a CRM says under it; `answers.city` and
`profile.city` mean one of them. `language`, `channel`, `consent`, `seen`, `answered`, `reached`
and `clicked` are known of everybody.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from dialogs.query.literals import literal, named
from dialogs.query.mistakes import MOST_CHARACTERS, MOST_DEPTH, MOST_PARTS, Mistake
from vestnik.address import ChannelName
from vestnik.conditions import (
    Ago,
    Between,
    ComingUp,
    Compared,
    Condition,
    Day,
    Known,
    Number,
    OneOf,
    Operator,
)
from vestnik.consent import Purpose
from vestnik.segment import (
    EVERYONE,
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

ACTIVITIES: tuple[Activity, ...] = get_args(Activity)
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
CHOICES = ("language", "channel", "consent")
EXAMPLE = 'city = "Казань" and not seen < 30d'
"""A query, for people who have not written one yet."""
BIRTHDAY = "birthday"
"""The name of the one day that comes up every year without saying so."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def parse(query: str) -> Segment:
    """The segment that a query means; raises Mistake, which says where it is not understood."""
    query = query.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if len(query) > MOST_CHARACTERS:
        raise Mistake("too_large", (1, 1))
    try:
        read: Any = _parser().parse(query)
    except UnexpectedInput as error:
        raise _mistake(query, error) from None
    built: _Built = read
    return built.segment


@dataclass(frozen=True, slots=True)
class _Built:
    """A segment, and how much of it there is."""

    segment: Segment
    depth: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a condition is about; `given` is how it was written."""

    name: str
    source: Source
    given: Token

    def special(self) -> str | None:
        """The name, where it is one of ours."""
        ours = self.source == "anywhere" and self.given.type == "NAME"
        return self.name if ours and self.name in (*ACTIVITIES, *CHOICES) else None

    def only_with(self, *wanted: str) -> Mistake:
        """It was given another operator."""
        return Mistake("goes_only_with", self.given, str(self.given), wanted)


@v_args(inline=True)
class _Builder(Transformer[Token, Any]):
    """Makes segments while the query is read, from the inside out."""

    def subject(self, *tokens: Token) -> _Subject:
        *prefix, given = tokens
        sources: dict[str, Source] = {"a": "answers", "p": "profile"}
        source = sources[prefix[0][0].lower()] if prefix else "anywhere"
        return _Subject(named(given), source, given)

    def any_of(self, *parts: _Built) -> _Built:
        return _combined(AnyOf, parts)

    def all_of(self, *parts: _Built) -> _Built:
        return _combined(All, parts)

    def none_of(self, part: _Built) -> _Built:
        return _bounded(Not(part.segment), [part])

    def compared(self, subject: _Subject, sign: Token, value: Token) -> _Built:
        negated = sign == "!="
        operator: Operator = "=" if negated else sign.value
        leaf = _leaf(subject, operator, value)
        return _bounded(Not(leaf), [_Built(leaf)]) if negated else _Built(leaf)

    def has(self, subject: _Subject, value: Token) -> _Built:
        return _Built(_leaf(subject, "=", value))

    def among(self, subject: _Subject, *values: Token) -> _Built:
        given = [literal(value) for value in values]
        if subject.special() is None and all(isinstance(it, str) for it in given):
            return _Built(_fact(subject, OneOf(tuple(str(it) for it in given))))
        return _combined(AnyOf, [_Built(_leaf(subject, "=", value)) for value in values])

    def between(self, subject: _Subject, low: Token, high: Token) -> _Built:
        bounds = literal(low), literal(high)
        match bounds:
            case (Number(), Number()) | (Day(), Day()):
                condition = Between(*bounds)
            case _:
                raise Mistake("bounds_differ", low, str(low))
        return _Built(_lasting(subject, condition, low))

    def coming_up(self, subject: _Subject, *tokens: Token) -> _Built:
        *yearly, given = tokens
        if subject.special():
            raise subject.only_with("=", "!=", "<", ">")
        every_year = bool(yearly) or subject.name == BIRTHDAY
        return _Built(_fact(subject, ComingUp(_whole_days(given).days, every_year)))

    def known(self, subject: _Subject, word: Token) -> _Built:
        if subject.special() in CHOICES:
            raise subject.only_with("=", "!=", "in")
        leaf = _lasting(subject, Known(), word)
        unknown = word.lower().startswith("un")
        return _bounded(Not(leaf), [_Built(leaf)]) if unknown else _Built(leaf)

    def targeted(self, number: Token) -> _Built:
        return _Built(Targeted(_whole(number)))

    def got(self, number: Token) -> _Built:
        return _Built(Targeted(_whole(number), reached=True))

    def everyone(self) -> _Built:
        return _Built(EVERYONE)

    def nobody(self) -> _Built:
        return _Built(AnyOf(()))


def _leaf(subject: _Subject, operator: Operator, value: Token) -> Segment:
    given, special = literal(value), subject.special()
    if special in CHOICES:
        if operator != "=":
            raise subject.only_with("=", "!=", "in")
        return _chosen(special, value, given)
    if isinstance(given, str):
        if special:
            raise Mistake("unexpected", value, str(value), ("DATE", "DURATION"))
        if operator != "=":
            raise Mistake("goes_only_with", value, str(value), ("=", "!=", "in", "has"))
        return _fact(subject, OneOf((given,)))
    return _lasting(subject, Compared(operator, given), value)


def _lasting(subject: _Subject, condition: Condition, value: Token) -> Segment:
    """A condition on what is known, or on the last time that something happened."""
    special = subject.special()
    if special in CHOICES:
        raise subject.only_with("=", "!=", "in")
    activity = next((it for it in ACTIVITIES if it == special), None)
    match condition:
        case Compared("=", Ago()) if activity:
            raise Mistake("goes_only_with", value, str(value), ("<", "<=", ">", ">="))
        case Compared(_, Number()) | Between(Number(), _) if activity:
            raise Mistake("unexpected", value, str(value), ("DATE", "DURATION"))
        case Compared(_, Ago()) if not activity:
            _whole_days(value)
        case _:
            pass
    return Active(activity, condition) if activity else _fact(subject, condition)


def _fact(subject: _Subject, condition: Condition) -> Fact:
    return Fact(subject.name, condition, subject.source)


def _chosen(special: str | None, value: Token, given: object) -> Segment:
    said = str(value) if not isinstance(given, str) else given
    if special == "channel":
        return On(ChannelName(said))
    if special == "language":
        if not _LANGUAGE.fullmatch(said):
            raise Mistake("no_such", value, said, ("ru", "en", "pt-BR"))
        return Speaks(said)
    purpose = next((it for it in PURPOSES if it == said), None)
    if purpose is None:
        raise Mistake("no_such", value, said, PURPOSES)
    return Consented(purpose)


def _whole_days(given: Token) -> Ago:
    ago = literal(given)
    if not isinstance(ago, Ago) or ago.hours % 24:
        raise Mistake("whole_days", given, str(given))
    return ago


def _whole(number: Token) -> int:
    if not number.isdecimal() or len(number) > 18:
        raise Mistake("unexpected", number, str(number), ("NUMBER",))
    return int(number)


def _combined(
    how: Callable[[tuple[Segment, ...]], Segment], parts: "tuple[_Built, ...] | list[_Built]"
) -> _Built:
    """The parts together; one part is itself."""
    if len(parts) == 1:
        return parts[0]
    return _bounded(how(tuple(it.segment for it in parts)), parts)


def _bounded(segment: Segment, parts: "tuple[_Built, ...] | list[_Built]") -> _Built:
    built = _Built(
        segment,
        depth=1 + max(it.depth for it in parts),
        parts=1 + sum(it.parts for it in parts),
    )
    if built.depth > MOST_DEPTH or built.parts > MOST_PARTS:
        raise Mistake("too_large", (1, 1))
    return built


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_Builder())


def _mistake(query: str, error: UnexpectedInput) -> Mistake:
    match error:
        case UnexpectedToken(token=Token(type="$END")):
            lines = query.rstrip().split("\n")
            return Mistake("ends_early", (len(lines), len(lines[-1]) + 1), "", _wanted(error))
        case UnexpectedToken():
            return Mistake("unexpected", error.token, str(error.token), _wanted(error))
        case UnexpectedCharacters():
            found = error.char
            place = error.line, error.column
            if found in "\"'«“„`":
                return Mistake("not_closed", place, found)
            return Mistake("unexpected", place, found, error.allowed)
        case _:
            raise error


def _wanted(error: UnexpectedToken) -> set[str]:
    wanted: set[str] = set(error.accepts)
    # What stands before has been put together already: it could have gone on.
    return wanted | {"_AND", "_OR"} if wanted <= {"$END", "RPAR"} else wanted
