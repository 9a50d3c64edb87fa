"""A customer's message in the bot's hands: commands, preferences, the scenario, what is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from delivery.outbox import say
from dialogs import engine, phones, preferences
from dialogs.commands import Command, parse
from dialogs.facts import HandoverWanted
from dialogs.languages import Languages
from dialogs.operators import Operators
from dialogs.placing import in_place
from dialogs.preferences import Choices, Stored
from dialogs.recording import Recorder
from dialogs.scenario import Scenario
from dialogs.session import Context, Session, Turn
from dialogs.wishes import Speak, Wish, read_wish
from storage.conversations import Conversation
from storage.inbox import Event
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.address import SMS, Lane
from vestnik.channel import Limits
from vestnik.consent import NEVER_ASKED, Purpose
from vestnik.fit import fit
from vestnik.inbound import ButtonPressed, Personal, TextReceived
from vestnik.outbound import Edit, Send, Text
from vestnik.record import decode, encode

_WISHES = {
    Command.SETTINGS: Wish.SETTINGS,
    Command.MYDATA: Wish.MYDATA,
    Command.FORGET: Wish.FORGET,
}


@dataclass(frozen=True, slots=True)
class Hearing:
    """One message of one customer, and what is known around it."""

    work: UnitOfWork
    event: Event
    inbound: Personal
    known: KnownAddress
    conversation: Conversation
    session: Session | None
    context: Context

    @property
    def language(self) -> str:
        """The language the customer is spoken to in."""
        return self.context.language


@dataclass(frozen=True, slots=True)
class Dialogs:
    """The bot's side of all conversations."""

    scenario: Scenario
    languages: Languages
    limits: Mapping[Lane, Limits]
    recorder: Recorder
    operators: Operators
    region: str

    async def hear(
        self,
        work: UnitOfWork,
        event: Event,
        inbound: Personal,
        known: KnownAddress,
        conversation: Conversation,
    ) -> None:
        """Answer a customer whom no operator holds."""
        hearing = await self._hearing(work, event, inbound, known, conversation)
        wish = self._wish(inbound, work)
        if isinstance(inbound, TextReceived) and parse(inbound.text) is Command.HELP:
            await self._say(hearing, preferences.help_text(self.languages, hearing.language))
        elif isinstance(wish, Speak):
            await self._speak(hearing, wish.language)
        elif wish is None or wish is Wish.START:
            await self._advance(hearing)
        else:
            await self._obey(hearing, wish)

    def steers(self, inbound: Personal, work: UnitOfWork) -> bool:
        """Whether it is about one's own settings or data, heard also while a person is awaited."""
        if isinstance(inbound, TextReceived) and parse(inbound.text) is Command.HELP:
            return True
        return self._wish(inbound, work) not in (None, Wish.START, Wish.PERSON)

    async def opt_out(
        self, work: UnitOfWork, event: Event, known: KnownAddress, *, confirm: bool
    ) -> None:
        """Withdraw advertising consent on every channel, at once; told once."""
        actor = f"customer:{known.address.lane}"
        was = await work.consents.withdraw(
            known.person_id, "advertising", actor=actor, evidence=event.id
        )
        person = await work.people.person(known.person_id)
        if confirm:
            language = self.languages.closest(person.language if person else None)
            text = preferences.stopped(self.languages, language, was_subscribed=was)
            await self._plan(work, event, known, text)

    async def _hearing(
        self,
        work: UnitOfWork,
        event: Event,
        inbound: Personal,
        known: KnownAddress,
        conversation: Conversation,
    ) -> Hearing:
        person = await work.people.person(known.person_id)
        entries = {it.purpose: it for it in await work.consents.entries(known.person_id)}
        granted: dict[Purpose, str] = {
            purpose: it.text_version for purpose, it in entries.items() if it.action == "grant"
        }
        addresses = await work.people.addresses(known.person_id)
        phone = next((it.address.handle for it in addresses if it.address.channel == SMS), None)
        context = Context(
            languages=self.languages,
            language=self.languages.closest(person.language if person else None),
            limits=self.limits[known.address.lane],
            region=self.region,
            verify=lambda typed, sealed: phones.verify(typed, sealed, self.recorder.key),
            granted=granted,
            phone=phone,
            sends_codes=self.recorder.sms is not None,
        )
        stored = conversation.session
        session = None if stored is None else cast("Session", decode(Session, stored))
        return Hearing(work, event, inbound, known, conversation, session, context)

    def _wish(self, inbound: Personal, work: UnitOfWork) -> Wish | Speak | None:
        match inbound:
            case ButtonPressed(payload=payload):
                return read_wish(payload, work.now)
            case TextReceived(text=text):
                command = parse(text)
                return _WISHES.get(command) if command else None
            case _:
                return None

    async def _advance(self, hearing: Hearing) -> None:
        turn = engine.advance(
            self.scenario, hearing.session, hearing.inbound, hearing.work.now, hearing.context
        )
        await self._take(hearing, turn)

    async def _take(self, hearing: Hearing, turn: Turn) -> None:
        work, known = hearing.work, hearing.known
        session = await self.recorder.record(work, turn, known, hearing.event.id, hearing.language)
        stored = None if session is None else encode(session)
        await work.conversations.keep_session(known.id, stored)
        if any(isinstance(fact, HandoverWanted) for fact in turn.facts):
            await self._hand_over(hearing)
        if turn.redraws and self._redrawn(hearing, turn.says[-1]):
            await self._say(hearing, *turn.says[:-1])
        else:
            asked = self.scenario.steps.get(hearing.session.at) if hearing.session else None
            await self._say(
                hearing, *await in_place(work, hearing.inbound, asked, known.id, turn.says)
            )

    def _redrawn(self, hearing: Hearing, question: Text) -> bool:
        """Whether the pressed question gets its new ticks in place, as a courtesy."""
        limits, pressed = self.limits[hearing.known.address.lane], hearing.inbound.reference
        fitted = fit(question, limits)
        if not (limits.edits and pressed and isinstance(fitted, Text)):
            return False
        edit = Edit(pressed, fitted)
        hearing.work.courtesies.append(Send(hearing.known.address, edit))
        return True

    async def _obey(self, hearing: Hearing, wish: Wish) -> None:
        work, language = hearing.work, hearing.language
        match wish:
            case Wish.SETTINGS:
                await self._say(hearing, await self._settings(hearing))
            case Wish.SUBSCRIBE:
                await self._ask_again(hearing)
            case Wish.UNSUBSCRIBE:
                await self.opt_out(work, hearing.event, hearing.known, confirm=True)
            case Wish.MYDATA:
                await self._say(hearing, await self._my_data(hearing))
            case Wish.FORGET:
                question = preferences.forget_question(self.languages, language, work.now)
                await self._say(hearing, question)
            case Wish.FORGET_NOW:
                await self._forget(hearing)
            case Wish.KEEP:
                await self._say(hearing, preferences.kept(self.languages, language))
            case Wish.PERSON:
                await self._hand_over(hearing)
            case Wish.START:
                await self._advance(hearing)

    async def _ask_again(self, hearing: Hearing) -> None:
        step = self.scenario.consent("advertising")
        if step is None:
            await self._advance(hearing)
            return
        turn = engine.reask(self.scenario, hearing.session, step, hearing.work.now, hearing.context)
        await self._take(hearing, turn)

    async def _speak(self, hearing: Hearing, language: str) -> None:
        chosen = self.languages.closest(language)
        await hearing.work.people.set_language(hearing.known.person_id, chosen)
        await self._say(hearing, preferences.spoken(self.languages, chosen))
        again = await self._hearing(
            hearing.work, hearing.event, hearing.inbound, hearing.known, hearing.conversation
        )
        if again.session is not None and not again.session.finished:
            turn = engine.repeat(self.scenario, again.session, again.work.now, again.context)
            await self._take(again, turn)

    async def _settings(self, hearing: Hearing) -> Text:
        standings = await hearing.work.consents.standings(hearing.known.person_id)
        needs = self.scenario.consent("personal_data") is not None
        joined = standings.get("personal_data", NEVER_ASKED).granted or not needs
        choices = Choices(
            joined=joined,
            advertising=standings.get("advertising", NEVER_ASKED),
            phone=hearing.context.phone,
        )
        return preferences.settings(self.languages, hearing.language, choices)

    async def _my_data(self, hearing: Hearing) -> Text:
        work, person_id = hearing.work, hearing.known.person_id
        person = await work.people.person(person_id)
        latest = {it.purpose: it for it in await work.consents.entries(person_id)}
        stored = Stored(
            name=person.name if person else "",
            since=person.created_at if person else None,
            phone=hearing.context.phone,
            addresses=[it.address for it in await work.people.addresses(person_id)],
            answers=await work.people.answers(person_id),
            consents=list(latest.values()),
        )
        return preferences.my_data(self.languages, hearing.language, stored, self.scenario)

    async def _forget(self, hearing: Hearing) -> None:
        work, known = hearing.work, hearing.known
        actor = f"customer:{known.address.lane}"
        for purpose in ("advertising", "personal_data"):
            await work.consents.withdraw(
                known.person_id, purpose, actor=actor, evidence=hearing.event.id
            )
        await self._say(hearing, preferences.forgotten(self.languages, hearing.language))
        await work.conversations.keep_session(known.id, None)
        await work.people.forget(known.person_id)

    async def _hand_over(self, hearing: Hearing) -> None:
        text = await self.operators.ask_for(
            hearing.work, hearing.event, hearing.known, hearing.conversation, hearing.language
        )
        await self._say(hearing, text)

    async def _say(self, hearing: Hearing, *texts: Text) -> None:
        conversation = await hearing.work.conversations.of(hearing.known.id)
        await self._plan(
            hearing.work, hearing.event, hearing.known, *texts, version=conversation.version
        )

    async def _plan(
        self,
        work: UnitOfWork,
        event: Event,
        known: KnownAddress,
        *texts: Text,
        version: int | None = None,
    ) -> None:
        limits = self.limits[known.address.lane]
        await say(
            work, known, texts, limits, kind="reply", ground={"event": event.id}, version=version
        )
