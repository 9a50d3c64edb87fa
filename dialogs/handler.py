"""A customer's message in the bot's hands: commands, preferences, the scenario, what is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from delivery.outbox import say
from dialogs import engine, preferences
from dialogs.centre import Centre
from dialogs.commands import Command, parse
from dialogs.forgetting import forget
from dialogs.heard import Hearing
from dialogs.languages import Languages
from dialogs.linking import Linking
from dialogs.scenario import Scenario
from dialogs.talk import Talks
from dialogs.wishes import Choose, See, Speak, Wish, Wished, read_wish
from storage.conversations import Conversation
from storage.inbox import Event
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.address import Lane
from vestnik.channel import Limits
from vestnik.consent import undoable
from vestnik.inbound import ButtonPressed, Personal, TextReceived
from vestnik.outbound import Text

_WISHES = {
    Command.SETTINGS: Wish.SETTINGS,
    Command.MYDATA: Wish.MYDATA,
    Command.FORGET: Wish.FORGET,
}


@dataclass(frozen=True, slots=True)
class Dialogs:
    """The bot's side of all conversations."""

    talks: Talks
    languages: Languages
    limits: Mapping[Lane, Limits]

    @property
    def _centre(self) -> Centre:
        return Centre(self.talks, self.languages)

    @property
    def scenario(self) -> Scenario:
        """The present scenario."""
        return self.talks.shelf.current

    async def hear(
        self,
        work: UnitOfWork,
        event: Event,
        inbound: Personal,
        known: KnownAddress,
        conversation: Conversation,
    ) -> None:
        """Answer a customer whom no operator holds."""
        talk = await self.talks.open(work, known, conversation, {"event": event.id})
        hearing = Hearing(event, inbound, talk)
        wish = self._wish(inbound, work) or await self._centre.typed(hearing)
        if conversation.screen and not isinstance(wish, See | Choose):
            await work.conversations.show(known.id, None)
        if isinstance(inbound, TextReceived) and parse(inbound.text) is Command.HELP:
            await self._say(hearing, preferences.help_text(self.languages, hearing.language))
        elif isinstance(wish, Speak):
            await self._speak(hearing, wish.language)
        elif isinstance(wish, See):
            await self._centre.show(hearing, wish.screen)
        elif isinstance(wish, Choose):
            await self._centre.choose(hearing, wish)
        elif wish is None or wish is Wish.START:
            if not await Linking(self.talks, self.languages).heard(hearing):
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
        """Withdraw advertising consent on every channel, at once; told once.

        What the bot would have said by itself later on falls away too.
        """
        actor = f"customer:{known.address.lane}"
        was = await work.consents.withdraw(
            known.person_id, "advertising", actor=actor, evidence=event.id
        )
        await work.conversations.let_sleep(known.person_id)
        await work.continuations.cancel(known.person_id)
        if confirm:
            person = await work.people.person(known.person_id)
            language = self.languages.closest(person.language if person else None)
            text = preferences.stopped(self.languages, language, work.now, was_subscribed=was)
            limits = self.limits[known.address.lane]
            await say(work, known, [text], limits, kind="reply", ground={"event": event.id})

    def _wish(self, inbound: Personal, work: UnitOfWork) -> Wished | None:
        match inbound:
            case ButtonPressed(payload=payload):
                return read_wish(payload, work.now)
            case TextReceived(text=text):
                command = parse(text)
                return _WISHES.get(command) if command else None
            case _:
                return None

    async def _advance(self, hearing: Hearing) -> None:
        """A dialog under way ends as it began; everything else is the present scenario's."""
        talk, now = hearing.talk, hearing.work.now
        running = await self.talks.running(talk)
        if not engine.goes_on(running, talk.session, hearing.inbound, now):
            running = talk.present
        turn = engine.advance(running, talk.session, hearing.inbound, now, talk.context)
        await self.talks.take(talk, turn, hearing.inbound)

    async def _obey(self, hearing: Hearing, wish: Wish) -> None:
        work, language = hearing.work, hearing.language
        match wish:
            case Wish.SETTINGS:
                await self._centre.show(hearing, "settings")
            case Wish.SUBSCRIBE:
                await self._ask_again(hearing)
            case Wish.UNDO:
                await self._undo(hearing)
            case Wish.UNSUBSCRIBE:
                await self.opt_out(work, hearing.event, hearing.known, confirm=True)
            case Wish.MYDATA:
                await self._say(hearing, await self._centre.data(hearing))
            case Wish.FORGET:
                question = preferences.forget_question(self.languages, language, work.now)
                await self._say(hearing, question)
            case Wish.FORGET_NOW:
                await self._forget(hearing)
            case Wish.KEEP:
                await self._say(hearing, preferences.kept(self.languages, language))
            case Wish.PERSON:
                await self.talks.hand_over(hearing.talk)
            case Wish.START:
                await self._advance(hearing)

    async def _undo(self, hearing: Hearing) -> None:
        """Grant once more what a stop withdrew, in the same words, on the evidence of the press."""
        consents, person_id = hearing.work.consents, hearing.known.person_id
        given = undoable(await consents.entries(person_id), "advertising", hearing.work.now)
        if given is None:
            await self._ask_again(hearing)
            return
        actor = f"customer:{hearing.known.address.lane}"
        again = replace(given, at=hearing.work.now, actor=actor, evidence=hearing.event.id)
        await consents.record(again)
        await self._say(hearing, preferences.undone(self.languages, hearing.language, given))

    async def _ask_again(self, hearing: Hearing) -> None:
        talk = hearing.talk
        running = await self.talks.running(talk)
        step = running.consent("advertising")
        if step is None:
            await self._advance(hearing)
            return
        turn = engine.reask(running, talk.session, step, hearing.work.now, talk.context)
        await self.talks.take(talk, turn, hearing.inbound)

    async def _speak(self, hearing: Hearing, language: str) -> None:
        talk, chosen = hearing.talk, self.languages.closest(language)
        await hearing.work.people.set_language(hearing.known.person_id, chosen)
        await self._say(hearing, preferences.spoken(self.languages, chosen))
        again = replace(talk, context=replace(talk.context, language=chosen))
        if again.session is not None and not again.session.finished:
            running = await self.talks.running(again)
            turn = engine.repeat(running, again.session, hearing.work.now, again.context)
            await self.talks.take(again, turn, hearing.inbound)

    async def _forget(self, hearing: Hearing) -> None:
        work, person_id = hearing.work, hearing.known.person_id
        await forget(work, person_id, f"customer:{hearing.known.address.lane}", hearing.event.id)
        await self._say(hearing, preferences.forgotten(self.languages, hearing.language))

    async def _say(self, hearing: Hearing, *texts: Text) -> None:
        await self.talks.say(hearing.talk, *texts)
