"""What the step that was asked makes of an answer, pressed or typed."""

from dataclasses import replace

from dialogs import proof, questions
from dialogs.answering import Answering, Judge
from dialogs.facts import Answer, ConsentGiven, ConsentRefused
from dialogs.questions import Asking
from dialogs.session import Heard, Scene, Session
from dialogs.steps import Ask, Consent, Phone
from vestnik.richtext import RichText


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
    asked = step.answer if isinstance(step, Ask) else None
    if isinstance(step, Ask) and asked and asked.kind == "number":
        # A number is the answer itself, not a place in the list.
        heard = _in_own_words(scene, session, step, asked, text)
        if heard.to is not None:
            return heard
    heard_choice = _in_choices(scene, session, step, text)
    if heard_choice is None and isinstance(step, Ask) and asked:
        return _in_own_words(scene, session, step, asked, text)
    return heard_choice or Heard(session=session, hint=hint(scene, step))


def hint(scene: Scene, step: Asking) -> str:
    """How the step can be answered, for somebody who did it another way."""
    text, language = scene.context.languages.text, scene.context.language
    match step:
        case Ask(many=True):
            return text(language, "Tick what suits you and press “Done”.")
        case Ask(answer=Answering() as asked):
            return _judge(scene).hint(asked)
        case Ask():
            return text(language, "Please choose one of the answers.")
        case Consent():
            return text(language, "We need a clear answer here: please press one of the buttons.")
        case Phone():
            return text(language, "We need your phone number here, or “Skip”.")


def answered(session: Session, step: Ask, choice: str) -> Heard | None:
    """A choice of a question; a tick is an answer at once, so that none is lost without Done."""
    if step.many:
        return _tick(session, step, choice)
    if choice not in step.choices:
        return None
    chosen = step.choices[choice]
    facts = (Answer(step.id, (chosen.value,)),)
    return Heard(session=session, facts=facts, to=chosen.next or step.next)


def _tick(session: Session, step: Ask, choice: str) -> Heard | None:
    """Ticks (+choice), takes a tick away (-choice), or changes it (typed), or ends the ticking."""
    if choice == questions.DONE:
        return Heard(session=session, facts=(_ticked(session, step),), to=step.next)
    name = choice.lstrip(questions.TICK + questions.UNTICK)
    if name not in step.choices:
        return None
    picked = set(session.picked.get(step.id, ()))
    if choice.startswith(questions.TICK):
        ticks = picked | {name}
    elif choice.startswith(questions.UNTICK):
        ticks = picked - {name}
    else:
        ticks = picked ^ {name}
    kept = tuple(it for it in step.choices if it in ticks)
    session = replace(session, picked={**session.picked, step.id: kept})
    return Heard(session=session, facts=(_ticked(session, step),), redraws=True)


def _ticked(session: Session, step: Ask) -> Answer:
    picked = session.picked.get(step.id, ())
    return Answer(step.id, tuple(step.choices[name].value for name in picked))


def _consented(session: Session, step: Consent, choice: str) -> Heard | None:
    name, _, mark = choice.partition(questions.MARK)
    if name == questions.AGREE:
        said = _agreed_to(session, step, mark)
        if said is None:
            return None
        given = ConsentGiven(step.consent, step.covers, step.version, said.text)
        return Heard(session=session, facts=(given,), to=step.next)
    if choice != questions.DECLINE:
        return None
    if step.consent == "personal_data":
        session = replace(session.without_phone(), picked={})
    refused = (ConsentRefused(step.consent),)
    return Heard(session=session, facts=refused, to=step.refused or step.next)


def _agreed_to(session: Session, step: Consent, mark: str) -> RichText | None:
    """The words above the button that was pressed, or those shown last for what was typed.

    None for words that the step has no more: nobody agrees to others than they have read.
    """
    if not mark:
        return questions.words(step, session.shown_in)
    wordings = (questions.words(step, language) for language in step.text)
    return next((it for it in wordings if questions.mark(it) == mark), None)


def _in_choices(scene: Scene, session: Session, step: Ask | Consent, text: str) -> Heard | None:
    offered = questions.options(step, session, scene.context)
    many = isinstance(step, Ask) and step.many
    one = questions.chosen(text, offered)
    meant = questions.several(text, offered) if many else (one,) if one else ()
    heard = None
    for choice in meant:
        heard = pressed(scene, heard.session if heard else session, step, choice)
    return heard


def _in_own_words(scene: Scene, session: Session, step: Ask, asked: Answering, text: str) -> Heard:
    read = _judge(scene).read(asked, text)
    if read.value is None:
        return Heard(session=session, hint=read.refused)
    return Heard(session=session, facts=(Answer(step.id, (read.value,)),), to=step.next)


def _judge(scene: Scene) -> Judge:
    context = scene.context
    return Judge(context.languages, context.language, context.region, scene.now, context.zone)
