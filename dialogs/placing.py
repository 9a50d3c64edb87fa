"""Lets a dialog's next question stand where the pressed one stood, so that it leaves no trail."""

from collections.abc import Sequence
from dataclasses import replace

from dialogs.steps import Ask, Phone, Step
from storage.unit_of_work import UnitOfWork
from vestnik.inbound import ButtonPressed, Personal
from vestnik.outbound import Button, Message, Text


async def in_place(
    work: UnitOfWork,
    inbound: Personal,
    asked: Step | None,
    address_id: int,
    says: Sequence[Text],
) -> Sequence[Text]:
    """What is said after `asked` was answered; the first may take the place of its question.

    Only where that question is the last thing said, or the talk would jump up the screen. The
    words of a consent stay: they are what was agreed to. Ticks stay too: they are redrawn out of
    turn, and a late one would put the old question in the new one's place.
    """
    passes = isinstance(asked, Phone) or (isinstance(asked, Ask) and not asked.many)
    return await over_pressed(work, inbound, address_id, says) if passes else says


async def over_pressed(
    work: UnitOfWork, inbound: Personal, address_id: int, says: Sequence[Text]
) -> Sequence[Text]:
    """What is said after a press; the first in place of the pressed message, if that is the last.

    The pressed button has to be one of it, and the press itself must have written nothing below.
    (Not every provider names a pressed message as it did when it was sent.)
    """
    if not isinstance(inbound, ButtonPressed):
        return says
    if not (says and inbound.press and inbound.reference):
        return says
    last = await work.receipts.last_said(address_id)
    if last is None or not _offers(last[1], inbound.payload):
        return says
    return [replace(says[0], replaces=last[0]), *says[1:]]


def _offers(said: Message, payload: str) -> bool:
    buttons = said.buttons if isinstance(said, Text) else ()
    return any(isinstance(it, Button) and it.payload == payload for it in buttons)
