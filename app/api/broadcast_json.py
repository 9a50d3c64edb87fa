"""How a campaign is asked for and shown in JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from app.api import saying, segment_json
from app.api.cursors import BY_ID
from app.api.problems import Problem, wrong
from app.api.view import Body, Name, Words
from broadcast.campaign import Plan, unfit_for
from broadcast.plans import opening, plan_for
from dialogs.entries import GO
from fallback.routes import spell
from storage.broadcasts import Broadcast as Stored
from storage.unit_of_work import UnitOfWork
from vestnik.outbound import Button

if TYPE_CHECKING:
    from app.wiring import House

State = Literal["draft", "running", "paused", "cancelled", "finished"]


class Opening(Body):
    """A button that opens an entry of the scenario, one with `button: true`."""

    opens: Name
    label: Annotated[Words, Field(min_length=1, max_length=80)] | None = Field(
        None, description="the entry's own unless given"
    )


class NewBroadcast(Body):
    """A broadcast to be drafted; nothing is sent before it is started."""

    segment: segment_json.Bounded
    text: saying.Markdown
    buttons: list[Opening] = Field(default_factory=list, max_length=10)
    route: saying.RouteText | None = Field(None, description="the house's route unless given")
    template: Name | None = Field(
        None,
        description="name of the template that carries the text where a window is closed; left "
        "out: the house's; null: none, the next step follows",
    )
    topic: Name | None = Field(
        None, description="what it is about, an id of the scenario's: people may switch that off"
    )
    send_at: AwareDatetime | None = Field(
        None, description="not yet: broadcasts begin when they are started, a time is refused"
    )


class Broadcast(BaseModel):
    """A campaign; `states` adds up to `audience` once it is started."""

    id: int
    state: State
    audience: int = Field(description="people it was frozen for; for a draft: who belongs now")
    states: dict[str, int] = Field(description="deliveries by state")
    segment: segment_json.SegmentFilter
    text: str
    buttons: list[Opening]
    route: str
    template: str | None
    topic: str | None
    reason: str | None = Field(description="why it was paused, where it paused by itself")
    created_by: str
    created_at: AwareDatetime
    started_at: AwareDatetime | None


class Broadcasts(BaseModel):
    """A page of campaigns, the newest first."""

    items: list[Broadcast]
    next: str | None


def state_of(stored: Stored) -> State:
    """The state people mean: one that runs, and has nothing left to do, is finished."""
    return "finished" if stored.state == "running" and stored.finished else stored.state


def planned(house: "House", asked: NewBroadcast) -> Plan:
    """The plan that is asked for; raises Problem where this house cannot carry it out."""
    if asked.send_at is not None:
        raise wrong("send_at", "Broadcasts cannot be scheduled yet: start it when it is time.")
    topics = house.shelf.current.topics
    if asked.topic is not None and asked.topic not in topics:
        known = ", ".join(topics) or "none"
        raise wrong("topic", f"The scenario has no topic {asked.topic}; it has: {known}.")
    limits = saying.by_channel(house)
    named = "template" in asked.model_fields_set
    plan = plan_for(
        segment_json.read(asked.segment),
        saying.content(asked.text, _buttons(house, asked.buttons)),
        saying.route(asked.route, house.route, limits),
        template=(asked.template or "") if named else house.settings.whatsapp_template,
        language=house.languages.default,
        topic=asked.topic,
        limits=limits,
    )
    saying.refuse_unfit(unfit_for(plan, limits))
    return plan


def _buttons(house: "House", asked: Sequence[Opening]) -> tuple[Button, ...]:
    offered = house.scenario.buttons()
    unknown = ", ".join(it.opens for it in asked if it.opens not in offered)
    if unknown:
        there = ", ".join(offered) or "none"
        raise wrong("buttons", f"The scenario has no entry for buttons {unknown}; it has {there}.")
    own = opening(house.scenario, [it.opens for it in asked], house.languages)
    return tuple(
        replace(button, label=it.label or button.label)
        for it, button in zip(asked, own, strict=True)
    )


async def page(work: UnitOfWork, limit: int, cursor: str | None) -> Broadcasts:
    """So many campaigns, from a cursor on; raises Problem for a cursor that is none."""
    latest = await work.broadcasts.latest(limit + 1, before=BY_ID.read(cursor))
    stored, following = BY_ID.cut(latest, limit, lambda it: it.id)
    states = await work.reports.states([it.id for it in stored])
    items = [await told(work, it, states.get(it.id, {})) for it in stored]
    return Broadcasts(items=items, next=following)


async def found(work: UnitOfWork, broadcast_id: int) -> Stored:
    """A campaign by id; raises Problem."""
    stored = await work.broadcasts.get(broadcast_id)
    if stored is None:
        raise Problem(404, f"There is no broadcast {broadcast_id}.")
    return stored


async def present(work: UnitOfWork, broadcast_id: int) -> Broadcast:
    """A campaign as it stands; raises Problem."""
    stored = await found(work, broadcast_id)
    states = await work.reports.states([broadcast_id])
    return await told(work, stored, states.get(broadcast_id, {}))


async def told(work: UnitOfWork, stored: Stored, states: Mapping[str, int]) -> Broadcast:
    """A campaign in JSON; the audience of a draft is counted, as it is not frozen yet."""
    audience = stored.audience or 0
    if stored.state == "draft":
        audience = await work.audiences.count(stored.segment)
    return Broadcast(
        id=stored.id,
        state=state_of(stored),
        audience=audience,
        states=dict(states),
        segment=segment_json.write(stored.segment),
        text=stored.content.body.text,
        buttons=[
            Opening(opens=it.payload.removeprefix(GO), label=it.label)
            for it in stored.content.buttons
            if isinstance(it, Button)
        ],
        route=spell(stored.route),
        template=next((it.name for it in stored.templates.values()), None),
        topic=stored.topic,
        reason=stored.reason,
        created_by=stored.created_by,
        created_at=stored.created_at,
        started_at=stored.started_at,
    )
