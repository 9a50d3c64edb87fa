"""People behind the bot: a customer is relayed to the operators' group, and answered from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from delivery.outbox import post, say
from dialogs.languages import Languages
from storage.auditing import Deed
from storage.conversations import WAITING, Conversation
from storage.inbox import Event
from storage.people import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address, Lane
from vestnik.channel import Limits
from vestnik.inbound import (
    ButtonPressed,
    ContactShared,
    MediaReceived,
    Personal,
    Started,
    TextReceived,
)
from vestnik.outbound import Text
from vestnik.richtext import RichText
from vestnik.window import is_open

_BRANDS = {"telegram": "Telegram", "vk": "VK", "whatsapp": "WhatsApp"}


NOBODY_CAME = timedelta(hours=1)
"""A customer who was promised a person and got none is the bot's again after so long."""


@dataclass(frozen=True, slots=True)
class Case:
    """A message of an operator, and the customer it is about."""

    work: UnitOfWork
    event: Event
    inbound: TextReceived
    known: KnownAddress
    conversation: Conversation
    actor: str


@dataclass(frozen=True, slots=True)
class Operators:
    """The operators' group; `chat` is None where there is none."""

    chat: Address | None
    languages: Languages
    limits: Mapping[Lane, Limits]

    async def ask_for(
        self,
        work: UnitOfWork,
        event: Event,
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
        await post(work, self.chat, Text(call), ground={"event": event.id}, about=known)
        return _plain(text(language, "I have called a colleague, who will answer you here."))

    async def released(self, work: UnitOfWork, conversation: Conversation) -> Conversation:
        """The conversation; back with the bot where no person can take it, or none did in time."""
        since = conversation.held_since
        late = conversation.holder == WAITING and since and work.now - since > NOBODY_CAME
        if not conversation.held or not (late or self.chat is None):
            return conversation
        await work.conversations.hand_back(conversation)
        return await work.conversations.of(conversation.address_id)

    async def relay(
        self, work: UnitOfWork, event: Event, inbound: Personal, known: KnownAddress
    ) -> None:
        """Pass a held customer's message on to the operators."""
        if self.chat is None:
            return
        name = await self._name(work, known)
        body = self.languages.rich(None, "**{name}**:", name=name)
        said = RichText("\n" + self._said(inbound))
        await post(work, self.chat, Text(body + said), ground={"event": event.id}, about=known)

    async def hear(self, work: UnitOfWork, event: Event, inbound: Personal) -> None:
        """A message in the operators' group: a command, or an answer to a relayed message."""
        if not isinstance(inbound, TextReceived) or not inbound.text.strip():
            return
        actor = f"{event.lane.channel}:{inbound.author.user_id}"
        command = inbound.text.split()[0].partition("@")[0]
        conversation = await self._meant(work, inbound, actor, command)
        known = None
        if conversation is not None:
            known = await work.people.address_by_id(conversation.address_id)
        if conversation is None or known is None:
            if command in ("/take", "/close"):
                ask = self.languages.text(None, "Whose dialog? Reply to one of the messages.")
                await self._tell(work, event, ask)
            return
        case = Case(work, event, inbound, known, conversation, actor)
        if command == "/take":
            await self._take(case)
        elif command == "/close":
            await self._close(case)
        elif inbound.reply_to and not command.startswith("/"):
            await self._answer(case)

    async def _meant(
        self, work: UnitOfWork, inbound: TextReceived, actor: str, command: str
    ) -> Conversation | None:
        if inbound.reply_to:
            about = await work.receipts.about(inbound.address, inbound.reply_to)
            return None if about is None else await work.conversations.of(about)
        if command == "/take":
            return await work.conversations.held_by(WAITING)
        if command == "/close":
            return await work.conversations.held_by(actor)
        return None

    async def _take(self, case: Case) -> bool:
        work, text = case.work, self.languages.text
        name = await self._name(work, case.known)
        others = case.conversation.holder not in (None, WAITING, case.actor)
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
            await self._say(case, note)

    async def _answer(self, case: Case) -> None:
        """The first answer takes the dialog over; in the same transaction the bot falls silent."""
        if case.conversation.holder != case.actor and not await self._take(case):
            return
        if self._writable(case.work, case.known):
            await self._say(case, case.inbound.text)
            return
        note = self.languages.text(
            None,
            "Not sent: {name} wrote more than a day ago, and the window is closed.",
            name=await self._name(case.work, case.known),
        )
        await self._tell(case.work, case.event, note)

    async def _say(self, case: Case, text: str) -> None:
        ground = {"event": case.event.id, "operator": case.actor}
        limits = self.limits[case.known.address.lane]
        said = [_plain(text)]
        await say(case.work, case.known, said, limits, kind="operator", ground=ground)

    def _writable(self, work: UnitOfWork, known: KnownAddress) -> bool:
        windowed = self.limits[known.address.lane].window_hours is not None
        return not windowed or is_open(known.window_until, work.now)

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

    def _said(self, inbound: Personal) -> str:
        match inbound:
            case TextReceived(text=text):
                return text
            case ButtonPressed(label=label, payload=payload):
                return f"▸ {label or payload}"
            case ContactShared(phone=phone):
                return f"☎ {phone}"
            case MediaReceived(kind=kind, caption=caption):
                return f"[{kind}] {caption}"
            case Started():
                return "/start"


def _plain(text: str) -> Text:
    return Text(RichText(text))
