"""Lets a dialog's next question stand where the pressed one stood, so that it leaves no trail."""

from collections.abc import Sequence
from dataclasses import replace

from dialogs.steps import Ask, Phone, Step
from storage.unit_of_work import UnitOfWork
from vestnik.inbound import ButtonPressed, Personal
from vestnik.outbound import Button, Message, Text

LOOKED_BACK = 10
"""So many of the newest messages are looked through for the one whose button was pressed."""


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
    last = next(iter(await work.receipts.lately_said(address_id, 1)), None)
    if last is None or not _offers(last[1], inbound.payload):
        return says
    return [replace(says[0], replaces=last[0]), *says[1:]]


async def of_pressed(
    work: UnitOfWork, inbound: ButtonPressed, address_id: int
) -> tuple[str, Text] | None:
    """The message of ours whose button was pressed: its name, and what it said; None if unknown.

    Where the provider names it otherwise than when it was sent, the newest with that button is
    meant.
    """
    lately = await work.receipts.lately_said(address_id, LOOKED_BACK)
    said = [(it[0], it[1]) for it in lately if it and isinstance(it[1], Text)]
    offering = [it for it in said if _offers(it[1], inbound.payload)]
    named = (it for it in offering if it[0] == inbound.reference)
    return next(named, next(iter(offering), None))


def _offers(said: Message, payload: str) -> bool:
    buttons = said.buttons if isinstance(said, Text) else ()
    return any(isinstance(it, Button) and it.payload == payload for it in buttons)
