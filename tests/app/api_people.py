"""People, what they said and what was sent to them, put straight into the ledger."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from storage.database import Database
from storage.deliveries import NewDelivery
from storage.inbox import Reading
from storage.unit_of_work import UnitOfWork
from tests.app.api_caller import Caller
from vestnik.address import SMS, Address, ChannelName
from vestnik.consent import MESSENGERS, ConsentEntry
from vestnik.delivery import Attempt, new_handle
from vestnik.inbound import Author, Inbound
from vestnik.outbound import Button, Text
from vestnik.richtext import RichText
from vestnik.route import Step


def at(handle: str, channel: str = "telegram") -> Address:
    return Address(ChannelName(channel), "main", handle)


async def arrives(
    database: Database,
    handle: str,
    *,
    channel: str = "telegram",
    name: str = "Аня",
    city: str = "",
    agrees: bool = False,
    phone: str = "",
) -> int:
    """Somebody who wrote once; gives the person's id."""
    async with database.begin() as work:
        known = await work.people.meet(at(handle, channel), Author(handle, name, "ru"))
        await work.people.heard(known, at=work.now, received_at=work.now, hours=24)
        if city:
            await work.people.answer(known.person_id, "city", [city])
        if agrees:
            await agree(work, known.person_id)
        if phone:
            await work.people.confirm_phone(known.person_id, phone)
        return known.person_id


async def agree(work: UnitOfWork, person_id: int) -> None:
    entry = ConsentEntry(
        person_id=person_id,
        purpose="advertising",
        action="grant",
        at=work.now,
        actor="test",
        channels=(MESSENGERS, SMS),
        text_version="2026-10",
    )
    await work.consents.record(entry)


async def said(database: Database, person_id: int, *inbound: Inbound) -> None:
    """Events of a person, all from one address, that took effect."""
    async with database.begin() as work:
        await work.inbox.keep(inbound[0].address.lane, [b"{}"])
        (unread,) = await work.inbox.unread(1)
        await work.inbox.were_read([Reading(unread, inbound)])
        for _ in inbound:
            (event,) = await work.inbox.due(1)
            await work.inbox.done([event], person_id)


async def hears(api: Caller, inbound: Inbound) -> None:
    """The event comes in and takes effect."""
    async with api.house.database.begin() as work:
        await work.inbox.keep(inbound.address.lane, [b"{}"])
        (unread,) = await work.inbox.unread(1)
        await work.inbox.were_read([Reading(unread, [inbound])])
    async with api.house.database.begin() as work:
        (event,) = await work.inbox.due(1)
        await work.inbox.done([event], await api.house.router(work, event))


async def replied(
    database: Database, person_id: int, handle: str, text: str, *buttons: Button
) -> int:
    """A reply of the bot is planned; gives the delivery's id."""
    async with database.begin() as work:
        known = await work.people.address(at(handle))
        assert known is not None
        planned = await work.deliveries.plan(
            NewDelivery(
                kind="reply",
                content=Text(RichText(text), buttons),
                route=(Step(known.address.channel),),
                ground={"event": 1},
                person_id=person_id,
                address=known.address,
                address_id=known.id,
            )
        )
    assert planned is not None
    return planned


async def taken(
    database: Database,
    delivery_id: int,
    reference: str,
    *,
    state: Literal["accepted", "delivered", "read"] = "accepted",
    cost: str | None = None,
    segments: int | None = None,
) -> None:
    """A provider took a delivery that has its address."""
    async with database.begin() as work:
        (planned,) = await work.deliveries.locked([delivery_id])
        assert planned.address is not None
        begun = replace(planned, state="sending", attempts=planned.attempts + 1)
        attempt = Attempt(
            delivery_id=delivery_id,
            number=begun.attempts,
            step=begun.step,
            address=planned.address,
            address_id=planned.address_id,
            handle=new_handle(planned),
            form="free",
            state="sending",
        )
        deadline = work.now + timedelta(minutes=1)
        await work.ledger.begin(
            [(begun, attempt)], lane=attempt.address.lane, worker="test", deadline=deadline
        )
        told = replace(attempt, state=state, reference=reference, cost=cost, segments=segments)
        await work.ledger.note([told])
        reached = planned.address.channel
        await work.ledger.change([replace(begun, state=state, best=state, reached=reached)])
