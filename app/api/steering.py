"""`broadcasts/{id}/start` and its kin: what sets a campaign going, stops it and ends it."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp_pydantic.oas.typing import r200

from app.api.broadcast_json import Broadcast, found, present, state_of
from app.api.problems import Problem
from app.api.view import ACTOR, View, shown
from broadcast import campaign
from storage.unit_of_work import UnitOfWork


class StartView(View):
    """`POST broadcasts/{broadcast_id}/start`."""

    async def post(self, broadcast_id: int, /) -> r200[Broadcast]:
        """Freeze the audience and begin to send. Of all calls only the first one succeeds.

        Tags: broadcasts
        Status Codes:
            200: The campaign, which is running now.
        """

        async def start(work: UnitOfWork, number: int, actor: str) -> bool:
            return await campaign.start(work, number, actor) == "started"

        return await _steer(self, broadcast_id, start, "Only a draft can be started")


class PauseView(View):
    """`POST broadcasts/{broadcast_id}/pause`."""

    async def post(self, broadcast_id: int, /) -> r200[Broadcast]:
        """Send nothing more for now; what is on its way arrives.

        Tags: broadcasts
        Status Codes:
            200: The campaign, which is paused now.
        """
        return await _steer(self, broadcast_id, campaign.pause, "Only a running one can be paused")


class ResumeView(View):
    """`POST broadcasts/{broadcast_id}/resume`."""

    async def post(self, broadcast_id: int, /) -> r200[Broadcast]:
        """Go on where it was paused; nobody gets it twice.

        Tags: broadcasts
        Status Codes:
            200: The campaign, which is running again.
        """
        return await _steer(self, broadcast_id, campaign.resume, "Only a paused one can be resumed")


class CancelView(View):
    """`POST broadcasts/{broadcast_id}/cancel`."""

    async def post(self, broadcast_id: int, /) -> r200[Broadcast]:
        """Send nothing more ever; what was not begun is cancelled.

        Tags: broadcasts
        Status Codes:
            200: The campaign, which is cancelled now.
        """
        return await _steer(self, broadcast_id, campaign.cancel, "What is over cannot be cancelled")


Steering = Callable[[UnitOfWork, int, str], Awaitable[bool]]


async def _steer(view: View, broadcast_id: int, steer: Steering, otherwise: str) -> web.Response:
    async with view.house.database.begin() as work:
        before = await found(work, broadcast_id)
        if not await steer(work, broadcast_id, ACTOR):
            raise Problem(409, f"{otherwise}; broadcast {broadcast_id} is {state_of(before)}.")
        return shown(await present(work, broadcast_id))
