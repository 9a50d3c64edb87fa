"""`events`: something happened to a person; the scenario may have something to say about it."""

import hashlib
from typing import Annotated

from aiohttp_pydantic.oas.typing import r202
from pydantic import BaseModel, Field

from app.api.cursors import Id
from app.api.messages import Key
from app.api.problems import wrong
from app.api.view import ACTOR, Body, Name, View, Words, shown
from delivery import hints
from dialogs.entries import Entry
from dialogs.scenario import Scenario
from storage.auditing import Deed
from storage.continuations import Continuation
from storage.unit_of_work import UnitOfWork

Value = Annotated[Words, Field(max_length=500)]


class NewEvent(Body):
    """Something that happened to a person, by a name that the scenario knows."""

    person: Id
    event: Name = Field(description="as in an entry of the scenario: `order_done`")
    values: dict[Name, Value] = Field(
        default_factory=dict, description="what the entry names; a time is ISO 8601"
    )


class Heard(BaseModel):
    """The event is kept; the dialog begins as soon as the person awaits no other."""

    id: int


class EventsView(View):
    """`POST events`."""

    async def post(self, body: NewEvent, *, idempotency_key: Key) -> r202[Heard]:
        """Tell of something that happened to a person, so that the dialog may speak of it.

        It begins once, where the person wrote last and may be written to; it waits while they
        answer something else or talk to an operator, for a day at the most.

        Tags: events
        Status Codes:
            202: The event is kept.
        """
        scenario = self.house.shelf.current
        entry = _entry(scenario, body)
        key = f"api:{hashlib.sha256(idempotency_key.encode()).hexdigest()}"
        async with self.house.database.begin() as work:
            known = await work.continuations.by_key(key)
            if known is None:
                known = await _plan(work, scenario.version, body, entry, key)
        return shown(Heard(id=known), 202)


def _entry(scenario: Scenario, body: NewEvent) -> Entry:
    entry = scenario.happened(body.event)
    if entry is None:
        events = ", ".join(it.event for it in scenario.entries.values() if it.event) or "none"
        raise wrong("event", f"The scenario has no event {body.event}; it has {events}.")
    unknown = ", ".join(sorted(body.values.keys() - set(entry.values)))
    if unknown:
        raise wrong("values", f"The event has no {unknown}; name it in the scenario first.")
    return entry


async def _plan(work: UnitOfWork, version: str, body: NewEvent, entry: Entry, key: str) -> int:
    if await work.people.person(body.person) is None:
        raise wrong("person", f"There is no person {body.person}.")
    new = Continuation(
        person_id=body.person,
        address_id=None,
        version=version,
        step=entry.next,
        values={"event": dict(body.values)},
        ground={"by": ACTOR, "why": body.event},
        at=work.now,
        key=key,
    )
    planned = await work.continuations.plan(new)
    if planned is None:
        planned = await work.continuations.by_key(key)
    if planned is None:
        raise AssertionError("a key that is taken has an event")
    deed = Deed(
        actor=ACTOR,
        action="event.tell",
        subject=f"person:{body.person}",
        after={"event": body.event},
    )
    await work.audit.record(deed)
    work.hints.add(hints.CONTINUE)
    return planned
