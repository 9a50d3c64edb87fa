"""One web server for all emulated platforms, their control path and the page of phones."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiohttp import web

from emulators.faults import BadFault
from emulators.world import Human, Platform, Refused, World

PAGE = Path(__file__).parent / "page"
BODY_BYTES = 64 * 2**20
HEARTBEAT_SECONDS = 15.0


class Control:
    """The control path `/_sim`: gestures, faults, the clock, screens and the live feed."""

    def __init__(self, world: World, platforms: Sequence[Platform]) -> None:
        self._world = world
        self._platforms = {platform.name: platform for platform in platforms}

    def routes(self) -> Sequence[web.RouteDef]:
        """All of the control path; gestures are `POST /_sim/{platform}/{gesture}`."""
        return [
            web.get("/_sim/world", self.world),
            web.get("/_sim/screens/{platform}/{chat}", self.screen),
            web.get("/_sim/accepted", self.accepted),
            web.get("/_sim/feed", self.feed),
            web.post("/_sim/people", self.add_person),
            web.post("/_sim/clock", self.move_clock),
            web.post("/_sim/faults", self.add_fault),
            web.delete("/_sim/faults", self.clear_faults),
            web.post("/_sim/{platform}/{gesture}", self.gesture),
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
        """What one chat shows."""
        info = request.match_info
        return web.json_response(asdict(self._world.screens.of(info["platform"], info["chat"])))

    async def accepted(self, request: web.Request) -> web.Response:
        """The acceptance log, narrowed by ?platform=, ?to=, ?containing=."""
        query = request.query
        entries = self._world.accepted.find(
            platform=query.get("platform"),
            to=query.get("to"),
            containing=query.get("containing", ""),
        )
        return web.json_response({"items": [asdict(entry) for entry in entries]})

    async def feed(self, request: web.Request) -> web.StreamResponse:
        """Everything that happens from now on, as server-sent events."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        events = self._world.feed.listen()
        upcoming = asyncio.ensure_future(anext(events))
        try:
            await response.write(b": hello\n\n")
            while True:
                done, _ = await asyncio.wait({upcoming}, timeout=HEARTBEAT_SECONDS)
                if not done:
                    await response.write(b": still here\n\n")
                    continue
                data = json.dumps(upcoming.result(), ensure_ascii=False)
                upcoming = asyncio.ensure_future(anext(events))
                await response.write(f"data: {data}\n\n".encode())
        except (ConnectionError, asyncio.CancelledError):
            return response
        finally:
            upcoming.cancel()

    async def add_person(self, request: web.Request) -> web.Response:
        """Let somebody new into the world."""
        told = await _told(request)
        try:
            human = self._world.add(Human(**told))
        except TypeError as error:
            raise _bad(f"this is not a person: {error}") from None
        return web.json_response(asdict(human), status=201)

    async def move_clock(self, request: web.Request) -> web.Response:
        """`{"advance": seconds}` moves everybody's time, with "platform" that platform's alone."""
        told = await _told(request)
        try:
            seconds = float(told["advance"])
        except (KeyError, TypeError, ValueError):
            raise _bad('say how far: {"advance": seconds}') from None
        clock = self._world.clock
        if name := told.get("platform"):
            clock = getattr(self._platform(name), "clock", clock)
        clock.advance(seconds)
        self._world.feed.tell({"type": "clock", "now": self._world.clock.now()})
        return web.json_response({"now": clock.now()})

    async def add_fault(self, request: web.Request) -> web.Response:
        """Plan a fault; the fields are those of emulators.faults.Fault."""
        told = await _told(request)
        self._platform(told.get("platform", ""))
        try:
            fault = self._world.faults.add(told)
        except (BadFault, TypeError, ValueError) as error:
            raise _bad(str(error)) from None
        return web.json_response(asdict(fault), status=201)

    async def clear_faults(self, _request: web.Request) -> web.Response:
        """Forget the faults that have not happened yet."""
        self._world.faults.clear()
        return web.Response(status=204)

    async def gesture(self, request: web.Request) -> web.Response:
        """A person does something on a phone."""
        platform = self._platform(request.match_info["platform"])
        gesture = platform.gestures.get(request.match_info["gesture"])
        if gesture is None:
            known = ", ".join(sorted(platform.gestures))
            raise _bad(f"{platform.name} knows these gestures: {known}")
        try:
            result = await gesture(await _told(request))
        except Refused as error:
            raise _bad(str(error)) from None
        return web.json_response(dict(result))

    def _platform(self, name: str) -> Platform:
        platform = self._platforms.get(name)
        if platform is None:
            raise _bad(f"no platform {name!r}; there are {', '.join(sorted(self._platforms))}")
        return platform


async def _told(request: web.Request) -> dict[str, Any]:
    try:
        told = await request.json()
    except ValueError:
        raise _bad("the body must be a JSON object") from None
    if not isinstance(told, dict):
        raise _bad("the body must be a JSON object")
    return told


def _bad(why: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"error": why}), content_type="application/json")


def application(world: World, platforms: Sequence[Platform]) -> web.Application:
    """Each platform under `/{name}`, the control path under `/_sim`, the page of phones at `/`."""
    app = web.Application(client_max_size=BODY_BYTES)
    app.add_routes(Control(world, platforms).routes())
    for platform in platforms:
        app.add_subapp(f"/{platform.name}", platform.api())

    async def index(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-store"})

    app.router.add_get("/", index)
    app.router.add_static("/page", PAGE)
    return app


@asynccontextmanager
async def serving(
    world: World, platforms: Sequence[Platform], *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[str]:
    """Run the emulators; gives the base address, such as `http://127.0.0.1:8081`."""
    runner = web.AppRunner(application(world, platforms), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        for platform in platforms:
            await platform.start()
        bound = runner.addresses[0]
        yield f"http://{bound[0]}:{bound[1]}"
    finally:
        for platform in platforms:
            await platform.stop()
        await runner.cleanup()
