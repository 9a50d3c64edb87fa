"""Stores what became known in a dialog: answers, consents, proven numbers, codes to send."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from delivery import hints
from delivery.outbox import transact
from dialogs import phones
from dialogs.facts import (
    Answer,
    CallWanted,
    CodeWanted,
    ConsentGiven,
    ConsentRefused,
    ContinuationWanted,
    HandoverWanted,
    PhoneConfirmed,
)
from dialogs.languages import Languages
from dialogs.session import Session, Turn
from dialogs.uniting import unite
from storage.continuations import Continuation
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.address import SMS, Address, Lane
from vestnik.consent import ConsentEntry, fingerprint
from vestnik.outbound import Text
from vestnik.richtext import RichText
from vestnik.route import Step

CODE_VALID = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Stores facts; `key` seals codes, `sms` is the lane that carries them, if there is one."""

    languages: Languages
    key: bytes
    sms: Lane | None

    async def record(
        self,
        work: UnitOfWork,
        turn: Turn,
        known: KnownAddress,
        ground: Mapping[str, Any],
        language: str,
    ) -> Session | None:
        """Store a turn's facts; gives its session, with the seal of a code that was sent, or the
        id of a call.

        A number that is somebody's already proves that both are one person: then the facts are
        that person's.
        """
        person_id, session = known.person_id, turn.session
        event_id: int | None = ground.get("event")
        for fact in turn.facts:
            match fact:
                case Answer(question, values):
                    await work.people.answer(person_id, question, values)
                case ConsentGiven():
                    await _grant(work, person_id, fact, known, event_id)
                case ConsentRefused(purpose):
                    actor = f"customer:{known.address.lane}"
                    await work.consents.withdraw(person_id, purpose, actor=actor, evidence=event_id)
                case PhoneConfirmed(phone):
                    person_id = await _confirm(work, person_id, phone)
                case CodeWanted(phone):
                    session = await self._send_code(
                        work, session, phone, known, event_id=event_id, language=language
                    )
                case CallWanted():
                    session = await _call(work, session, fact, known)
                case ContinuationWanted():
                    await _continue(work, turn, fact, person_id, known=known, ground=ground)
                case HandoverWanted():
                    pass
        return session

    async def _send_code(
        self,
        work: UnitOfWork,
        session: Session | None,
        phone: str,
        known: KnownAddress,
        *,
        event_id: int | None,
        language: str,
    ) -> Session | None:
        if session is None or self.sms is None:
            return session
        code = phones.new_code(secrets.token_bytes(8))
        text = self.languages.text(language, "{code} is your code.", code=code)
        to = Address(SMS, self.sms.account, phone)
        await transact(
            work,
            known.person_id,
            Text(RichText(text)),
            (Step(SMS),),
            ground={"asked": event_id},
            valid=CODE_VALID,
            address=to,
            urgent=True,
        )
        return replace(session, code=phones.seal(code, self.key))


async def _grant(
    work: UnitOfWork, person_id: int, fact: ConsentGiven, known: KnownAddress, event_id: int | None
) -> None:
    entry = ConsentEntry(
        person_id=person_id,
        purpose=fact.purpose,
        action="grant",
        at=work.now,
        actor=f"customer:{known.address.lane}",
        channels=fact.channels,
        text_version=fact.text_version,
        text_hash=fingerprint(fact.text),
        evidence=event_id,
    )
    await work.consents.record(entry, text=fact.text)


async def _call(
    work: UnitOfWork, session: Session | None, wanted: CallWanted, known: KnownAddress
) -> Session | None:
    call = await work.calls.plan(known.id, wanted.url, wanted.sends, within=wanted.within)
    work.hints.add(hints.CALL)
    return session and replace(session, call=call)


async def _continue(
    work: UnitOfWork,
    turn: Turn,
    wanted: ContinuationWanted,
    person_id: int,
    *,
    known: KnownAddress,
    ground: Mapping[str, Any],
) -> None:
    await work.continuations.plan(
        Continuation(
            person_id=person_id,
            address_id=known.id,
            version=turn.session.version if turn.session else "",
            step=wanted.step,
            values=wanted.values,
            ground=ground,
            at=wanted.at,
        )
    )
    work.hints.add(hints.CONTINUE)


async def _confirm(work: UnitOfWork, person_id: int, phone: str) -> int:
    """The proven number becomes the person's; gives the id of whoever had it before, if anyone."""
    address = await work.people.confirm_phone(person_id, phone)
    owner = address.person_id
    if owner != person_id:
        await unite(work, person_id, owner, f"proof:{SMS}")
    return owner
