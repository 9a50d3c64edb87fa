"""`broadcasts/{id}/report` and `/deliveries`: what became of a campaign, in sum and one by one."""

from decimal import Decimal
from typing import Annotated

from aiohttp_pydantic.oas.typing import r200
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from app.api import broadcast_json
from app.api.cursors import BY_ID
from app.api.view import After, Limit, View, shown
from vestnik.states import AttemptState, DeliveryState


def _plainly(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


Cost = Annotated[
    str, BeforeValidator(_plainly), Field(description="a decimal number, the gateway's currency")
]


class Report(BaseModel):
    """The numbers of a campaign; the same query as the report in the chat."""

    model_config = ConfigDict(from_attributes=True)

    audience: int
    states: dict[str, int] = Field(description="people by state; adds up to `audience`")
    channels: dict[str, int] = Field(
        description="attempts that a provider accepted; who fell back counts in two"
    )
    reached: dict[str, int] = Field(description="people by the channel that finally reached them")
    skipped: dict[str, int] = Field(description="people by reason")
    failed: dict[str, int] = Field(description="people by reason")
    segments: int = Field(description="SMS parts")
    cost: Cost
    twice: int = Field(description="people whom an earlier step reached beside a later one")


class AttemptLine(BaseModel):
    """One try on one channel."""

    channel: str
    handle: str = Field(description="the idempotency handle that the provider was given")
    to: str | None = Field(description="the address's handle")
    state: AttemptState
    reason: str | None
    reference: str | None = Field(description="the provider's id, once it accepted")
    started_at: AwareDatetime
    cost: Cost | None
    segments: int | None


class DeliveryLine(BaseModel):
    """One person's line."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    person: int
    state: DeliveryState
    reason: str | None
    channel: str | None
    attempts: list[AttemptLine]


class Deliveries(BaseModel):
    """A page of deliveries, by id."""

    items: list[DeliveryLine]
    next: str | None


class ReportView(View):
    """`GET broadcasts/{broadcast_id}/report`."""

    async def get(self, broadcast_id: int, /) -> r200[Report]:
        """The numbers of a campaign now.

        Tags: broadcasts
        Status Codes:
            200: The numbers.
        """
        async with self.house.database.read() as work:
            await broadcast_json.found(work, broadcast_id)
            report = await work.reports.of(broadcast_id)
        return shown(Report.model_validate(report))


class DeliveriesView(View):
    """`GET broadcasts/{broadcast_id}/deliveries`."""

    async def get(
        self, broadcast_id: int, /, limit: Limit = 50, cursor: After = None
    ) -> r200[Deliveries]:
        """Everybody in the audience, one line each: what became of the message and why.

        Tags: broadcasts
        Status Codes:
            200: A page of lines.
        """
        after = BY_ID.read(cursor) or 0
        async with self.house.database.read() as work:
            await broadcast_json.found(work, broadcast_id)
            found = await work.reports.lines(broadcast_id, after=after, limit=limit + 1)
        lines, following = BY_ID.cut(found, limit, lambda line: line.id)
        items = [DeliveryLine.model_validate(line) for line in lines]
        return shown(Deliveries(items=items, next=following))
