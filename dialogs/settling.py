"""A question of consent that was answered by a press loses its buttons, and tells the answer."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dialogs.facts import ConsentGiven, ConsentRefused, Fact
from dialogs.placing import of_pressed
from dialogs.session import Context
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.fit import fit
from vestnik.inbound import ButtonPressed, Personal
from vestnik.outbound import Edit, Send, Text
from vestnik.richtext import RichText


async def settle(
    work: UnitOfWork,
    known: KnownAddress,
    inbound: Personal | None,
    facts: Iterable[Fact],
    context: Context,
) -> None:
    """Redraw the pressed question, where the channel edits messages, as a courtesy.

    Its words stay as they were sent, to the letter: the ledger holds their hash. What was chosen
    stands below them. A question that has no room for that keeps its buttons, which change
    nothing any more.
    """
    agreed = given(facts)
    if agreed is None or not context.limits.edits:
        return
    # A key below the input field writes its label, and is not one of the question's.
    if not isinstance(inbound, ButtonPressed) or not inbound.press:
        return
    pressed = await of_pressed(work, inbound, known.id)
    if pressed is None:
        return
    reference, said = pressed
    line = chosen(context, work.now, agreed=agreed)
    settled = replace(said, body=said.body + RichText("\n\n") + line, buttons=(), replaces=None)
    fitted = fit(settled, context.limits)
    if isinstance(fitted, Text):
        work.courtesies.append(Send(known.address, Edit(reference, fitted)))


def given(facts: Iterable[Fact]) -> bool | None:
    """Whether a consent was given or refused; None where none was answered."""
    for fact in facts:
        match fact:
            case ConsentGiven():
                return True
            case ConsentRefused():
                return False
            case _:
                pass
    return None


def chosen(context: Context, now: datetime, *, agreed: bool) -> RichText:
    """What was chosen, in a line; the day is that of the house's zone."""
    languages, language = context.languages, context.language
    if agreed:
        date = languages.date(language, now.astimezone(context.zone))
        return languages.rich(language, "✓ Agreed, {date}", date=date)
    return languages.rich(language, "✗ Not agreed")
