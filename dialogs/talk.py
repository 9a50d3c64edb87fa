"""A talk with one customer: what is known around it, and how a turn of it takes effect."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from zoneinfo import ZoneInfo

from delivery.outbox import say
from dialogs import phones
from dialogs.facts import HandoverWanted
from dialogs.languages import Languages
from dialogs.operators import Operators
from dialogs.placing import in_place
from dialogs.recording import Recorder
from dialogs.scenario import Scenario
from dialogs.session import Context, Session, Turn
from dialogs.settling import settle
from dialogs.shelf import Shelf
from storage.conversations import Conversation
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.address import SMS, Lane
from vestnik.channel import Limits
from vestnik.consent import Purpose
from vestnik.fit import fit
from vestnik.inbound import ButtonPressed, Personal
from vestnik.outbound import Edit, Message, Send, Text
from vestnik.record import Malformed, decode, encode
from vestnik.window import is_open


@dataclass(frozen=True, slots=True)
class Talk:
    """One customer on one address at one moment; `ground` is why they are spoken to.

    `present` is the scenario that dialogs begin with at that moment: it may be another one soon.
    The ground of an answer names its `event`, that of what we begin who told us to.
    """

    work: UnitOfWork
    known: KnownAddress
    conversation: Conversation
    session: Session | None
    context: Context
    ground: Mapping[str, Any]
    present: Scenario

    @property
    def language(self) -> str:
        """The language the customer is spoken to in."""
        return self.context.language


@dataclass(frozen=True, slots=True)
class Talks:
    """Opens talks, and lets their turns take effect."""

    shelf: Shelf
    languages: Languages
    limits: Mapping[Lane, Limits]
    recorder: Recorder
    operators: Operators
    region: str
    zone: ZoneInfo

    async def open(
        self,
        work: UnitOfWork,
        known: KnownAddress,
        conversation: Conversation,
        ground: Mapping[str, Any],
    ) -> Talk:
        """The talk with somebody, whose conversation is locked."""
        session, present = stored_session(conversation), self.shelf.current
        scenario = await self._running(work, session, present)
        person = await work.people.person(known.person_id)
        entries = {it.purpose: it for it in await work.consents.entries(known.person_id)}
        granted: dict[Purpose, str] = {
            purpose: it.text_version for purpose, it in entries.items() if it.action == "grant"
        }
        addresses = await work.people.addresses(known.person_id)
        phone = next((it.address.handle for it in addresses if it.address.channel == SMS), None)
        recalls = scenario.recalls or present.recalls
        context = Context(
            languages=self.languages,
            language=self.languages.closest(person.language if person else None),
            limits=self.limits[known.address.lane],
            region=self.region,
            verify=lambda typed, sealed: phones.verify(typed, sealed, self.recorder.key),
            zone=self.zone,
            name=person.name if person else "",
            channel=str(known.address.channel),
            answers=await work.people.answers(known.person_id) if recalls else {},
            granted=granted,
            phone=phone,
            sends_codes=self.recorder.sms is not None,
        )
        return Talk(work, known, conversation, session, context, ground, present)

    async def running(self, talk: Talk) -> Scenario:
        """The scenario by which a dialog under way was begun, else the present one."""
        return await self._running(talk.work, talk.session, talk.present)

    async def _running(
        self, work: UnitOfWork, session: Session | None, present: Scenario
    ) -> Scenario:
        if session is None or session.finished:
            return present
        return await self.shelf.of(work, session.version) or present

    async def take(self, talk: Talk, turn: Turn, inbound: Personal | None = None) -> None:
        """Store what a turn brings, and say what it says; `inbound` is what it answers."""
        work, known = talk.work, talk.known
        session = await self.recorder.record(work, turn, known, talk.ground, talk.language)
        if session is not None:
            session = replace(session, ground=talk.ground)
        stored = None if session is None else encode(session)
        wakes_at = None if session is None else session.wakes_at
        await work.conversations.keep_session(known.id, stored, wakes_at=wakes_at)
        await settle(work, known, inbound, turn.facts, talk.context)
        if any(isinstance(fact, HandoverWanted) for fact in turn.facts):
            await self.hand_over(talk, *turn.says)
        else:
            await self._say_all(talk, turn, inbound)

    async def hand_over(self, talk: Talk, *texts: Text) -> None:
        """Call a person, and say these last words of the bot with the news of it."""
        # First the call: what the bot wrote before it would be void.
        called = await self.operators.ask_for(
            talk.work, talk.ground, talk.known, talk.conversation, talk.language
        )
        await self.say(talk, *texts, called)

    def closed(self, talk: Talk) -> bool:
        """Whether no plain message may be sent to the person any more."""
        windowed = self.limits[talk.known.address.lane].window_hours is not None
        return windowed and not is_open(talk.known.window_until, talk.work.now)

    async def say(self, talk: Talk, *messages: Message) -> None:
        """Say something in the talk, unless somebody takes it over before it leaves."""
        conversation = await talk.work.conversations.of(talk.known.id)
        await say(
            talk.work,
            talk.known,
            messages,
            self.limits[talk.known.address.lane],
            kind="reply" if "event" in talk.ground else "transactional",
            ground=talk.ground,
            version=conversation.version,
        )

    async def _say_all(self, talk: Talk, turn: Turn, inbound: Personal | None) -> None:
        if inbound is None:
            outside = (turn.outside,) if turn.outside else ()
            await self.say(talk, *(outside if self.closed(talk) else turn.says))
        elif turn.redraws and self._redrawn(talk, inbound, turn.says[-1]):
            await self.say(talk, *turn.says[:-1])
        else:
            scenario = await self.running(talk)
            asked = scenario.steps.get(talk.session.at) if talk.session else None
            await self.say(
                talk, *await in_place(talk.work, inbound, asked, talk.known.id, turn.says)
            )

    def _redrawn(self, talk: Talk, inbound: Personal, question: Text) -> bool:
        """Whether the pressed question gets its new ticks in place, as a courtesy."""
        limits, pressed = self.limits[talk.known.address.lane], inbound.reference
        # A key below the input field writes a message of the customer's, which nobody else edits.
        ours = isinstance(inbound, ButtonPressed) and inbound.press
        fitted = fit(question, limits)
        if not (limits.edits and ours and pressed and isinstance(fitted, Text)):
            return False
        talk.work.courtesies.append(Send(talk.known.address, Edit(pressed, fitted)))
        return True


def stored_session(conversation: Conversation) -> Session | None:
    """The session of a conversation; None also for one that an older Vestnik wrote."""
    if conversation.session is None:
        return None
    try:
        return cast("Session", decode(Session, conversation.session))
    except Malformed:
        return None
