"""`broadcasts`: drafting campaigns, and how they stand."""

from aiohttp_pydantic.oas.typing import r200, r201

from app.api import saying, segment_json
from app.api.broadcast_json import Broadcast, Broadcasts, NewBroadcast, present, told
from app.api.cursors import BY_ID
from app.api.problems import wrong
from app.api.view import ACTOR, After, Limit, View, shown
from broadcast import campaign
from broadcast.plans import plan_for


class BroadcastsView(View):
    """`GET|POST broadcasts`."""

    async def get(self, limit: Limit = 50, cursor: After = None) -> r200[Broadcasts]:
        """The campaigns, the newest first.

        Tags: broadcasts
        Status Codes:
            200: A page of campaigns.
        """
        async with self.house.database.read() as work:
            latest = await work.broadcasts.latest(limit + 1, before=BY_ID.read(cursor))
            stored, following = BY_ID.cut(latest, limit, lambda it: it.id)
            states = await work.reports.states([it.id for it in stored])
            items = [await told(work, it, states.get(it.id, {})) for it in stored]
        return shown(Broadcasts(items=items, next=following))

    async def post(self, body: NewBroadcast) -> r201[Broadcast]:
        """Draft a campaign. Nothing is sent: `start` freezes the audience and begins.

        Tags: broadcasts
        Status Codes:
            201: The draft.
        """
        if body.send_at is not None:
            raise wrong("send_at", "Broadcasts cannot be scheduled yet: start it when it is time.")
        house = self.house
        limits = saying.by_channel(house)
        named = "template" in body.model_fields_set
        plan = plan_for(
            segment_json.read(body.segment),
            saying.content(body.text),
            saying.route(body.route, house.route, limits),
            template=(body.template or "") if named else house.settings.whatsapp_template,
            language=house.languages.default,
            limits=limits,
        )
        saying.refuse_unfit(campaign.unfit_for(plan, limits))
        async with house.database.begin() as work:
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
