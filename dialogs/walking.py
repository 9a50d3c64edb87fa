"""From step to step: says what lies on the way and stops where the person is asked something."""

from dataclasses import replace

from dialogs import proof
from dialogs.facts import ConsentGiven, Fact
from dialogs.questions import Asking, question
from dialogs.scenario import Scenario
from dialogs.session import Context, Heard, Scene, Session, Turn
from dialogs.steps import Ask, Consent, End, Phone, Say, said_in
from vestnik.inbound import ButtonPressed
from vestnik.outbound import Text
from vestnik.richtext import RichText


def plain(text: str) -> Text:
    """A message without styles or buttons."""
    return Text(RichText(text))


def waiting(scenario: Scenario, session: Session) -> Asking | None:
    """The step whose question the person is to answer; None when there is none (any more)."""
    step = scenario.steps.get(session.at)
    return step if isinstance(step, Asking) else None


def ask(
    scenario: Scenario,
    session: Session,
    context: Context,
    says: tuple[Text, ...] = (),
    facts: tuple[Fact, ...] = (),
) -> Turn:
    """The turn that says something and then puts the question that waits, if one does."""
    step = waiting(scenario, session)
    if step is None:
        return Turn(session, says, facts)
    shown = replace(session, shown_in=context.language)
    return Turn(shown, (*says, question(step, shown, context)), facts)


def stay(scene: Scene, session: Session, note: str, facts: tuple[Fact, ...] = ()) -> Turn:
    """The turn that says a note and puts the question again."""
    return ask(scene.scenario, session, scene.context, (plain(note),), facts)


def follow(scene: Scene, heard: Heard) -> Turn:
    """What follows from what a step has heard."""
    says = (plain(heard.hint),) if heard.hint else ()
    if heard.to is None:
        turn = ask(scene.scenario, heard.session, scene.context, says, heard.facts)
        return replace(turn, redraws=heard.redraws and isinstance(scene.event, ButtonPressed))
    if heard.session.aside is not None:
        return _back(scene, heard)
    return go_on(scene, heard.session, heard.to, says, heard.facts)


def go_on(
    scene: Scene,
    session: Session,
    to: str | None,
    says: tuple[Text, ...] = (),
    facts: tuple[Fact, ...] = (),
) -> Turn:
    """The turn that walks on from a step to the next question, or to the end.

    A consent that is given in these very words is not asked for again, nor a phone that is known.
    """
    while to is not None:
        step = scene.scenario.steps[to]
        match step:
            case Say():
                says = (*says, Text(said_in(scene.context.language, step.say)))
            case End():
                says = (*says, Text(said_in(scene.context.language, step.end)))
            case Consent() if scene.context.granted.get(step.consent) == step.version:
                pass
            case Phone() if (known := proof.known(scene)) is not None:
                facts = (*facts, *known)
            case Ask() | Consent() | Phone():
                stopped = replace(session, step=step.id)
                return ask(scene.scenario, stopped, scene.context, says, facts)
        to = step.next
    return Turn(replace(session, step=""), says, facts)


def _back(scene: Scene, heard: Heard) -> Turn:
    """After a consent that was asked for beside the dialog, back to where the dialog was."""
    text, language = scene.context.languages.text, scene.context.language
    if any(isinstance(fact, ConsentGiven) for fact in heard.facts):
        note = text(language, "Thank you, noted. You can change it at any time: /settings")
    else:
        note = text(language, "All right, nothing will be sent.")
    return stay(scene, replace(heard.session, aside=None), note, heard.facts)
