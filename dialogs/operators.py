"""People behind the bot: a customer is relayed to the operators' group, and answered from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from delivery.outbox import post, say
from dialogs.columns import with_columns
from dialogs.countdown import countdown
from dialogs.languages import Languages
from dialogs.lines import joined
from dialogs.relaying import FileRelay, Relayed, words_of
from storage.auditing import Deed
from storage.conversations import WAITING, Conversation
from storage.inbox import Event
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address, Lane
from vestnik.channel import Limits
from vestnik.fit import split
from vestnik.inbound import (
    AnsweredElsewhere,
    MediaReceived,
    Personal,
    TextReceived,
)
from vestnik.outbound import Text
from vestnik.richtext import RichText
from vestnik.window import is_open

_COMMANDS = ("/take", "/close", "/card")
_BRANDS = {"telegram": "Telegram", "vk": "VK", "whatsapp": "WhatsApp"}


NOBODY_CAME = timedelta(hours=1)
"""A customer who was promised a person and got none is the bot's again after so long.

So is one whom a colleague answers in the provider's own app, so long after the last answer there.
"""

ELSEWHERE = "elsewhere:"
"""Begins the name of a holder who answers in the provider's own app."""


@dataclass(frozen=True, slots=True)
class Case:
    """A message of an operator, and the customer it is about."""

    work: UnitOfWork
    event: Event
    inbound: TextReceived | MediaReceived
    known: KnownAddress
    conversation: Conversation
    actor: str


@dataclass(frozen=True, slots=True)
class Operators:
    """The operators' group; `chat` is None where there is none."""

    chat: Address | None
    languages: Languages
    limits: Mapping[Lane, Limits]
    files: FileRelay

    async def ask_for(
        self,
        work: UnitOfWork,
        ground: Mapping[str, Any],
        known: KnownAddress,
        conversation: Conversation,
        language: str,
    ) -> Text:
        """Call a person for a customer; gives what the customer is told."""
        text = self.languages.text
        if self.chat is None:
            return _plain(text(language, "There is nobody to call here. I am listening, though."))
        if not conversation.held:
            await work.conversations.hold(conversation, WAITING)
        name = await self._name(work, known)
        call = self.languages.rich(
            None,
            "🔔 **{name}** asks for a person.\nReply to this message to answer, or send /take.",
            name=name,
        )
        told = Text(call + RichText(self._countdown(work, known)))
        await post(work, self.chat, told, ground=ground, about=known)
        return _plain(text(language, "I have called a colleague, who will answer you here."))

    async def released(self, work: UnitOfWork, conversation: Conversation) -> Conversation:
        """The conversation; back with the bot where no person can take it, or none did in time."""
        since, holder = conversation.held_since, conversation.holder
        elsewhere = _is_elsewhere(holder)
        alone = holder == WAITING or elsewhere
        late = alone and since is not None and work.now - since > NOBODY_CAME
        if not conversation.held or not (late or (self.chat is None and not elsewhere)):
            return conversation
        await work.conversations.hand_back(conversation)
        return await work.conversations.of(conversation.address_id)

    async def relay(
        self, work: UnitOfWork, event: Event, inbound: Relayed, known: KnownAddress
    ) -> None:
        """Pass a held customer's message on to the operators."""
        if self.chat is None:
            return
        name = await self._name(work, known)
        body = self.languages.rich(None, "**{name}**:", name=name)
        media = await self.files.of(work, inbound, self.chat.lane)
        words = (
            inbound.caption if isinstance(inbound, MediaReceived) and media else words_of(inbound)
        )
        said = RichText("\n" + words if words else "")
        for part in split(Text(body + said, media=media), self.limits[self.chat.lane]):
            await post(work, self.chat, part, ground={"event": event.id}, about=known)

    async def answered_elsewhere(
        self, work: UnitOfWork, event: Event, inbound: AnsweredElsewhere, known: KnownAddress
    ) -> None:
        """A colleague answers in the provider's own app: the bot is silent, operators see it."""
        holder = f"{ELSEWHERE}{event.lane.channel}:{inbound.author.user_id}"
        conversation = await work.conversations.of(known.id)
        if conversation.holder in (None, WAITING) or _is_elsewhere(conversation.holder):
            await work.conversations.hold(conversation, holder)
        if self.chat is None:
            return
        brand = _BRANDS.get(known.address.channel, known.address.channel)
        note = self.languages.rich(
            None,
            "**{name}** was answered in {brand} itself; the bot is silent. /close hands back.",
            name=await self._name(work, known),
            brand=brand,
        )
        said = Text(note + RichText("\n" + inbound.text))
        for part in split(said, self.limits[self.chat.lane]):
            await post(work, self.chat, part, ground={"event": event.id}, about=known)

    async def hear(self, work: UnitOfWork, event: Event, inbound: Personal) -> None:
        """A message in the operators' group: a command, or an answer to a relayed message."""
        if not isinstance(inbound, TextReceived | MediaReceived):
            return
        words = _words(inbound)
        if not words.strip() and isinstance(inbound, TextReceived):
            return
        actor = f"{event.lane.channel}:{inbound.author.user_id}"
        command = next(iter(words.split()), "").partition("@")[0]
        conversation = await self._meant(work, inbound, actor, command)
        known = None
        if conversation is not None:
            known = await work.people.address_by_id(conversation.address_id)
        if conversation is None or known is None:
            if command in _COMMANDS:
                ask = self.languages.text(None, "Whose dialog? Reply to one of the messages.")
                await self._tell(work, event, ask)
            return
        case = Case(work, event, inbound, known, conversation, actor)
        if command == "/take":
            await self._take(case)
        elif command == "/close":
            await self._close(case)
        elif command == "/card":
            await self._card(case)
        elif inbound.reply_to and not command.startswith("/"):
            await self._answer(case)

    async def _meant(
        self, work: UnitOfWork, inbound: Personal, actor: str, command: str
    ) -> Conversation | None:
        if inbound.reply_to:
            about = await work.receipts.about(inbound.address, inbound.reply_to)
            return None if about is None else await work.conversations.of(about)
        if command == "/take":
            return await work.conversations.held_by(WAITING)
        if command in _COMMANDS:
            return await work.conversations.held_by(actor)
        return None

    async def _take(self, case: Case) -> bool:
        work, text = case.work, self.languages.text
        name = await self._name(work, case.known)
        holder = case.conversation.holder
        others = holder not in (None, WAITING, case.actor) and not _is_elsewhere(holder)
        if others or not await work.conversations.hold(case.conversation, case.actor):
            note = text(None, "{name} is in another operator's hands.", name=name)
            await self._tell(work, case.event, note)
            return False
        await self._log(case, "dialog.take")
        note = text(
            None,
            "{operator} talks to {name}; the bot is silent. /close hands back.",
            operator=case.inbound.author.name or case.actor,
            name=name,
        )
        await self._tell(work, case.event, note, about=case.known)
        return True

    async def _close(self, case: Case) -> None:
        work, text = case.work, self.languages.text
        name = await self._name(work, case.known)
        held = case.conversation.held
        if not held or not await work.conversations.hand_back(case.conversation):
            note = text(None, "The bot talks to {name} already.", name=name)
            await self._tell(work, case.event, note)
            return
        await self._log(case, "dialog.close")
        await self._tell(work, case.event, text(None, "The bot talks to {name} again.", name=name))
        person = await work.people.person(case.known.person_id)
        language = self.languages.closest(person.language if person else None)
        if self._writable(work, case.known):
            note = text(language, "The bot is with you again. /help tells what I can do.")
            await self._say(case, _plain(note))

    async def _card(self, case: Case) -> None:
        """Who it is, for how long they may be written to, and what was imported of them."""
        if self.chat is None:
            return
        work, known = case.work, case.known
        name = await self._name(work, known)
        note = RichText(f"{name}, № {known.person_id}{self._countdown(work, known)}")
        card = with_columns(
            self.languages,
            None,
            await work.profiles.of(known.person_id),
            lambda lines: Text(joined((note, *lines))),
            self.limits[self.chat.lane],
        )
        await post(work, self.chat, card, ground={"event": case.event.id}, about=known)

    async def _answer(self, case: Case) -> None:
        """The first answer takes the dialog over; in the same transaction the bot falls silent."""
        if case.conversation.holder != case.actor and not await self._take(case):
            return
        if self._writable(case.work, case.known):
            await self._say_back(case)
            return
        note = self.languages.text(
            None,
            "Not sent: {name} wrote more than a day ago, and the window is closed.",
            name=await self._name(case.work, case.known),
        )
        await self._tell(case.work, case.event, note)

    async def _say_back(self, case: Case) -> None:
        """What the operator wrote or sent; a file that cannot be passed on is refused in words."""
        words = _words(case.inbound)
        media = await self.files.of(case.work, case.inbound, case.known.address.lane)
        if isinstance(case.inbound, MediaReceived) and not media:
            note = self.languages.text(None, "Not sent: this kind of file cannot be passed on.")
            await self._tell(case.work, case.event, note)
            return
        await self._say(case, Text(RichText(words), media=media))

    async def _say(self, case: Case, said: Text) -> None:
        ground = {"event": case.event.id, "operator": case.actor}
        limits = self.limits[case.known.address.lane]
        await say(case.work, case.known, [said], limits, kind="operator", ground=ground)

    def _writable(self, work: UnitOfWork, known: KnownAddress) -> bool:
        windowed = self.limits[known.address.lane].window_hours is not None
        return not windowed or is_open(known.window_until, work.now)

    def _countdown(self, work: UnitOfWork, known: KnownAddress) -> str:
        limits = self.limits[known.address.lane]
        left = countdown(self.languages, None, known, limits, work.now)
        return f"\n⏳ {left}" if left else ""

    async def _tell(
        self, work: UnitOfWork, event: Event, text: str, about: KnownAddress | None = None
    ) -> None:
        if self.chat is not None:
            await post(work, self.chat, _plain(text), ground={"event": event.id}, about=about)

    async def _name(self, work: UnitOfWork, known: KnownAddress) -> str:
        person = await work.people.person(known.person_id)
        channel = _BRANDS.get(known.address.channel, known.address.channel)
        name = person.name if person and person.name else f"№ {known.person_id}"
        return f"{name} ({channel})"

    async def _log(self, case: Case, action: str) -> None:
        subject = f"person:{case.known.person_id}"
        await case.work.audit.record(Deed(actor=case.actor, action=action, subject=subject))


def _is_elsewhere(holder: str | None) -> bool:
    return holder is not None and holder.startswith(ELSEWHERE)


def _words(inbound: TextReceived | MediaReceived) -> str:
    return inbound.text if isinstance(inbound, TextReceived) else inbound.caption


def _plain(text: str) -> Text:
    return Text(RichText(text))
