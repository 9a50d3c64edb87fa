"""`segments/count`: how many people a segment means, before anything is sent to them."""

from aiohttp_pydantic.oas.typing import r200
from pydantic import BaseModel, Field, model_validator

from app.api import segment_json
from app.api.view import Body, View, shown
from dialogs.query.reading import parse
from dialogs.query.writing import write
from vestnik.segment import Segment

SAMPLE = 10


class SegmentQuestion(Body):
    """Whom to count."""

    segment: segment_json.Bounded | None = None
    query: segment_json.Query | None = Field(None, description="the same in words")

    @model_validator(mode="after")
    def _one_of_them(self) -> "SegmentQuestion":
        if (self.segment is None) == (self.query is None):
            raise ValueError("give `segment` or `query`, one of them")
        return self

    def meant(self) -> Segment:
        """The segment that is asked about."""
        if self.segment is not None:
            return segment_json.read(self.segment)
        return parse(self.query or "")


class SegmentCount(BaseModel):
    """How many there are; a person counts on each channel that reaches them."""

    total: int
    channels: dict[str, int] = Field(description="by channel")
    sample: list[int] = Field(description="ids of some of them")
    query: str = Field(description="the segment in words")


class SegmentCountView(View):
    """`POST segments/count`."""

    async def post(self, body: SegmentQuestion) -> r200[SegmentCount]:
        """How many people a segment means now.

        Every key of a segment's object holds for the people meant: `{"question": "city", "in":
        ["Казань"], "consent": "advertising"}`; `all`, `any` and `not` combine, `{}` is everybody.
        A `query` says it in words: `city = "Казань" and not seen < 30d`.

        Tags: segments
        Status Codes:
            200: The counts.
        """
        segment = body.meant()
        async with self.house.database.read() as work:
            reach = await work.audiences.reach(segment, sample=SAMPLE)
        return shown(
            SegmentCount(
                total=reach.total,
                channels=dict(reach.channels),
                sample=list(reach.sample),
                query=write(segment),
            )
        )
