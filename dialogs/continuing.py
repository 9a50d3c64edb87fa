"""A dialog that goes on without a message: reminders, waits that are over, events, answered calls.

Pure, as the engine is; the caller stores the session with the facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.engine import fresh
from dialogs.facts import ContinuationWanted
from dialogs.moves import Call
from dialogs.parts import said_in
from dialogs.recalling import all_values
from dialogs.scenario import Scenario
from dialogs.session import Context, Scene, Session, Turn
from dialogs.steps import Ask
from dialogs.walking import ask, go_on, waiting
from vestnik.outbound import Text
from vestnik.window import SESSION

LONGEST_RETURN = 500
"""Characters of a value that another program returns; what is more is cut."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came of a call: the values that it returned, None where it failed or was too slow."""

    call: str
    values: Mapping[str, object] | None = None


def awaits(scenario: Scenario, session: Session | None, now: datetime) -> bool:
    """Whether an answer is awaited just now, so that nothing else may begin."""
    if session is None or session.expired(now):
        return False
    return session.call is not None or waiting(scenario, session) is not None


def remind(scenario: Scenario, session: Session, now: datetime, context: Context) -> Turn:
    """Reminds of the question that nobody answered, or goes on without an answer.

    Not when it is far too late for that, because nobody looked: the dialog is over then.
    """
    if session.wakes_at is None or now < session.wakes_at:
        return Turn(session)
    step = scenario.steps.get(session.step)
    left = step.remind[session.reminded :] if isinstance(step, Ask) else ()
    if not left or session.expired(now):
        return Turn(replace(session, wakes_at=None))
    woken = replace(session, wakes_at=None, expires_at=max(session.expires_at, now + SESSION))
    reminder, scene = left[0], Scene(scenario, None, now, context)
    woken = replace(woken, reminded=session.reminded + 1)
    says: tuple[Text, ...] = ()
    if reminder.say:
        said = said_in(context.language, reminder.say)
        says = (Text(said.said(lambda: all_values(scene, woken, ()))),)
    if reminder.next is not None:
        return go_on(scene, woken, reminder.next, says)
    return ask(scene, woken, says)


def enter(
    scenario: Scenario,
    before: Session | None,
    wanted: ContinuationWanted,
    now: datetime,
    context: Context,
) -> Turn:
    """Begins where it was wanted: after a wait, or because something happened."""
    session = replace(fresh(scenario, before, now), values=wanted.values)
    return go_on(Scene(scenario, None, now, context), session, wanted.step)


def answer_call(
    scenario: Scenario,
    session: Session,
    returned: Returned,
    now: datetime,
    context: Context,
) -> Turn:
    """Goes on with what another program returned, or without it.

    The answer to a call that is not awaited any more changes nothing.
    """
    step = scenario.steps.get(session.step)
    if session.call != returned.call or not isinstance(step, Call):
        return Turn(session)
    session = replace(session, call=None, expires_at=max(session.expires_at, now + SESSION))
    scene = Scene(scenario, None, now, context)
    values = returned.values
    if values is None or any(name not in values for name in step.returns):
        return go_on(scene, session, step.failed or step.next)
    told = {name: _told(values[name]) for name in step.returns}
    return go_on(scene, replace(session, values={**session.values, step.id: told}), step.next)


def _told(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else ""
        case _:
            # No database keeps a NUL in a text.
            return str(value).replace("\0", "")[:LONGEST_RETURN]
