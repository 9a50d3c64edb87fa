"""How a segment is written in JSON, and its translation to vestnik.segment and back. Pure."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from app.api.view import Body, Name, Words
from dialogs.languages import Languages
from dialogs.query.mistakes import MOST_CHARACTERS, MOST_DEPTH, MOST_PARTS, Mistake
from dialogs.query.reading import parse
from dialogs.query.writing import write as write_query
from vestnik.address import ChannelName
from vestnik.conditions import Ago, Compared, Known, OneOf
from vestnik.consent import Purpose
from vestnik.segment import Active, All, Any, Consented, Fact, Not, On, Segment, answered

MOST_DAYS = 3650

Answer = Annotated[Words, Field(min_length=1, max_length=255)]


def _understood(query: str) -> str:
    try:
        parse(query)
    except Mistake as mistake:
        raise ValueError(mistake.told(Languages(), "en")) from None
    return query


Query = Annotated[Words, Field(max_length=MOST_CHARACTERS), AfterValidator(_understood)]
"""A segment in words."""


class SegmentFilter(Body):
    """Who is meant: people for whom every key of the object holds; `{}` is everybody."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {},
                {"question": "city", "in": ["Казань", "Самара"], "consent": "advertising"},
                {"all": [{"seen_within_days": 30}, {"not": {"channel": "vk"}}]},
            ]
        }
    )

    all: list["SegmentFilter"] | None = Field(None, description="every one of these holds")
    any: list["SegmentFilter"] | None = Field(None, description="at least one of these holds")
    not_: "SegmentFilter | None" = Field(None, alias="not", description="this does not hold")
    question: Name | None = Field(None, description="answered this question of the scenario")
    in_: list[Answer] | None = Field(
        None,
        alias="in",
        min_length=1,
        max_length=100,
        description="with `question`: gave one of these answers; without it, any answer",
    )
    consent: Purpose | None = Field(None, description="agreed to it and has not withdrawn")
    channel: Name | None = Field(None, description="can be written to on this channel")
    seen_within_days: int | None = Field(
        None, ge=1, le=MOST_DAYS, description="wrote to us within so many days"
    )
    query: Query | None = Field(
        None, description='what else there is, in words: `ltv > 1000 and tags has "vip"`'
    )

    @model_validator(mode="after")
    def _answers_are_to_a_question(self) -> "SegmentFilter":
        if self.in_ is not None and self.question is None:
            raise ValueError("`in` lists answers: say to which `question`")
        return self

    @model_serializer(mode="wrap")
    def _only_what_is_said(self, as_usual: SerializerFunctionWrapHandler) -> dict[str, object]:
        return {key: value for key, value in as_usual(self).items() if value is not None}


def _bounded(given: SegmentFilter) -> SegmentFilter:
    depths = list(_depths(given, 1))
    if max(depths) > MOST_DEPTH:
        raise ValueError(f"a segment is at most {MOST_DEPTH} deep")
    if len(depths) > MOST_PARTS:
        raise ValueError(f"a segment has at most {MOST_PARTS} parts, this one has {len(depths)}")
    return given


def _depths(given: SegmentFilter, depth: int) -> Iterator[int]:
    yield depth
    below = [*(given.all or ()), *(given.any or ()), *([given.not_] if given.not_ else ())]
    for part in below:
        yield from _depths(part, depth + 1)


Bounded = Annotated[SegmentFilter, AfterValidator(_bounded)]
"""A segment as callers may give it."""


def read(given: SegmentFilter) -> Segment:
    """The segment that the JSON means; an object of one key is that part itself."""
    parts = tuple(_parts(given))
    return parts[0] if len(parts) == 1 else All(parts)


def _parts(given: SegmentFilter) -> Iterator[Segment]:
    if given.all is not None:
        yield All(tuple(read(part) for part in given.all))
    if given.any is not None:
        yield Any(tuple(read(part) for part in given.any))
    if given.not_ is not None:
        yield Not(read(given.not_))
    if given.question is not None:
        yield answered(given.question, tuple(given.in_ or ()))
    if given.consent is not None:
        yield Consented(given.consent)
    if given.channel is not None:
        yield On(ChannelName(given.channel))
    if given.seen_within_days is not None:
        yield _seen_within(given.seen_within_days)
    if given.query is not None:
        yield parse(given.query)


def write(segment: Segment) -> SegmentFilter:
    """The segment as JSON; `read` gives the same people again."""
    match segment:
        case All(()):
            return _of()
        case All(parts):
            return _of(all=[write(part) for part in parts])
        case Any(parts):
            return _of(any=[write(part) for part in parts])
        case Not(part):
            return _of(not_=write(part))
        case Fact(question, Known(), "answers"):
            return _of(question=question)
        case Fact(question, OneOf(values), "answers"):
            return _of(question=question, in_=list(values))
        case Consented(purpose):
            return _of(consent=purpose)
        case On(channel):
            return _of(channel=channel)
        case Active("seen", Compared("<=", Ago(hours))) if segment == _seen_within(hours // 24):
            return _of(seen_within_days=hours // 24)
        case _:
            return _of(query=write_query(segment))


def _seen_within(days: int) -> Active:
    return Active("seen", Compared("<=", Ago(24 * days)))


def _of(**said: object) -> SegmentFilter:
    """What is stored is shown as it is, whether or not it could be asked for today."""
    return SegmentFilter.model_construct(None, **said)
