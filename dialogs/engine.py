"""Advances a dialog by one message: pure; the caller stores the session with the facts."""

from dataclasses import replace
from datetime import datetime

from dialogs import hearing, proof
from dialogs.commands import Command, argument, parse
from dialogs.facts import Answer, HandoverWanted
from dialogs.moves import Call
from dialogs.scenario import Scenario
from dialogs.session import Context, Heard, Scene, Session, Turn
from dialogs.steps import Ask, Consent, Phone
from dialogs.walking import ask, follow, go_on, plain, stay, waiting
from dialogs.wishes import Wish
from vestnik.inbound import (
    ButtonPressed,
    ContactShared,
    MediaReceived,
    Personal,
    Started,
    TextReceived,
)
from vestnik.window import SESSION


def advance(
    scenario: Scenario, session: Session | None, event: Personal, now: datetime, context: Context
) -> Turn:
    """What to say to a message, and what became known by it; never raises.

    `session` is the stored one, however old, None for a stranger; the turn's takes its place.
    Opt-out words, commands and the preferences' buttons are handled by the caller before this;
    START, whatever it was typed as, and the wish for a human belong here.
    """
    file = isinstance(event, MediaReceived)
    if file and session is not None and session.gets_more_files(now):
        return Turn(session.heard(now))
    turn = _advance(Scene(scenario, event, now, context), session)
    return replace(turn, session=turn.session and replace(turn.session, files=file))


def goes_on(scenario: Scenario, session: Session | None, event: Personal, now: datetime) -> bool:
    """Whether a message belongs to a dialog under way, which is to end as it began."""
    if session is None or session.finished or session.expired(now):
        return False
    return session.step in scenario.steps and _opened(scenario, session, event) is None


def _advance(scene: Scene, session: Session | None) -> Turn:
    scenario, event, now = scene.scenario, scene.event, scene.now
    if isinstance(event, TextReceived) and parse(event.text) is Command.PERSON:
        return Turn(session and session.heard(now), facts=(HandoverWanted(),))
    if session is None or session.scenario != scenario.name:
        return _begin(scene, session)
    opened = _opened(scenario, session, event)
    if opened is not None:
        return _begin(scene, session) if _anew(session, event, now) else Turn(session)
    asked = _asked(scenario, session)
    if not session.finished and (not asked or session.expired(now)):
        return _welcome_back(scene, session)
    if session.expired(now):
        session = replace(session, aside=None)
    if session.version != scenario.version:
        session = replace(session, version=scenario.version)
        step = waiting(scenario, session)
        if isinstance(step, Consent):
            # The words may be others than those that were shown: nobody agrees to them unread.
            return stay(scene, session.heard(now), hearing.hint(scene, step))
    return _heard(scene, session)


def repeat(scenario: Scenario, session: Session, now: datetime, context: Context) -> Turn:
    """Puts the question that waits once more: after a command, or in another language."""
    if session.expired(now):
        return Turn(session)
    return ask(Scene(scenario, None, now, context), session)


def reask(
    scenario: Scenario, session: Session | None, step: Consent, now: datetime, context: Context
) -> Turn:
    """Asks for one of the scenario's consents beside the dialog, as the preferences want it.

    Only the answer to this question grants it; then the dialog goes on where it was.
    """
    if session is None or session.expired(now) or session.scenario != scenario.name:
        session = fresh(scenario, session, now)
    aside = None if session.step == step.id else step.id
    scene = Scene(scenario, None, now, context)
    return ask(scene, replace(session.heard(now), aside=aside))


def fresh(scenario: Scenario, before: Session | None, now: datetime) -> Session:
    """A session at no step yet; ticks stay ticked, and codes of the same day stay counted."""
    return Session(
        scenario=scenario.name,
        version=scenario.version,
        started_at=now,
        heard_at=now,
        expires_at=now + SESSION,
        picked=before.picked if before else {},
        codes=before.codes if before and not before.expired(now) else 0,
    )


def _opened(scenario: Scenario, session: Session | None, event: Personal | None) -> str | None:
    """The step that a message opens, if it opens one.

    A keyword may also be an answer: where one is awaited, it is.
    """
    match event:
        case Started():
            return scenario.linked(_payload(event))
        case ButtonPressed(payload=Wish.START):
            return scenario.start
        case ButtonPressed(payload=payload):
            return scenario.pressed(payload)
        case TextReceived(text=text):
            if parse(text) is Command.START:
                return scenario.linked(_payload(event))
            awaited = session is not None and (not session.finished or session.aside)
            return None if awaited else scenario.opened_by(text)
        case _:
            return None


def _payload(event: Personal | None) -> str | None:
    """What the deep link carried that somebody came by, where they did."""
    match event:
        case Started(payload=payload):
            return payload
        case TextReceived(text=text) if parse(text) is Command.START:
            return argument(text)
        case _:
            return None


def _anew(session: Session, event: Personal | None, now: datetime) -> bool:
    """Whether it is no second half of a double press, nor a press that came in once more."""
    return not isinstance(event, ButtonPressed) or not session.repeats(event.payload, now)


def _asked(scenario: Scenario, session: Session) -> bool:
    """Whether somebody's answer is awaited: the person's, or another program's."""
    step = scenario.steps.get(session.step)
    return waiting(scenario, session) is not None or isinstance(step, Call)


def _begin(scene: Scene, before: Session | None) -> Turn:
    scenario, event = scene.scenario, scene.event
    session = fresh(scenario, before, scene.now)
    if payload := _payload(event):
        session = replace(session, values={"event": {"payload": payload}})
    if isinstance(event, ButtonPressed):
        session = replace(session, pressed=event.payload)
    return go_on(scene, session, _opened(scenario, None, event) or scenario.start)


def _welcome_back(scene: Scene, session: Session) -> Turn:
    """Begins anew after a long silence; an answer pressed after it still counts."""
    late = _late_answer(scene, session)
    begun = _begin(scene, late.session if late else session)
    text = scene.context.languages.text
    note = text(scene.context.language, "It has been a while, so let us begin again.")
    says, facts = (plain(note), *begun.says), (*(late.facts if late else ()), *begun.facts)
    return replace(begun, says=says, facts=facts)


def _heard(scene: Scene, before: Session) -> Turn:
    session = before.heard(scene.now)
    match scene.event:
        case ButtonPressed(payload=payload):
            return _pressed(scene, replace(session, pressed=payload), before)
        case ContactShared() as contact:
            return _shared(scene, session, contact)
        case TextReceived(text=text) if step := waiting(scene.scenario, session):
            return follow(scene, hearing.typed(scene, session, step, text))
        case _:
            return _not_understood(scene, session)


def _pressed(scene: Scene, session: Session, before: Session) -> Turn:
    name, _, choice = session.pressed.partition(":")
    if name == session.step and isinstance(scene.scenario.steps.get(name), Ask | Phone):
        # The dialog's own question is answered; the one beside it was passed over.
        session = replace(session, aside=None)
    step = waiting(scene.scenario, session)
    if step is not None and step.id == name:
        heard = hearing.pressed(scene, session, step, choice)
        if heard is not None:
            return follow(scene, heard)
    if before.repeats(session.pressed, scene.now):
        return Turn(session)
    return _old_button(scene, session, name)


def _old_button(scene: Scene, session: Session, name: str) -> Turn:
    """A button of a question that does not wait: an answer is changed, a consent never."""
    text, language = scene.context.languages.text, scene.context.language
    late = _late_answer(scene, session)
    step = scene.scenario.question(name)
    if late is not None and step is not None:
        given = [fact for fact in late.facts if isinstance(fact, Answer)]
        values = ", ".join(step.shown(value, language) for fact in given for value in fact.values)
        noted = text(
            language,
            "Noted. {question}: {answer}",
            question=step.named(language),
            answer=values or "—",
        )
        return stay(scene, late.session, noted, late.facts)
    if isinstance(scene.scenario.steps.get(name), Consent):
        hint = text(language, "This button no longer counts, nothing changed. See /settings.")
    else:
        hint = text(language, "This button belongs to an earlier conversation.")
    return stay(scene, session, hint)


def _late_answer(scene: Scene, session: Session) -> Heard | None:
    """The answer that a button of an earlier question still gives."""
    if not isinstance(scene.event, ButtonPressed) or not scene.may_record:
        return None
    name, _, choice = scene.event.payload.partition(":")
    step = scene.scenario.question(name)
    return hearing.answered(session, step, choice) if step else None


def _shared(scene: Scene, session: Session, contact: ContactShared) -> Turn:
    """A contact card: an answer to the phone step, and kept at any other time if it may be."""
    step = waiting(scene.scenario, session)
    if isinstance(step, Phone):
        return follow(scene, proof.shared(scene, session, contact, step.next))
    if contact.own and not scene.may_record:
        return _not_understood(scene, session)
    heard = proof.shared(scene, session, contact, None)
    text, language = scene.context.languages.text, scene.context.language
    note = heard.hint or text(language, "Thank you, the number is noted.")
    return stay(scene, heard.session, note, heard.facts)


def _not_understood(scene: Scene, session: Session) -> Turn:
    step = waiting(scene.scenario, session)
    if step is not None:
        return stay(scene, session, hearing.hint(scene, step))
    text, language = scene.context.languages.text, scene.context.language
    if session.call is not None:
        return stay(scene, session, text(language, "One moment, please: I am looking it up."))
    hint = text(
        language, "I am a bot and did not get that. See /help, or write “human” for a human."
    )
    return stay(scene, session, hint)
