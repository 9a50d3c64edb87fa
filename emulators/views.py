"""What can be looked at on the control path: the world, screens, accepted messages, the feed."""

import asyncio
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict

from aiohttp import web

from emulators.accepted import STATUSES
from emulators.asked import number
from emulators.feed import Event
from emulators.gone import unless_gone
from emulators.world import World

HEARTBEAT_SECONDS = 15.0
LONGEST_WAIT = 30.0


class Views:
    """Each is a GET below `/_sim`."""

    def __init__(self, world: World, platforms: Collection[str]) -> None:
        self._world = world
        self._platforms = platforms

    def routes(self) -> Sequence[web.RouteDef]:
        """All of them."""
        return [
            web.get("/_sim/world", self.world),
            web.get("/_sim/screens/{platform}/{chat}", self.screen),
            web.get("/_sim/accepted", self.accepted),
            web.get("/_sim/feed", self.feed),
        ]

    async def world(self, _request: web.Request) -> web.Response:
        """Who there is, which groups, what time it is."""
        world = self._world
        return web.json_response(
            {
                "people": [asdict(human) for human in world.people.values() if human.cast],
                "population": len(world.people),
                "groups": [asdict(group) for group in world.groups],
                "platforms": sorted(self._platforms),
                "now": world.clock.now(),
                "shift": world.clock.shift,
                "notice": world.notice,
            }
        )

    async def screen(self, request: web.Request) -> web.Response:
        """What one chat shows.

        With `?after=version` the answer waits for another version than this one, `&wait=seconds`
        at the most.
        """
        place = request.match_info["platform"], request.match_info["chat"]
        if "after" in request.query:
            version = int(number(request, "after"))
            seconds = min(number(request, "wait", LONGEST_WAIT), LONGEST_WAIT)
            await unless_gone(request, self._world.screens.after(*place, version, seconds))
        return web.json_response(asdict(self._world.screens.of(*place)))

    async def accepted(self, request: web.Request) -> web.Response:
        """The acceptance log as far as it is remembered, and how many came how far in all.

        Narrowed by ?platform=, ?to=, ?containing=, ?last= (the newest so many).
        """
        query, log = request.query, self._world.accepted
        entries = log.find(
            platform=query.get("platform"),
            to=query.get("to"),
            containing=query.get("containing", ""),
            last=int(number(request, "last")) if "last" in query else None,
        )
        items = [self._world.on_ticker(entry) for entry in entries]
        counts = {status: log.count(status) for status in STATUSES}
        return web.json_response({"items": items, "counts": counts})

    async def feed(self, request: web.Request) -> web.StreamResponse:
        """Everything that happens from now on, as server-sent events."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        with self._world.feed.listening() as events:
            await response.prepare(request)
            try:
                await unless_gone(request, _pass_on(events, response))
            except ConnectionError:
                return response
        return response


async def _pass_on(events: asyncio.Queue[Event], response: web.StreamResponse) -> None:
    await response.write(b": hello\n\n")
    while True:
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                told = [await events.get()]
        except TimeoutError:
            await response.write(b": still here\n\n")
            continue
        while not events.empty():
            told.append(events.get_nowait())
        # ASCII: a text may hold half of a surrogate pair, which UTF-8 cannot.
        await response.write("".join(f"data: {json.dumps(event)}\n\n" for event in told).encode())
