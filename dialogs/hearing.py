"""What the step that was asked makes of an answer, pressed or typed."""

from dataclasses import replace

from dialogs import proof, questions
from dialogs.facts import Answer, ConsentGiven, ConsentRefused
from dialogs.questions import Asking
from dialogs.session import Heard, Scene, Session
from dialogs.steps import Ask, Consent, Phone

LONGEST_ANSWER = 500
"""Characters of an answer in one's own words."""


def pressed(scene: Scene, session: Session, step: Asking, choice: str) -> Heard | None:
    """A press on one of the step's buttons; None when the step has no such choice."""
    match step:
        case Ask():
            return answered(session, step, choice)
        case Consent():
            return _consented(session, step, choice)
        case Phone():
            return proof.pressed(scene, session, step, choice)


def typed(scene: Scene, session: Session, step: Asking, text: str) -> Heard:
    """A typed text: a label, a number of the list, or words of one's own where they count."""
    if isinstance(step, Phone):
        return proof.typed(scene, session, step, text)
    heard = _in_choices(scene, session, step, text)
    if heard is None and isinstance(step, Ask) and step.free:
        heard = _in_own_words(scene, session, step, text.strip())
    return heard or Heard(session=session, hint=hint(scene, step))


def hint(scene: Scene, step: Asking) -> str:
    """How the step can be answered, for somebody who did it another way."""
    text, language = scene.context.languages.text, scene.context.language
    match step:
        case Ask(many=True):
            return text(language, "Tick what suits you and press “Done”.")
        case Ask(free=True):
            return text(language, "Please answer in a few words.")
        case Ask():
            return text(language, "Please choose one of the answers.")
        case Consent():
            return text(language, "We need a clear answer here: please press one of the buttons.")
        case Phone():
            return text(language, "We need your phone number here, or “Skip”.")


def answered(session: Session, step: Ask, choice: str) -> Heard | None:
    """A choice of a question; a tick is an answer at once, so that none is lost without Done."""
    if step.many and choice == questions.DONE:
        return Heard(session=session, facts=(_ticked(session, step),), to=step.next)
    if choice not in step.choices:
        return None
    if not step.many:
        return Heard(
            session=session,
            facts=(Answer(step.id, (step.choices[choice].value,)),),
            to=step.next,
        )
    ticks = set(session.picked.get(step.id, ())) ^ {choice}
    kept = tuple(name for name in step.choices if name in ticks)
    session = replace(session, picked={**session.picked, step.id: kept})
    return Heard(session=session, facts=(_ticked(session, step),), redraws=True)


def _ticked(session: Session, step: Ask) -> Answer:
    picked = session.picked.get(step.id, ())
    return Answer(step.id, tuple(step.choices[name].value for name in picked))


def _consented(session: Session, step: Consent, choice: str) -> Heard | None:
    if choice == questions.AGREE:
        text = questions.words(step, session.shown_in).text
        given = ConsentGiven(step.consent, step.covers, step.version, text)
        return Heard(session=session, facts=(given,), to=step.next)
    if choice != questions.DECLINE:
        return None
    if step.consent == "personal_data":
        session = replace(session.without_phone(), picked={})
    refused = (ConsentRefused(step.consent),)
    return Heard(session=session, facts=refused, to=step.refused or step.next)


def _in_choices(scene: Scene, session: Session, step: Ask | Consent, text: str) -> Heard | None:
    offered = questions.options(step, session, scene.context)
    many = isinstance(step, Ask) and step.many
    one = questions.chosen(text, offered)
    meant = questions.several(text, offered) if many else (one,) if one else ()
    heard = None
    for choice in meant:
        heard = pressed(scene, heard.session if heard else session, step, choice)
    return heard


def _in_own_words(scene: Scene, session: Session, step: Ask, text: str) -> Heard | None:
    if not text:
        return None
    if len(text) > LONGEST_ANSWER:
        said, language = scene.context.languages.text, scene.context.language
        return Heard(session=session, hint=said(language, "That is too long. In brief, please."))
    return Heard(session=session, facts=(Answer(step.id, (text,)),), to=step.next)
