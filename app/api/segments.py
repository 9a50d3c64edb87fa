"""`segments/count`: how many people a segment means, before anything is sent to them."""

from aiohttp_pydantic.oas.typing import r200
from pydantic import BaseModel, Field

from app.api import segment_json
from app.api.view import Body, View, shown


class SegmentQuestion(Body):
    """Whom to count."""

    segment: segment_json.Bounded


class SegmentCount(BaseModel):
    """How many there are; a person counts on each channel that reaches them."""

    total: int
    channels: dict[str, int] = Field(description="by channel")


class SegmentCountView(View):
    """`POST segments/count`."""

    async def post(self, body: SegmentQuestion) -> r200[SegmentCount]:
        """How many people a segment means now.

        Every key of a segment's object holds for the people meant: `{"question": "city", "in":
        ["Казань"], "consent": "advertising"}`; `all`, `any` and `not` combine, `{}` is everybody.

        Tags: segments
        Status Codes:
            200: The counts.
        """
        segment = segment_json.read(body.segment)
        async with self.house.database.read() as work:
            total = await work.audiences.count(segment)
            channels = await work.audiences.count_by_channel(segment)
        return shown(SegmentCount(total=total, channels=dict(channels)))
