"""The order in which an event is looked at: receipts, opt-outs, staff, operators, the bot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.settings import BlockMeans
from broadcast.desk import Desk
from delivery.reporting import take_report
from dialogs.commands import Command, parse
from dialogs.handler import Dialogs
from dialogs.operators import Operators
from dialogs.wishes import Wish, read_wish
from storage.conversations import WAITING
from storage.inbox import Event
from storage.people import KnownAddress
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
    Inbound,
    Moved,
    Personal,
    Reacted,
    Stopped,
    TemplateChanged,
    TextReceived,
)
from vestnik.outbound import Acknowledge, Send


@dataclass(frozen=True, slots=True)
class Router:
    """Lets each event take effect; the only place that knows the order of design.md, section 3."""

    dialogs: Dialogs
    operators: Operators
    desk: Desk
    limits: Mapping[Lane, Limits]
    block_means: BlockMeans

    async def __call__(self, work: UnitOfWork, event: Event) -> int | None:
        """Handle one event; gives the id of the person it is about."""
        inbound = event.inbound
        match inbound:
            case DeliveryReported():
                await take_report(work, event.lane, inbound, self.limits)
                return None
            case Closed() | Allowed() | Stopped():
                return await self._turned(work, event, inbound)
            case Edited() | Reacted() | AnsweredElsewhere() | Moved():
                return None
            case TemplateChanged() | AccountChanged():
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

    async def _in_group(self, work: UnitOfWork, event: Event, inbound: Personal) -> None:
        if inbound.address == self.operators.chat:
            await self.operators.hear(work, event, inbound)
        elif inbound.address == self.desk.admin_chat:
            await self.desk.hear(work, event, inbound)

    async def _personal(self, work: UnitOfWork, event: Event, inbound: Personal) -> int | None:
        if inbound.address.channel == SMS:
            return await self._by_sms(work, event, inbound)
        known = await self._meet(work, event, inbound)
        if _opts_out(inbound, work.now) and not self.desk.is_addressed(event, inbound):
            await self.dialogs.opt_out(work, event, known, confirm=True)
            return known.person_id
        if await self.desk.hear(work, event, inbound):
            return known.person_id
        conversation = await work.conversations.of(known.id)
        conversation = await self.operators.released(work, conversation)
        awaited = conversation.holder == WAITING and self.dialogs.steers(inbound, work)
        if conversation.held and not awaited:
            await self.operators.relay(work, event, inbound, known)
        else:
            await self.dialogs.hear(work, event, inbound, known, conversation)
        return known.person_id

    async def _meet(self, work: UnitOfWork, event: Event, inbound: Personal) -> KnownAddress:
        known = await work.people.meet(inbound.address, inbound.author)
        hours = self.limits[inbound.address.lane].window_hours
        await work.people.heard(known, at=inbound.at, received_at=event.received_at, hours=hours)
        fresh = await work.people.address_by_id(known.id)
        return fresh or known

    async def _by_sms(self, work: UnitOfWork, event: Event, inbound: Personal) -> int | None:
        """An SMS shows that the number lives, and may opt out: the bot does not talk by SMS."""
        known = await work.people.address(inbound.address)
        if known is None:
            return None
        await work.people.open(known.id)
        if _opts_out(inbound, work.now):
            await self.dialogs.opt_out(work, event, known, confirm=False)
        return known.person_id

    def _acknowledge(self, work: UnitOfWork, inbound: Inbound) -> None:
        if isinstance(inbound, ButtonPressed) and inbound.press:
            to: Address = inbound.address
            work.courtesies.append(Send(to, Acknowledge(inbound.press)))


def _opts_out(inbound: Personal, now: datetime) -> bool:
    match inbound:
        case TextReceived(text=text):
            return parse(text) is Command.STOP
        case ButtonPressed(payload=payload):
            return read_wish(payload, now) is Wish.UNSUBSCRIBE
        case _:
            return False
