"""`people/{id}/messages`: what a person said to us and we to them, the newest first."""

from typing import Literal

from aiohttp_pydantic.oas.typing import r200
from pydantic import AwareDatetime, BaseModel, Field

from app.api.cursors import BY_TIME
from app.api.people import unknown_person
from app.api.view import After, Limit, View, shown
from storage.history import Said
from vestnik.inbound import (
    ButtonPressed,
    ContactShared,
    MediaReceived,
    Personal,
    Started,
    TextReceived,
)
from vestnik.outbound import Message, Template, Text
from vestnik.states import DeliveryState, Kind


class HistoryItem(BaseModel):
    """A message; one of ours is one entry, however many channels were tried for it."""

    id: str = Field(description="`in-…` or `out-…`")
    direction: Literal["in", "out"]
    channel: str | None = Field(description="null: its route has not found one yet")
    text: str
    external_id: str | None = Field(description="the provider's id; null while it took nothing")
    at: AwareDatetime = Field(description="when it came to us, or was planned")
    state: DeliveryState | Literal["received"]
    kind: Kind | None = Field(description="null for what the person said")


class HistoryPage(BaseModel):
    """A page of messages, the newest first."""

    items: list[HistoryItem]
    next: str | None


class HistoryView(View):
    """`GET people/{person_id}/messages`."""

    async def get(
        self, person_id: int, /, limit: Limit = 50, cursor: After = None
    ) -> r200[HistoryPage]:
        """What a person said to us and we to them, the newest first.

        Tags: people
        Status Codes:
            200: A page of messages.
        """
        before = BY_TIME.read(cursor)
        async with self.house.database.read() as work:
            if await work.people.person(person_id) is None:
                raise unknown_person(person_id)
            found = await work.history.of(person_id, before=before, limit=limit + 1)
        said, following = BY_TIME.cut(found, limit, lambda it: (it.at, it.direction, it.id))
        return shown(HistoryPage(items=[_item(it) for it in said], next=following))


def message_id(delivery_id: int) -> str:
    """The id that a message of ours has in the history."""
    return f"out-{delivery_id}"


def _item(said: Said) -> HistoryItem:
    return HistoryItem(
        id=message_id(said.id) if said.direction == "out" else f"in-{said.id}",
        direction=said.direction,
        channel=said.channel,
        text=_words(said.content),
        external_id=_external_id(said),
        at=said.at,
        state=said.state or "received",
        kind=said.kind,
    )


def _external_id(said: Said) -> str | None:
    match said.content:
        case Text() | Template():
            return said.reference
        case ButtonPressed(press=str()):
            # It is no message: what it refers to is the one with the button, which is ours.
            return said.reference
        case heard:
            return heard.reference or said.reference


def _words(content: Personal | Message) -> str:
    match content:
        case Text(body=body):
            return body.text
        case Template(text=text) | TextReceived(text=text):
            return text
        case ButtonPressed(label=label, payload=payload):
            return label or payload
        case ContactShared(phone=phone):
            return phone
        case MediaReceived(kind=kind, caption=caption):
            return f"[{kind}] {caption}".rstrip()
        case Started(payload=payload):
            return f"/start {payload or ''}".rstrip()
