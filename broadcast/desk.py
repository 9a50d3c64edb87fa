"""The front desk of the admin chat: who speaks, whether they may, and who of us answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import assert_never

from broadcast.call import Call
from broadcast.commands import Order, Press, read
from broadcast.composing import Composer
from broadcast.console import Console
from broadcast.staff import Role, Staff, may
from broadcast.starting import Starter
from broadcast.steering import Steering
from broadcast.studio import Studio
from broadcast.wording import plain
from delivery.outbox import post
from dialogs.languages import Languages
from dialogs.shelf import Shelf
from storage.auditing import Deed
from storage.inbox import Event
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address, Lane
from vestnik.channel import Limits
from vestnik.inbound import Personal
from vestnik.route import Route

REFUSED = "refused"
"""The action under which the log keeps what somebody tried who may not."""

TELL_AGAIN = timedelta(hours=1)
"""A stranger is refused in words once in this time, however often they try."""


@dataclass(frozen=True)
class Desk:
    """Hears staff. `staff` gives the role of "channel:numeric id"; nothing else makes one staff.

    `limits` are those of the lanes that are switched on, `route` is that of new broadcasts,
    `template` the name of the template that carries a text where a window is closed, or empty.
    """

    languages: Languages
    shelf: Shelf
    limits: Mapping[Lane, Limits]
    staff: Mapping[str, Role]
    admin_chat: Address | None
    route: Route
    template: str

    async def hear(self, work: UnitOfWork, event: Event, inbound: Personal) -> bool:
        """Take a message in; false when it is none of the desk's and the dialog goes on."""
        order = read(inbound)
        staff = await self._member(work, event, inbound)
        if staff is None:
            return await self._refuse_stranger(work, event, inbound, order)
        call = Call(work, event, inbound, staff, self.limits[inbound.address.lane])
        if order is None:
            return await self._composer.hear(call)
        if not may(staff.role, order.command):
            await self._refuse(call, order)
        elif isinstance(order, Press):
            await self._press(call, order)
        else:
            await self._obey(call, order)
        return True

    def is_addressed(self, event: Event, inbound: Personal) -> bool:
        """Whether a member of staff gives an order: their /cancel is no wish to unsubscribe."""
        return self._actor(event, inbound) in self.staff and read(inbound) is not None

    async def _obey(self, call: Call, order: Order) -> None:
        typed = order.rest
        match order.command:
            case "broadcast":
                await self._composer.begin(call, typed)
            case "broadcasts":
                await self._console.broadcasts(call)
            case "report":
                await self._console.report(call, typed)
            case "segments":
                await self._console.segments(call, typed)
            case "pause":
                await self._steering.pause(call, typed)
            case "resume":
                await self._steering.resume(call, typed)
            case "cancel":
                # Somebody in the middle of a draft means the draft.
                if typed or not await self._composer.drop(call):
                    await self._steering.cancel(call, typed)
            case "find" | "proof":
                look = self._console.find if order.command == "find" else self._console.proof
                await look(call, typed)
            case "audit":
                await self._console.audit(call)
            case "help":
                await self._console.help(call)
            case never:
                assert_never(never)

    async def _press(self, call: Call, press: Press) -> None:
        match press.verb:
            case "draft":
                await self._composer.press(call, press.argument)
            case "send":
                await self._starter.press(call, press.argument)
            case "pause":
                await self._steering.pause(call, press.argument)
            case "resume":
                await self._steering.resume(call, press.argument)
            case "cancel":
                await self._steering.ask(call, press.argument)
            case "end":
                await self._steering.end(call, press.argument)
            case "report":
                await self._console.report(call, press.argument)
            case never:
                assert_never(never)

    async def _member(self, work: UnitOfWork, event: Event, inbound: Personal) -> Staff | None:
        actor = self._actor(event, inbound)
        role = self.staff.get(actor)
        if role is None:
            return None
        language = None if inbound.in_group else await self._language(work, inbound)
        return Staff(actor, role, inbound.author.name, language)

    async def _language(self, work: UnitOfWork, inbound: Personal) -> str | None:
        known = await work.people.address(inbound.address)
        person = await work.people.person(known.person_id) if known else None
        return person.language if person else inbound.author.language

    async def _refuse_stranger(
        self, work: UnitOfWork, event: Event, inbound: Personal, order: Order | Press | None
    ) -> bool:
        if order is None or order.command == "help":
            return False
        actor = self._actor(event, inbound)
        told = await work.audit.did(actor, REFUSED, within=TELL_AGAIN)
        await work.audit.record(_refused(actor, order))
        if not told:
            note = plain(self.languages.text(None, "Sorry, this is for our staff only."))
            await post(work, inbound.address, note, ground={"role": "", "event": event.id})
        return True

    async def _refuse(self, call: Call, order: Order | Press) -> None:
        await call.work.audit.record(_refused(call.staff.actor, order))
        note = self.languages.text(
            call.staff.language,
            "Your role does not allow /{command}. /help shows what it does.",
            command=order.command,
        )
        await call.tell(plain(note))

    @staticmethod
    def _actor(event: Event, inbound: Personal) -> str:
        return f"{event.lane.channel}:{inbound.author.user_id}"

    @cached_property
    def _studio(self) -> Studio:
        return Studio(self.languages, self.shelf, self.limits, self.route, self.template)

    @cached_property
    def _composer(self) -> Composer:
        return Composer(self._studio)

    @cached_property
    def _starter(self) -> Starter:
        return Starter(self.languages, self._composer)

    @cached_property
    def _steering(self) -> Steering:
        return Steering(self.languages)

    @cached_property
    def _console(self) -> Console:
        return Console(self._studio, self._steering)


def _refused(actor: str, order: Order | Press) -> Deed:
    tried = f"/{order.command}" if isinstance(order, Order) else f"button:{order.verb}"
    return Deed(actor=actor, action=REFUSED, subject=tried)
