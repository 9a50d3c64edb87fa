"""The API's door: reads requests, checks token and rate, lets faults happen, answers as VK."""

import contextlib
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from emulators.bucket import Bucket
from emulators.clock import Clock
from emulators.faults import Faults
from emulators.lost import lose
from emulators.tokens import same
from emulators.vk import execute
from emulators.vk.call import Call, Spoiled, Visit
from emulators.vk.errors import VkError
from emulators.vk.files import Files
from emulators.vk.scopes import scope_of
from emulators.vk.settings import VkSettings

Method = Callable[[Call], Any]

# dev.vk.com/reference/versions: the oldest version still served.
OLDEST_VERSION = (5, 81)


class Door:
    """`/method/{name}`: everything a client of the API sees."""

    def __init__(
        self,
        faults: Faults,
        clock: Clock,
        settings: VkSettings,
        methods: Mapping[str, Method],
        files: Files,
    ) -> None:
        self._faults = faults
        self._settings = settings
        self._methods = methods
        self._clock = clock
        self._files = files
        rate = settings.rate * settings.rate_multiplier
        self._rate = Bucket(1 / rate, rate)

    async def method(self, request: web.Request) -> web.StreamResponse:
        """A call of an API method."""
        base = f"{request.scheme}://{request.host}{request.path.rsplit('/method/', 1)[0]}"
        self._files.base = base
        visit = Visit(self._faults, base)
        call = Call(request.match_info["name"], await _params(request), visit)
        return await self._visited(request, visit, lambda: self._answer(request, call))

    async def beside(
        self, request: web.Request, name: str, answer: Callable[[], Awaitable[Any]]
    ) -> web.StreamResponse:
        """A request that is no method: long poll, upload. A refusal is the fault's own fields."""
        visit = Visit(self._faults, base="")

        async def answered() -> Any:
            try:
                visit.meet(name, None)
            except VkError as error:
                return error.beside
            return await answer()

        return await self._visited(request, visit, answered)

    async def _answer(self, request: web.Request, call: Call) -> dict[str, Any]:
        try:
            call.visit.meet(call.method, call.recipient)
            self._admit(request, call)
            if call.method != "execute":
                return {"response": await self._perform(call)}
            value, errors = await execute.run(call, self._inner)
        except VkError as error:
            return error.envelope(call.method, call.params.items())
        return {"response": value} | ({"execute_errors": errors} if errors else {})

    def _admit(self, request: web.Request, call: Call) -> None:
        if call.method not in self._methods and call.method != "execute":
            raise VkError(3)
        _check_version(call.params.get("v", ""))
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = call.params.get("access_token") or bearer
        if not token:
            raise VkError(5, "no access_token passed.")
        if not same(token, self._settings.token):
            raise VkError(5, "invalid access_token (4).")
        self._check_scope(call.method)
        if not self._rate.take(self._clock.now()):
            raise VkError(6)

    def _check_scope(self, method: str) -> None:
        scope = scope_of(method)
        if scope is not None and scope not in self._settings.scopes:
            raise VkError(7)

    async def _inner(self, call: Call) -> Any:
        """A call inside of execute, with faults of its own."""
        call.visit.meet(call.method, call.recipient)
        if call.method not in self._methods:
            raise VkError(3)
        self._check_scope(call.method)
        return await self._perform(call)

    async def _perform(self, call: Call) -> Any:
        answer = self._methods[call.method](call)
        return await answer if inspect.isawaitable(answer) else answer

    async def _visited(
        self, request: web.Request, visit: Visit, answer: Callable[[], Awaitable[Any]]
    ) -> web.StreamResponse:
        body = None
        with contextlib.suppress(Spoiled):
            body = await answer()
        if visit.fault is None:
            return web.json_response(body)
        return await lose(request, visit.fault)


def _check_version(told: str) -> None:
    if not told:
        raise VkError(8, "v (version) is required")
    major, _, minor = told.partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        raise VkError(8, "v (version) is invalid")
    if (int(major), int(minor)) < OLDEST_VERSION:
        oldest = ".".join(map(str, OLDEST_VERSION))
        raise VkError(8, f"versions below {oldest} are deprecated")


async def _params(request: web.Request) -> dict[str, str]:
    """Query and body together; the body wins, files are passed over."""
    found = dict(request.query)
    if request.method == "POST":
        body = await request.post()
        found.update({name: told for name, told in body.items() if isinstance(told, str)})
    return found
