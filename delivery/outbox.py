"""Puts messages into the outbox; nothing is sent from anywhere else."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from delivery import hints
from storage.deliveries import NewDelivery
from storage.known import KnownAddress
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address
from vestnik.channel import Limits
from vestnik.fit import split
from vestnik.outbound import Message, Text
from vestnik.route import Route, Step
from vestnik.states import Kind

REPLY_VALID = timedelta(hours=24)
"""An answer that could not be given within a day would only puzzle."""


async def say(
    work: UnitOfWork,
    to: KnownAddress,
    messages: Iterable[Message],
    limits: Limits,
    *,
    kind: Kind,
    ground: Mapping[str, Any],
    version: int | None = None,
) -> None:
    """Say something on an address of somebody; a long text goes as several messages."""
    for message in messages:
        for part in split(message, limits) if isinstance(message, Text) else (message,):
            await work.deliveries.plan(
                NewDelivery(
                    kind=kind,
                    content=part,
                    route=(Step(to.address.channel),),
                    ground=ground,
                    person_id=to.person_id,
                    address=to.address,
                    address_id=to.id,
                    version=version,
                    expires_at=work.now + REPLY_VALID,
                )
            )
    work.hints.add(hints.of_lane(to.address.lane))


async def post(
    work: UnitOfWork,
    chat: Address,
    text: Text,
    *,
    ground: Mapping[str, Any],
    about: KnownAddress | None = None,
) -> int:
    """Write to a staff chat; `about` is the customer it tells of. Gives the delivery's id."""
    delivery_id = await work.deliveries.plan(
        NewDelivery(
            kind="staff",
            content=text,
            route=(Step(chat.channel),),
            ground=ground,
            address=chat,
            about_id=about.id if about else None,
            expires_at=work.now + REPLY_VALID,
        )
    )
    if delivery_id is None:
        raise AssertionError("a delivery without a key is always planned")
    work.hints.add(hints.of_lane(chat.lane))
    return delivery_id


async def transact(
    work: UnitOfWork,
    person_id: int,
    content: Message,
    route: Route,
    *,
    ground: Mapping[str, Any],
    key: str | None = None,
    valid: timedelta = REPLY_VALID,
    address: Address | None = None,
    urgent: bool = False,
) -> int | None:
    """Send what a person expects (a code, a receipt); None when the key was used before.

    With `address` it goes there, whether or not it is one of the person's already. What is not
    `urgent` waits for the end of their quiet hours.
    """
    planned = await work.deliveries.plan(
        NewDelivery(
            kind="transactional",
            content=content,
            route=route,
            ground=ground,
            person_id=person_id,
            address=address,
            expires_at=work.now + valid,
            key=key,
            urgent=urgent,
        )
    )
    work.hints.add(hints.of_lane(address.lane) if address else hints.ROUTE)
    return planned
