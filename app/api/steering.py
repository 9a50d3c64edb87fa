"""`broadcasts/{id}/start` and its kin: what sets a campaign going, stops it and ends it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from aiohttp import web
from aiohttp_pydantic.oas.typing import r200

from app.api.broadcast_json import Broadcast, found, present, state_of
from app.api.problems import Problem
from app.api.view import ACTOR, View, shown
from broadcast import campaign
from storage.unit_of_work import UnitOfWork

Verb = Literal["start", "pause", "resume", "cancel"]


async def _start(work: UnitOfWork, broadcast_id: int, actor: str) -> bool:
    return await campaign.start(work, broadcast_id, actor) == "started"


_ACTS: Mapping[Verb, tuple[Callable[[UnitOfWork, int, str], Awaitable[bool]], str]] = {
    "start": (_start, "Only a draft can be started"),
    "pause": (campaign.pause, "Only a running one can be paused"),
    "resume": (campaign.resume, "Only a paused one can be resumed"),
    "cancel": (campaign.cancel, "What is over cannot be cancelled"),
}


async def steer(work: UnitOfWork, broadcast_id: int, verb: Verb, actor: str) -> Broadcast:
    """The campaign after the act; raises Problem where it is in no state for that."""
    act, otherwise = _ACTS[verb]
    before = await found(work, broadcast_id)
    if not await act(work, broadcast_id, actor):
        raise Problem(409, f"{otherwise}; broadcast {broadcast_id} is {state_of(before)}.")
    return await present(work, broadcast_id)


class StartView(View):
    """`POST broadcasts/{broadcast_id}/start`."""

    async def post(self, broadcast_id: int, /) -> r200[Broadcast]:
        """Freeze the audience and begin to send. Of all calls only the first one succeeds.

        Tags: broadcasts
        Status Codes:
            200: The campaign, which is running now.
        """
        return await _steer(self, broadcast_id, "start")


class PauseView(View):
    """`POST broadcasts/{broadcast_id}/pause`."""

    async def post(self, broadcast_id: int, /) -> r200[Broadcast]:
        """Send nothing more for now; what is on its way arrives.

        Tags: broadcasts
        Status Codes:
            200: The campaign, which is paused now.
        """
        return await _steer(self, broadcast_id, "pause")


class ResumeView(View):
    """`POST broadcasts/{broadcast_id}/resume`."""

    async def post(self, broadcast_id: int, /) -> r200[Broadcast]:
        """Go on where it was paused; nobody gets it twice.

        Tags: broadcasts
        Status Codes:
            200: The campaign, which is running again.
        """
        return await _steer(self, broadcast_id, "resume")


class CancelView(View):
    """`POST broadcasts/{broadcast_id}/cancel`."""

    async def post(self, broadcast_id: int, /) -> r200[Broadcast]:
        """Send nothing more ever; what was not begun is cancelled.

        Tags: broadcasts
        Status Codes:
            200: The campaign, which is cancelled now.
        """
        return await _steer(self, broadcast_id, "cancel")


async def _steer(view: View, broadcast_id: int, verb: Verb) -> web.Response:
    async with view.house.database.begin() as work:
        return shown(await steer(work, broadcast_id, verb, ACTOR))
