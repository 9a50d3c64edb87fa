"""Stands before every request: planned faults first, then the token, then the API's own errors."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from emulators.faults import Fault
from emulators.lost import lose
from emulators.shares import Share
from emulators.tokens import same
from emulators.whatsapp.account import PLATFORM, Account
from emulators.whatsapp.addressing import digits
from emulators.whatsapp.errors import ASYNC_CODES, GraphError
from emulators.whatsapp.params import Params, invalid
from emulators.whatsapp.sender import Refusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

FORCED = web.RequestKey("forced", Refusal)
SENDING = ("messages", "marketing_messages")
BODY = web.RequestKey("body", dict)


class Gate:
    """The middleware of the API.

    A fault's `method` is the name of the route: messages, mark_read, marketing_messages, upload,
    download, message_templates, subscribed_apps, profile, block_users, node (the number, the
    account, a template, a file) and change (the number, a template). Its `to` is the number's
    digits or the business-scoped id. An `error` has a code, and optionally details, title, status,
    retry_after; codes that the platform finds out late are accepted and fail by webhook, unless
    told `"async": false` (any other code becomes late by `"async": true`)."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._unanswered = Share(account.settings.unanswered)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request, or let its planned fault happen."""
        self._account.origin = str(request.url.origin())
        try:
            method, to = await self._about(request)
            fault = self._account.world.faults.take(PLATFORM, method, to) or self._lost(method)
            if fault is None:
                return await self._answer(request, handler)
            return await self._spoil(fault, request, handler)
        except GraphError as error:
            return error.response()

    def _lost(self, method: str) -> Fault | None:
        """The share of sends whose answer a proxy loses although they take effect."""
        if method not in SENDING or not self._unanswered.due():
            return None
        return Fault(PLATFORM, "html", fields={"status": 504, "accepted": True})

    async def _spoil(
        self, fault: Fault, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if fault.kind == "error":
            if not self._late(fault):
                raise _refused(fault)
            details = str(fault.fields.get("details", ""))
            request[FORCED] = Refusal(_code(fault), details)
            return await self._answer(request, handler)
        if fault.accepts:
            await self._answer(request, handler)
        return await lose(request, fault)

    def _late(self, fault: Fault) -> bool:
        default = _code(fault) in ASYNC_CODES and self._account.settings.async_errors
        return bool(fault.fields.get("async", default))

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            self._authenticate(request)
            return await handler(request)
        except GraphError as error:
            return error.response()

    def _authenticate(self, request: web.Request) -> None:
        if route_name(request) == "screen":
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not same(token.strip(), self._account.settings.token):
            raise GraphError(190, headers={"WWW-Authenticate": 'OAuth "Facebook Platform"'})

    async def _about(self, request: web.Request) -> tuple[str, str | None]:
        """What the request does, and to whom, as far as that can be told."""
        name = route_name(request)
        if request.content_type != "application/json" or not request.can_read_body:
            return name, None
        request[BODY] = body = await told(request)
        if name == "messages" and "status" in body:
            return "mark_read", None
        return name, self._recipient(body)

    def _recipient(self, body: dict[str, Any]) -> str | None:
        if isinstance(body.get("to"), str):
            return digits(body["to"], self._account.settings)
        recipient = body.get("recipient")
        return recipient if isinstance(recipient, str) else None


def route_name(request: web.Request) -> str:
    """The name of the route that answers."""
    return request.match_info.route.name or ""


def _code(fault: Fault) -> int:
    return int(fault.fields.get("code", 131000))


def _refused(fault: Fault) -> GraphError:
    told = fault.fields
    pause = {"Retry-After": str(told["retry_after"])} if "retry_after" in told else {}
    return GraphError(
        _code(fault),
        str(told.get("details", "")),
        title=told.get("title"),
        status=told.get("status"),
        headers=pause,
    )


async def told(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request; raises 100."""
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise invalid("Invalid JSON in the request body.") from None
    if not isinstance(body, dict):
        raise invalid("The request body must be a JSON object.")
    return body


def params(request: web.Request) -> Params:
    """The JSON of a request that must have one."""
    if BODY not in request:
        raise invalid("The parameter messaging_product is required.")
    return Params(request[BODY])


def require_product(told: Any) -> None:
    """Refuse a request that does not name the product it is for."""
    if told is None:
        raise invalid("The parameter messaging_product is required.")
    if told != PLATFORM:
        raise invalid(f'Param messaging_product must be one of {{WHATSAPP}} - got "{told}".')
