"""The wizard of a broadcast: a draft, and what each answer makes of it. Pure.

Text, audience, template, preview: every button works at any moment of its draft, so nobody has to
scroll back; what was previewed is void as soon as anything changes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from vestnik.conditions import OneOf
from vestnik.outbound import Media
from vestnik.richtext import RichText
from vestnik.segment import EVERYONE, All, Fact, Segment, answered

Stage = Literal["text", "audience", "values", "template", "preview"]

LIVES = timedelta(hours=12)
"""A draft that nobody touched for so long does not take plain talk for an answer any more."""

MOST_VALUES = 20
"""Answers that are offered of one question, the most frequent."""


class Choice(StrEnum):
    """What a button chooses; ASK, TICK, TOPIC and OPEN carry what they are about behind a dot."""

    EVERYBODY = "all"
    GO_ON = "next"
    ASK = "ask"
    TICK = "tick"
    TICKED = "done"
    TEMPLATE = "template"
    NO_TEMPLATE = "free"
    TOPIC = "topic"
    OPEN = "go"
    NEW_TEXT = "text"
    NEW_AUDIENCE = "who"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A broadcast in the making.

    `serial` ties buttons to it. `after_text` is where a new text leads. `typed` is the
    audience as a query said it, and `conditions` were ticked. `question` is the one whose values
    are being ticked, `offered` are these values. `template` is the name of the one to use, `topic`
    the id of what it is about, both empty for none. `opens` are the entries of the scenario to
    which its buttons lead. `broadcast_id` is the campaign's row once there is a preview.
    """

    serial: str
    touched_at: datetime
    stage: Stage = "text"
    after_text: Stage = "audience"
    body: RichText | None = None
    media: tuple[Media, ...] = ()
    typed: Segment | None = None
    conditions: tuple[Fact, ...] = ()
    question: str = ""
    offered: tuple[str, ...] = ()
    template: str = ""
    topic: str = ""
    opens: tuple[str, ...] = ()
    broadcast_id: int | None = None

    @property
    def segment(self) -> Segment:
        """Everybody, or those for whom all conditions hold."""
        return self._all(self.conditions)

    @property
    def chooses(self) -> bool:
        """Whether it is for anybody less than everybody."""
        return self.typed is not None or bool(self.conditions)

    @property
    def others(self) -> Segment:
        """The segment without the condition that is being ticked."""
        return self._all(tuple(it for it in self.conditions if it.name != self.question))

    @property
    def ticked(self) -> tuple[str, ...]:
        """The values that are ticked of the question at hand."""
        for it in self.conditions:
            if it.name == self.question and isinstance(it.condition, OneOf):
                return it.condition.values
        return ()

    def expired(self, now: datetime) -> bool:
        """Whether it was left lying."""
        return now - self.touched_at > LIVES

    def _all(self, conditions: tuple[Fact, ...]) -> Segment:
        typed = (self.typed,) if self.typed is not None else ()
        return All((*typed, *conditions)) if typed or conditions else EVERYONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the caller knows: the template and the topics there are, the answers to a question."""

    template: str = ""
    topics: Collection[str] = ()
    values: Sequence[str] = ()


def asked_for(choice: str) -> str | None:
    """The question that a choice opens: the caller has to know its values."""
    name, _, argument = choice.partition(".")
    return argument if name == Choice.ASK else None


def written(draft: Draft, body: RichText, media: tuple[Media, ...] = ()) -> Draft:
    """The draft with its text, and the picture whose caption it is."""
    return replace(draft, body=body, media=media, stage=draft.after_text, broadcast_id=None)


def queried(draft: Draft, segment: Segment) -> Draft:
    """The draft for the people whom a query means, and nobody else."""
    return replace(draft, typed=segment, conditions=(), stage="audience", broadcast_id=None)


def pressed(draft: Draft, choice: str, facts: Facts) -> Draft | None:
    """The draft after a choice; None where it means nothing."""
    draft = replace(draft, broadcast_id=None)
    name, _, argument = choice.partition(".")
    if name == Choice.NEW_TEXT:
        leads: Stage = "preview" if draft.stage == "preview" else "audience"
        return replace(draft, stage="text", after_text=leads)
    if draft.body is None:
        return None
    match name:
        case Choice.EVERYBODY:
            return _onward(replace(draft, typed=None, conditions=()), facts)
        case Choice.GO_ON:
            return _onward(draft, facts)
        case Choice.ASK:
            return _opened(replace(draft, stage="values", question=argument), facts)
        case Choice.TICK:
            return _tick(draft, argument)
        case Choice.TICKED | Choice.NEW_AUDIENCE:
            return replace(draft, stage="audience", question="", offered=())
        case Choice.TEMPLATE if facts.template:
            return replace(draft, stage="preview", template=facts.template)
        case Choice.OPEN:
            return replace(draft, stage="preview", opens=_toggled(draft.opens, argument))
        case Choice.NO_TEMPLATE:
            return replace(draft, stage="preview", template="")
        case Choice.TOPIC if draft.stage == "preview" and (
            not argument or argument in facts.topics
        ):
            return replace(draft, topic=argument)
        case _:
            return None


def _opened(draft: Draft, facts: Facts) -> Draft:
    # What was ticked before stays on offer, however rare it is.
    return replace(draft, offered=tuple(dict.fromkeys((*facts.values, *draft.ticked))))


def _onward(draft: Draft, facts: Facts) -> Draft:
    stage: Stage = "template" if facts.template else "preview"
    return replace(draft, stage=stage, question="", offered=())


def _tick(draft: Draft, argument: str) -> Draft | None:
    """Tick or untick a value; the last tick gone, the condition goes too."""
    question, _, place = argument.rpartition(".")
    if question != draft.question or not place.isdecimal() or int(place) >= len(draft.offered):
        return None
    ticks = set(draft.ticked) ^ {draft.offered[int(place)]}
    values = tuple(value for value in draft.offered if value in ticks)
    kept = tuple(it for it in draft.conditions if it.name != question)
    added = (answered(question, values),) if values else ()
    return replace(draft, stage="values", conditions=kept + added)


def _toggled(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    kept = tuple(it for it in names if it != name)
    return kept if name in names else (*names, name)
