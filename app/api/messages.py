"""`messages`: one message to one person who expects it: a receipt, a reminder, a code."""

import hashlib
from typing import Annotated

from aiohttp_pydantic.oas.typing import r202
from pydantic import BaseModel, Field, StringConstraints, model_validator

from app.api import saying
from app.api.cursors import Id
from app.api.history import message_id
from app.api.problems import wrong
from app.api.view import ACTOR, Body, Name, View, Words, shown
from delivery.outbox import transact
from storage.auditing import Deed
from storage.unit_of_work import UnitOfWork
from vestnik.address import Address, ChannelName
from vestnik.fit import Unfit, fit
from vestnik.outbound import Text
from vestnik.route import Route, Step, may_use


class NewMessage(Body):
    """A message to one person, named by id or by an address we know."""

    person: Id | None = None
    channel: Name | None = None
    handle: Annotated[Words, Field(min_length=1, max_length=255)] | None = None
    account: Name = Field("main", description="of ours, with `channel` and `handle`")
    text: saying.Markdown
    route: saying.RouteText | None = Field(
        None, description="unless given: the `channel` that was named, else the house's route"
    )
    urgent: bool = Field(
        False, description="goes out also in the person's quiet hours; a code does, news do not"
    )
    ground: Annotated[Words, StringConstraints(strip_whitespace=True, min_length=1)] = Field(
        max_length=500,
        description="why this person may be written to: `order 1017`; kept with the message",
    )

    @model_validator(mode="after")
    def _names_one_person(self) -> "NewMessage":
        named = (self.person is not None, self.channel is not None, self.handle is not None)
        if named not in ((True, False, False), (False, True, True)):
            raise ValueError("name the person by `person`, or by `channel` and `handle`")
        return self


class Accepted(BaseModel):
    """The message will be sent; its state stands in the person's messages."""

    id: str = Field(description="as in the person's messages")


Key = Annotated[
    str,
    Field(
        min_length=1,
        max_length=128,
        description="made up by the caller, one a message: a repetition sends nothing and is "
        "answered with the first message",
    ),
]


class MessagesView(View):
    """`POST messages`."""

    async def post(self, body: NewMessage, *, idempotency_key: Key) -> r202[Accepted]:
        """Send a message that its receiver expects; it needs no consent to advertising.

        Who stopped everything gets nothing, and no free-form message leaves outside a window.

        Tags: messages
        Status Codes:
            202: The message is kept and will be sent.
        """
        # Of its own kind and length, whatever the caller makes up.
        key = f"api:{hashlib.sha256(idempotency_key.encode()).hexdigest()}"
        async with self.house.database.begin() as work:
            delivery_id = await work.deliveries.by_key(key)
            if delivery_id is None:
                delivery_id = await self._plan(work, body, key)
        return shown(Accepted(id=message_id(delivery_id)), 202)

    async def _plan(self, work: UnitOfWork, body: NewMessage, key: str) -> int:
        person_id = await _receiver(work, body)
        content, route = saying.content(body.text), self._route(body)
        saying.refuse_unfit(self._unfit(content, route))
        ground = {"by": ACTOR, "why": body.ground}
        planned = await transact(
            work, person_id, content, route, ground=ground, key=key, urgent=body.urgent
        )
        if planned is None:
            return await _quicker(work, key)
        deed = Deed(
            actor=ACTOR,
            action="message.send",
            subject=f"delivery:{planned}",
            after={"person": person_id, "why": body.ground},
        )
        await work.audit.record(deed)
        return planned

    def _route(self, body: NewMessage) -> Route:
        named = (Step(ChannelName(body.channel)),) if body.channel else self.house.route
        return saying.route(body.route, named, saying.by_channel(self.house))

    def _unfit(self, content: Text, route: Route) -> dict[ChannelName, str]:
        limits = saying.by_channel(self.house)
        fitted = {name: fit(content, it) for name, it in limits.items() if may_use(route, name)}
        return {name: it.why for name, it in fitted.items() if isinstance(it, Unfit)}


async def _receiver(work: UnitOfWork, body: NewMessage) -> int:
    """Who is meant; raises Problem."""
    if body.person is not None:
        if await work.people.person(body.person) is None:
            raise wrong("person", f"There is no person {body.person}.")
        return body.person
    address = Address(ChannelName(body.channel or ""), body.account, body.handle or "")
    known = await work.people.address(address)
    if known is None:
        raise wrong("handle", f"We know nobody at this address on {address.lane}.")
    return known.person_id


async def _quicker(work: UnitOfWork, key: str) -> int:
    """The message of another request with the same key, which came in between."""
    planned = await work.deliveries.by_key(key)
    if planned is None:
        raise AssertionError("a key that is taken has a delivery")
    return planned
