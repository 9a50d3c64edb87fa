"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>.

The path of the test environment, /bot<token>/test/<method>, leads to the same bot.
"""

import re
from typing import Any

import orjson
from aiohttp import web

from emulators.faults import Fault, Faults
from emulators.lost import lose
from emulators.telegram.chats import PLATFORM
from emulators.telegram.errors import ApiError
from emulators.telegram.files import Files
from emulators.telegram.methods import Described, Methods
from emulators.telegram.parameters import Parameters, read
from emulators.tokens import same

TOKEN_SHAPE = re.compile(r"[1-9]\d*:.{1,64}")
# What Telegram says when a planned fault names only the status.
DESCRIPTIONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    429: "Too Many Requests: retry after {retry_after}",
    500: "Internal Server Error",
}


class Api:
    """Knows the token, finds the method, plans faults, wraps results."""

    def __init__(self, token: str, methods: Methods, files: Files, faults: Faults) -> None:
        self._token = token
        self._methods = {name.lower(): (name, method) for name, method in methods.items()}
        self._files = files
        self._faults = faults

    def application(self) -> web.Application:
        """All paths; whatever else is asked for is not found."""
        app = web.Application()
        for verb in ("GET", "POST"):
            app.router.add_route(verb, "/bot{token}/{method:[^/]*}", self.answer)
            app.router.add_route(verb, "/bot{token}/test/{method:[^/]*}", self.answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self.download, allow_head=False)
        app.router.add_route("*", "/{path:.*}", self.nowhere)
        return app

    async def call(self, method: str, parameters: Parameters) -> object:
        """Run a method, found by its name in lower case; raises ApiError."""
        _, run = self._found(method)
        return await run(parameters)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        try:
            self._check(request.match_info["token"])
            parameters = await _parameters(request)
            name, run = self._found(request.match_info["method"] or parameters.text("method"))
            fault = self._faults.take(PLATFORM, name, parameters.text("chat_id") or None)
            if fault is not None and not fault.accepts:
                return await _spoilt(request, fault)
            response = _success(await run(parameters))
        except ApiError as error:
            return _failure(error)
        return response if fault is None else await _spoilt(request, fault)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file at the path that getFile told."""
        try:
            self._check(request.match_info["token"])
        except ApiError as error:
            return _failure(error)
        fault = self._faults.take(PLATFORM, "file")
        if fault is not None:
            return await _spoilt(request, fault)
        stored = self._files.by_path(request.match_info["path"])
        if stored is None or stored.url:
            return _failure(ApiError(404, "Not Found"))
        kind = stored.mime_type or "application/octet-stream"
        return web.Response(body=stored.content, content_type=kind)

    async def nowhere(self, _request: web.Request) -> web.Response:
        """No such path."""
        return _failure(ApiError(404, "Not Found"))

    def _check(self, token: str) -> None:
        if same(token, self._token):
            return
        if TOKEN_SHAPE.fullmatch(token):
            raise ApiError(401, "Unauthorized")
        raise ApiError(401, "Unauthorized: invalid token specified")

    def _found(self, method: str) -> tuple[str, Any]:
        found = self._methods.get(method.lower())
        if found is None:
            raise ApiError(404, "Not Found: method not found")
        return found


async def _parameters(request: web.Request) -> Parameters:
    try:
        return await read(request)
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None


def _success(result: object) -> web.Response:
    body: dict[str, object] = {"ok": True, "result": result}
    if isinstance(result, Described):
        body |= {"result": result.result, "description": result.description}
    return web.Response(body=orjson.dumps(body), content_type="application/json")


def _failure(error: ApiError) -> web.Response:
    retry_after = error.parameters.get("retry_after")
    return web.Response(
        status=error.status,
        body=orjson.dumps(error.envelope()),
        content_type="application/json",
        headers={} if retry_after is None else {"Retry-After": str(retry_after)},
    )


async def _spoilt(request: web.Request, fault: Fault) -> web.Response:
    """What a planned fault does to a request instead of its answer."""
    return _failure(_told_error(fault)) if fault.kind == "error" else await lose(request, fault)


def _told_error(fault: Fault) -> ApiError:
    """The error that a fault's fields describe: code, description, retry_after and the like."""
    fields = dict(fault.fields)
    status = int(fields.pop("code", 500))
    description = fields.pop("description", None) or DESCRIPTIONS.get(status, "Bad Request")
    if status == 429:
        fields.setdefault("retry_after", 5)
        description = description.replace("{retry_after}", str(fields["retry_after"]))
    return ApiError(status, description, **fields)
