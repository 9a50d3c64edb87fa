"""From step to step: says what lies on the way and stops where the person is asked something."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dialogs import proof, recalling
from dialogs.facts import (
    NO_WORDS,
    CallWanted,
    ConsentGiven,
    ContinuationWanted,
    Fact,
    HandoverWanted,
)
from dialogs.moves import Branch, Call, Wait
from dialogs.parts import said_in
from dialogs.questions import Asking, approved, question, spoken
from dialogs.scenario import Scenario
from dialogs.session import Heard, Scene, Session, Turn
from dialogs.steps import Ask, Consent, End, Handover, Phone, Say, Speaking
from dialogs.variables import Words
from vestnik.inbound import ButtonPressed
from vestnik.outbound import Template, Text
from vestnik.richtext import RichText

Says = tuple[Text, ...]
Facts = tuple[Fact, ...]


def plain(text: str) -> Text:
    """A message without styles or buttons."""
    return Text(RichText(text))


def waiting(scenario: Scenario, session: Session) -> Asking | None:
    """The step whose question the person is to answer; None when there is none (any more)."""
    step = scenario.steps.get(session.at)
    return step if isinstance(step, Asking) else None


def ask(scene: Scene, session: Session, says: Says = (), facts: Facts = ()) -> Turn:
    """The turn that says something and then puts the question that waits, if one does."""
    step = waiting(scene.scenario, session)
    if step is None:
        return Turn(session, says, facts)
    shown = replace(session, shown_in=scene.context.language)
    if session.aside is None:
        shown = shown.stopped(step.id, scene.now, _patience(step, shown))
    values, language = lambda: _values(scene, session, facts), scene.context.language
    text = question(step, shown, scene.context, values)
    outside = approved(step, text, language, values) if isinstance(step, Ask) else None
    return Turn(shown, (*says, text), facts, outside=outside)


def stay(scene: Scene, session: Session, note: str, facts: Facts = ()) -> Turn:
    """The turn that says a note and puts the question again."""
    return ask(scene, session, (plain(note),), facts)


def follow(scene: Scene, heard: Heard) -> Turn:
    """What follows from what a step has heard."""
    says = (plain(heard.hint),) if heard.hint else ()
    if heard.to is None:
        turn = ask(scene, heard.session, says, heard.facts)
        return replace(turn, redraws=heard.redraws and isinstance(scene.event, ButtonPressed))
    if heard.session.aside is not None:
        return _back(scene, heard)
    return go_on(scene, heard.session, heard.to, says, heard.facts)


def go_on(
    scene: Scene, session: Session, to: str | None, says: Says = (), facts: Facts = ()
) -> Turn:
    """The turn that walks on from a step to the next question, or to the end.

    A consent that is given in these very words is not asked for again, nor a phone that is known.
    A step that is met twice on the way ends the walk: whoever wrote the scenario was told so, and
    no person is kept in a circle.
    """
    passed, outside = set[str](), None
    while to is not None and to not in passed:
        passed.add(to)
        step = scene.scenario.steps[to]
        to = step.next
        match step:
            case Say(say=texts) | End(end=texts) | Handover(handover=texts):
                said, template = _told(scene, session, step, texts, facts)
                says, outside = (*says, said), template or outside
                if isinstance(step, Handover):
                    facts = (*facts, HandoverWanted(_note(scene, session, step, facts)))
            case Branch():
                to = _branched(scene, session, step, facts)
            case Consent() if scene.context.granted.get(step.consent) == step.version:
                pass
            case Phone() if (known := proof.known(scene)) is not None:
                facts = (*facts, *known)
            case Wait():
                facts = (*facts, *_later(scene, session, step))
                to = None
            case Call():
                facts = (*facts, _call(scene, session, step, facts))
                return Turn(session.stopped(step.id, scene.now, None), says, facts)
            case Ask() | Consent() | Phone():
                turn = ask(scene, session.stopped(step.id, scene.now, None), says, facts)
                return replace(turn, outside=turn.outside or outside)
    return Turn(session.over(), says, facts, outside=outside)


def _patience(step: Asking, session: Session) -> timedelta | None:
    """How long until the next reminder."""
    left = step.remind[session.reminded :] if isinstance(step, Ask) else ()
    return left[0].after if left else None


def _told(
    scene: Scene, session: Session, step: Speaking, texts: Mapping[str, Words], facts: Facts
) -> tuple[Text, Template | None]:
    values, language = lambda: _values(scene, session, facts), scene.context.language
    text = spoken(step, said_in(language, texts), language, values)
    return text, approved(step, text, language, values)


def _note(scene: Scene, session: Session, step: Handover, facts: Facts) -> RichText:
    if step.tells is None:
        return NO_WORDS
    words = said_in(scene.context.languages.closest(None), step.tells)
    return words.said(lambda: _values(scene, session, facts))


def _values(scene: Scene, session: Session, facts: Facts) -> Mapping[str, Any]:
    return recalling.all_values(scene, session, facts)


def _branched(scene: Scene, session: Session, step: Branch, facts: Facts) -> str | None:
    cases = (case for case in step.branch if recalling.holds(case, scene, session, facts))
    first = next(cases, None)
    return step.next if first is None else first.next


def _later(scene: Scene, session: Session, step: Wait) -> Facts:
    """The fact that the dialog goes on later; at once where the time to wait for is not known."""
    at, wait = scene.now, step.wait
    if wait.time is not None:
        at += wait.time
    elif wait.until is not None:
        [written, *_] = recalling.value_of(wait.until, scene, session, ()) or ("",)
        until = recalling.moment(written, scene.context.zone)
        at = max(at, (until or at) - (wait.before or timedelta()))
    return () if step.next is None else (ContinuationWanted(step.next, at, session.values),)


def _call(scene: Scene, session: Session, step: Call, facts: Facts) -> CallWanted:
    sends = {path: ", ".join(recalling.value_of(path, scene, session, facts)) for path in step.send}
    return CallWanted(step.id, step.call, sends, step.within)


def _back(scene: Scene, heard: Heard) -> Turn:
    """After a consent that was asked for beside the dialog, back to where the dialog was."""
    text, language = scene.context.languages.text, scene.context.language
    if any(isinstance(fact, ConsentGiven) for fact in heard.facts):
        note = text(language, "Thank you, noted. You can change it at any time: /settings")
    else:
        note = text(language, "All right, nothing will be sent.")
    return stay(scene, replace(heard.session, aside=None), note, heard.facts)
