"""`broadcasts`: drafting campaigns, and how they stand."""

from aiohttp_pydantic.oas.typing import r200, r201

from app.api.broadcast_json import Broadcast, Broadcasts, NewBroadcast, page, planned, present
from app.api.view import ACTOR, After, Limit, View, shown
from broadcast import campaign


class BroadcastsView(View):
    """`GET|POST broadcasts`."""

    async def get(self, limit: Limit = 50, cursor: After = None) -> r200[Broadcasts]:
        """The campaigns, the newest first.

        Tags: broadcasts
        Status Codes:
            200: A page of campaigns.
        """
        async with self.house.database.read() as work:
            return shown(await page(work, limit, cursor))

    async def post(self, body: NewBroadcast) -> r201[Broadcast]:
        """Draft a campaign. Nothing is sent: `start` freezes the audience and begins.

        Tags: broadcasts
        Status Codes:
            201: The draft.
        """
        plan = planned(self.house, body)
        async with self.house.database.begin() as work:
            drafted = await present(work, await campaign.draft(work, plan, ACTOR))
        return shown(drafted, 201, {"Location": f"{self.request.path}/{drafted.id}"})


class BroadcastView(View):
    """`GET broadcasts/{broadcast_id}`."""

    async def get(self, broadcast_id: int, /) -> r200[Broadcast]:
        """A campaign and how it stands.

        Tags: broadcasts
        Status Codes:
            200: The campaign.
        """
        async with self.house.database.read() as work:
            return shown(await present(work, broadcast_id))
