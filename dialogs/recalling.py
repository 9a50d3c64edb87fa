"""What a dialog knows by name when it says something or branches: its variables' values."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.answering import compare, shown
from dialogs.facts import Answer, ConsentGiven, ConsentRefused, Fact
from dialogs.moves import Case
from dialogs.session import Scene, Session
from dialogs.steps import Ask

FIRST_YEAR, LAST_YEAR = 1900, 2999

YES = "yes"
"""The value of a consent that is given."""


def all_values(scene: Scene, session: Session, facts: Sequence[Fact]) -> dict[str, Any]:
    """The values of all variables, as people read them; `facts` are this turn's so far."""
    context = scene.context
    return {
        "name": context.name,
        "language": context.language,
        "channel": context.channel,
        "answers": {
            question: ", ".join(_shown(scene, question, value) for value in values)
            for question, values in _answers(scene, facts).items()
        },
        "consents": dict.fromkeys(_granted(scene, facts), YES),
        **{
            space: {name: _local(value, context.zone) for name, value in values.items()}
            for space, values in session.values.items()
        },
    }


def value_of(path: str, scene: Scene, session: Session, facts: Sequence[Fact]) -> tuple[str, ...]:
    """The values of a variable as they are stored; none where it has none."""
    space, _, name = path.partition(".")
    if space == "answers":
        return tuple(_answers(scene, facts).get(name, ()))
    if space == "consents":
        return (YES,) if name in _granted(scene, facts) else ()
    context = scene.context
    own = {"name": context.name, "language": context.language, "channel": context.channel}
    value = session.values.get(space, {}).get(name, "") if name else own.get(space, "")
    return (value,) if value else ()


def holds(case: Case, scene: Scene, session: Session, facts: Sequence[Fact]) -> bool:
    """Whether a condition is met; of several answers one is enough."""
    return any(_fits(case, value, scene) for value in value_of(case.when, scene, session, facts))


def moment(written: str, zone: ZoneInfo) -> datetime | None:
    """The time that a value tells (ISO 8601; in `zone` unless it says), None if it tells none.

    A time of another epoch is none: nobody waits for it, and there is no reckoning with it.
    """
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _local(value: str, zone: ZoneInfo) -> str:
    """A time by the clock of the house: nobody is to come by the clock of another zone."""
    at = moment(value, zone) if "T" in value else None
    return value if at is None else at.astimezone(zone).isoformat()


def _fits(case: Case, value: str, scene: Scene) -> bool:
    if case.among and value not in case.among:
        return False
    if case.within is not None:
        at = moment(value, scene.context.zone)
        if at is None or at - scene.now > case.within:
            return False
    if case.at_least is not None and compare(value, case.at_least) < 0:
        return False
    return case.at_most is None or compare(value, case.at_most) <= 0


def _answers(scene: Scene, facts: Sequence[Fact]) -> dict[str, Sequence[str]]:
    told = {fact.question: fact.values for fact in facts if isinstance(fact, Answer)}
    return {**scene.context.answers, **told}


def _granted(scene: Scene, facts: Sequence[Fact]) -> set[str]:
    granted = set[str](scene.context.granted)
    for fact in facts:
        if isinstance(fact, ConsentGiven):
            granted.add(fact.purpose)
        elif isinstance(fact, ConsentRefused):
            granted.discard(fact.purpose)
    return granted


def _shown(scene: Scene, question: str, value: str) -> str:
    step, language = scene.scenario.steps.get(question), scene.context.language
    if isinstance(step, Ask) and step.answer is None:
        return step.shown(value, language)
    return shown(value, scene.context.languages, language)
