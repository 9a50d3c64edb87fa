"""What can be done on the control path: gestures, newcomers, the clock, faults, chaos."""

import math
from collections.abc import Sequence
from dataclasses import asdict

from aiohttp import web

from emulators.asked import bad_request, body
from emulators.chaos import Chaos
from emulators.faults import BadFault
from emulators.world import Human, Platform, Refused, World


class Control:
    """Each is a POST (or DELETE) below `/_sim`; gestures are `POST /_sim/{platform}/{gesture}`."""

    def __init__(self, world: World, platforms: Sequence[Platform]) -> None:
        self._world = world
        self._platforms = {platform.name: platform for platform in platforms}

    def routes(self) -> Sequence[web.RouteDef]:
        """All of them."""
        return [
            web.post("/_sim/people", self.add_person),
            web.post("/_sim/clock", self.move_clock),
            web.post("/_sim/faults", self.add_fault),
            web.delete("/_sim/faults", self.clear_faults),
            web.get("/_sim/chaos", self.tell_chaos, allow_head=False),
            web.post("/_sim/chaos", self.begin_chaos),
            web.delete("/_sim/chaos", self.end_chaos),
            web.post("/_sim/{platform}/{gesture}", self.gesture),
        ]

    async def add_person(self, request: web.Request) -> web.Response:
        """Let somebody new into the world."""
        told = await body(request)
        try:
            human = self._world.add(Human(**told))
        except TypeError as error:
            raise bad_request(f"this is not a person: {error}") from None
        return web.json_response(asdict(human), status=201)

    async def move_clock(self, request: web.Request) -> web.Response:
        """`{"advance": seconds}` moves everybody's time, with "platform" that platform's alone."""
        told = await body(request)
        try:
            seconds = float(told["advance"])
        except (KeyError, TypeError, ValueError):
            seconds = math.nan
        if not math.isfinite(seconds):
            # JSON's NaN and Infinity too: no clock comes back from there.
            raise bad_request('say how far: {"advance": seconds}')
        clock = self._world.clock
        if name := told.get("platform"):
            clock = getattr(self._platform(name), "clock", clock)
        clock.advance(seconds)
        if clock is self._world.clock and self._world.on_clock:
            await self._world.on_clock(seconds)
        now = self._world.clock.now()
        self._world.feed.tell(lambda: {"type": "clock", "now": now})
        return web.json_response({"now": clock.now()})

    async def add_fault(self, request: web.Request) -> web.Response:
        """Plan a fault; the fields are those of emulators.faults.Fault."""
        told = await body(request)
        self._platform(told.get("platform", ""))
        try:
            fault = self._world.faults.add(told)
        except (BadFault, TypeError, ValueError) as error:
            raise bad_request(str(error)) from None
        return web.json_response(asdict(fault), status=201)

    async def clear_faults(self, _request: web.Request) -> web.Response:
        """Forget the faults that have not happened yet."""
        self._world.faults.clear()
        return web.Response(status=204)

    async def begin_chaos(self, request: web.Request) -> web.Response:
        """`{"seed": number}` lets random faults happen; "strength" multiplies their shares."""
        told = await body(request)
        seed, strength = told.get("seed"), told.get("strength", 1.0)
        is_number = type(strength) in (int, float) and 0 <= strength < math.inf
        if type(seed) is not int or not is_number:
            raise bad_request('name a seed, and a strength from 0 on if you like: {"seed": 7}')
        chaos = Chaos(seed, strength)
        self._world.disturb(chaos)
        return web.json_response({"seed": seed, "does": list(chaos.promises())}, status=201)

    async def tell_chaos(self, _request: web.Request) -> web.Response:
        """The seed, and how often what has happened; no seed: nothing random happens."""
        chaos = self._world.chaos
        seed, happened = (chaos.seed, chaos.happened) if chaos else (None, {})
        return web.json_response({"seed": seed, "happened": dict(happened)})

    async def end_chaos(self, _request: web.Request) -> web.Response:
        """Let everything go well again; planned faults stay."""
        self._world.disturb(None)
        return web.Response(status=204)

    async def gesture(self, request: web.Request) -> web.Response:
        """A person does something on a phone."""
        platform = self._platform(request.match_info["platform"])
        gesture = platform.gestures.get(request.match_info["gesture"])
        if gesture is None:
            known = ", ".join(sorted(platform.gestures))
            raise bad_request(f"{platform.name} knows these gestures: {known}")
        try:
            result = await gesture(await body(request))
        except Refused as error:
            raise bad_request(str(error)) from None
        return web.json_response(dict(result))

    def _platform(self, name: str) -> Platform:
        platform = self._platforms.get(name)
        if platform is None:
            raise bad_request(
                f"no platform {name!r}; there are {', '.join(sorted(self._platforms))}"
            )
        return platform
