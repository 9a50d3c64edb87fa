"""The order in which an event is looked at: receipts, opt-outs, staff, operators, the bot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.settings import BlockMeans
from broadcast.desk import Desk
from broadcast.notices import Notices
from delivery.reporting import take_proof, take_reports
from dialogs import nudging
from dialogs.commands import Command, parse
from dialogs.handler import Dialogs
from dialogs.operators import Operators
from dialogs.relaying import labelled
from dialogs.wishes import Wish, read_wish
from storage.conversations import WAITING
from storage.inbox import Event
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.address import SMS, Address, Lane
from vestnik.channel import Limits
from vestnik.inbound import (
    AccountChanged,
    Allowed,
    AnsweredElsewhere,
    ButtonPressed,
    Closed,
    DeliveryReported,
    Edited,
    Happened,
    Inbound,
    MediaReceived,
    Moved,
    Personal,
    Reacted,
    Stopped,
    TemplateChanged,
    TextReceived,
)
from vestnik.outbound import Acknowledge, Seen, Send


@dataclass(frozen=True, slots=True)
class Router:
    """Lets each event take effect; the only place that knows the order of design.md, section 3."""

    dialogs: Dialogs
    operators: Operators
    desk: Desk
    notices: Notices
    limits: Mapping[Lane, Limits]
    block_means: BlockMeans

    async def __call__(self, work: UnitOfWork, event: Event) -> int | None:
        """Handle one event; gives the id of the person it is about."""
        inbound = event.inbound
        match inbound:
            case DeliveryReported():
                await take_reports(work, [(event.lane, inbound)], self.limits)
                return None
            case Closed() | Allowed() | Stopped():
                return await self._turned(work, event, inbound)
            case Edited() | Reacted() | AnsweredElsewhere():
                return await self._beside(work, event, inbound)
            case Moved():
                return await self._moved(work, inbound)
            case TemplateChanged() | AccountChanged():
                await self.notices.hear(work, event, inbound)
                return None
            case _:
                self._acknowledge(work, inbound)
                if inbound.in_group:
                    await self._in_group(work, event, inbound)
                    return None
                return await self._personal(work, event, inbound)

    async def _turned(
        self, work: UnitOfWork, event: Event, inbound: Closed | Allowed | Stopped
    ) -> int | None:
        """Somebody blocked or allowed us, or stopped advertising at the provider."""
        known = await work.people.address(inbound.address)
        if known is None:
            return None
        match inbound:
            case Closed():
                await work.people.close(known.id, "blocked")
                if self.block_means == "all":
                    await self.dialogs.opt_out(work, event, known, confirm=False)
            case Allowed():
                await work.people.open(known.id)
            case Stopped():
                await self.dialogs.opt_out(work, event, known, confirm=False)
        return known.person_id

    async def _beside(
        self, work: UnitOfWork, event: Event, inbound: Edited | Reacted | AnsweredElsewhere
    ) -> int | None:
        """What the bot does not answer, but whoever talks to the customer wants to see."""
        known = None if inbound.in_group else await work.people.address(inbound.address)
        if known is None:
            return None
        if isinstance(inbound, AnsweredElsewhere):
            # The bot's own word must never silence the bot.
            if not await work.receipts.is_ours(known.id, inbound.reference, inbound.handle):
                await self.operators.answered_elsewhere(work, event, inbound, known)
            return known.person_id
        if isinstance(inbound, Reacted) and inbound.emoji:
            await self._prove(work, inbound, inbound.reference, known)
        if isinstance(inbound, Edited) and _opts_out(inbound, work.now):
            await self.dialogs.opt_out(work, event, known, confirm=True)
            return known.person_id
        if (await work.conversations.of(known.id)).held:
            await self.operators.relay(work, event, inbound, known)
        return known.person_id

    async def _moved(self, work: UnitOfWork, inbound: Moved) -> int | None:
        """A group goes on under the id that the settings name; a person keeps all but a window."""
        if inbound.in_group:
            await work.moved_chats.moved(inbound.address, inbound.to)
            return None
        known = await work.people.moved(inbound.address, inbound.to)
        if known is None:
            return None
        await work.deliveries.moved(known.person_id, known.address, inbound.to)
        return known.person_id

    async def _prove(
        self, work: UnitOfWork, inbound: Happened, reference: str | None, known: KnownAddress
    ) -> None:
        if reference:
            await take_proof(work, inbound, reference, known.id, self.limits)

    async def _in_group(self, work: UnitOfWork, event: Event, inbound: Personal) -> None:
        inbound = replace(inbound, address=await work.moved_chats.first(inbound.address))
        if inbound.address == self.operators.chat:
            await self.operators.hear(work, event, inbound)
        elif inbound.address == self.desk.admin_chat:
            await self.desk.hear(work, event, inbound)

    async def _personal(self, work: UnitOfWork, event: Event, inbound: Personal) -> int | None:
        if inbound.address.channel == SMS:
            return await self._by_sms(work, event, inbound)
        known = await self._meet(work, event, inbound)
        # Some channels name the pressed message itself, some as the one that is answered.
        pressed = inbound.reference if isinstance(inbound, ButtonPressed) else None
        for reference in (pressed, inbound.reply_to):
            await self._prove(work, inbound, reference, known)
        if _opts_out(inbound, work.now) and not self.desk.is_addressed(event, inbound):
            await self.dialogs.opt_out(work, event, known, confirm=True)
            return known.person_id
        if await self.desk.hear(work, event, inbound):
            return known.person_id
        conversation = await work.conversations.of(known.id)
        await nudging.expect(work, self.dialogs.scenario, known)
        conversation = await self.operators.released(work, conversation)
        awaited = conversation.holder == WAITING and self.dialogs.steers(inbound, work)
        if conversation.held and not awaited:
            language = self.operators.languages.closest(None)
            told = labelled(inbound, self.dialogs.scenario, language)
            await self.operators.relay(work, event, told, known)
        else:
            self._show_seen(work, inbound)
            await self.dialogs.hear(work, event, inbound, known, conversation)
        return known.person_id

    async def _meet(self, work: UnitOfWork, event: Event, inbound: Personal) -> KnownAddress:
        known = await work.people.meet(inbound.address, inbound.author)
        withheld = isinstance(inbound, MediaReceived) and inbound.withheld
        hours = None if withheld else self.limits[inbound.address.lane].window_hours
        return await work.people.heard(
            known,
            at=inbound.at,
            received_at=event.received_at,
            hours=hours,
            shows=inbound.shows,
            source=inbound.source,
        )

    async def _by_sms(self, work: UnitOfWork, event: Event, inbound: Personal) -> int | None:
        """An SMS shows that the number lives, and may opt out: the bot does not talk by SMS."""
        known = await work.people.address(inbound.address)
        if known is None:
            return None
        await work.people.open(known.id)
        if _opts_out(inbound, work.now):
            await self.dialogs.opt_out(work, event, known, confirm=False)
        return known.person_id

    def _show_seen(self, work: UnitOfWork, inbound: Personal) -> None:
        if inbound.reference and self.limits[inbound.address.lane].marks_read:
            work.courtesies.append(Send(inbound.address, Seen(inbound.reference)))

    def _acknowledge(self, work: UnitOfWork, inbound: Inbound) -> None:
        if isinstance(inbound, ButtonPressed) and inbound.press:
            to: Address = inbound.address
            work.courtesies.append(Send(to, Acknowledge(inbound.press)))


def _opts_out(inbound: Personal | Edited, now: datetime) -> bool:
    """Whether it says "stop", in whatever way: written, put under a picture, mended, pressed."""
    match inbound:
        case TextReceived(text=text) | MediaReceived(caption=text) | Edited(text=text):
            return parse(text) is Command.STOP
        case ButtonPressed(payload=payload):
            return read_wish(payload, now) is Wish.UNSUBSCRIBE
        case _:
            return False
