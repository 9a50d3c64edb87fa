"""Managing the business account: its number, its templates, where its webhooks go."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from aiohttp import web

from emulators.whatsapp import gate
from emulators.whatsapp.account import Account
from emulators.whatsapp.errors import GraphError, no_such_object
from emulators.whatsapp.params import invalid
from emulators.whatsapp.payloads import Update
from emulators.whatsapp.settings import Template
from emulators.whatsapp.shelf import read_creation
from emulators.whatsapp.webhooks import NotVerified, challenge

PAGE = 25
FILTERS = ("name", "language", "status", "category")


class Management:
    """The routes of the business account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._settings = account.settings

    def number(self, request: web.Request) -> web.Response:
        """`GET /{phone_id}?fields=`."""
        limit = self._settings.messaging_limit
        tier = "TIER_UNLIMITED" if limit is None else f"TIER_{limit}"
        return _fields(
            request,
            "WhatsAppBusinessPhoneNumber",
            {
                "verified_name": self._settings.verified_name,
                "display_phone_number": self._settings.display_phone_number,
                "quality_rating": "GREEN",
                "code_verification_status": "VERIFIED",
                "platform_type": "CLOUD_API",
                "status": "CONNECTED",
                "throughput": {"level": "STANDARD"},
                "whatsapp_business_manager_messaging_limit": tier,
                "id": self._settings.phone_id,
            },
        )

    def account(self, request: web.Request) -> web.Response:
        """`GET /{waba_id}?fields=`."""
        return _fields(
            request,
            "WhatsAppBusinessAccount",
            {"name": self._settings.verified_name, "id": self._settings.waba_id},
        )

    async def templates(self, request: web.Request) -> web.Response:
        """`GET /{waba_id}/message_templates`, a page at a time."""
        self._check_account(request)
        wanted = {key: request.query[key] for key in FILTERS if key in request.query}
        found = list(self._account.shelf.listing(**wanted))
        start, limit = _cursor(request), _limit(request)
        page = found[start : start + limit]
        paging: dict[str, Any] = {
            "cursors": {"before": _written(start), "after": _written(start + len(page))}
        }
        if start + len(page) < len(found):
            paging["next"] = str(request.url.update_query(after=paging["cursors"]["after"]))
        return web.json_response({"data": page} | ({"paging": paging} if page else {}))

    async def create(self, request: web.Request) -> web.Response:
        """`POST /{waba_id}/message_templates`; it is approved a little later, by webhook."""
        self._check_account(request)
        template = read_creation(gate.params(request))
        if self._account.shelf.knows(template.name, template.language):
            raise GraphError(100, "Content in this language already exists", subcode=2388024)
        template_id = self._account.shelf.put(template)
        if self._settings.approved_after is not None:
            approve = partial(self._approve, template, template_id)
            self._account.timeline.after(self._settings.approved_after, approve)
        answer = {"id": template_id, "status": "PENDING", "category": template.category}
        return web.json_response(answer)

    async def delete(self, request: web.Request) -> web.Response:
        """`DELETE /{waba_id}/message_templates?name=`, in all languages."""
        self._check_account(request)
        name = request.query.get("name", "")
        if not self._account.shelf.remove(name):
            raise invalid(f"Message template {name} was not found.")
        return web.json_response({"success": True})

    async def subscriptions(self, request: web.Request) -> web.Response:
        """`GET /{waba_id}/subscribed_apps`."""
        self._check_account(request)
        webhooks = self._account.webhooks
        app: dict[str, Any] = {
            "whatsapp_business_api_data": {
                "id": "670000000000001",
                "name": self._settings.verified_name,
                "link": "https://www.facebook.com/games/?app_id=670000000000001",
            }
        }
        if webhooks.override:
            app["override_callback_uri"] = webhooks.override
        return web.json_response({"data": [app] if webhooks.subscribed else []})

    async def subscribe(self, request: web.Request) -> web.Response:
        """`POST /{waba_id}/subscribed_apps`, with an address of one's own or without."""
        self._check_account(request)
        override = None
        if request.get(gate.BODY):
            params = gate.params(request)
            params.only("override_callback_uri", "verify_token")
            override = params.text("override_callback_uri", 200)
            await _verify(override, params.text("verify_token", 200))
        self._account.webhooks.override = override
        self._account.webhooks.subscribed = True
        return web.json_response({"success": True})

    async def unsubscribe(self, request: web.Request) -> web.Response:
        """`DELETE /{waba_id}/subscribed_apps`."""
        self._check_account(request)
        self._account.webhooks.subscribed = False
        return web.json_response({"success": True})

    def _check_account(self, request: web.Request) -> None:
        if request.match_info["node"] != self._settings.waba_id:
            raise no_such_object(request.method.lower(), request.match_info["node"])

    def _approve(self, template: Template, template_id: str) -> None:
        self._account.shelf.put(replace(template, status="APPROVED"))
        value = {
            "event": "APPROVED",
            "message_template_id": int(template_id),
            "message_template_name": template.name,
            "message_template_language": template.language,
            "message_template_category": template.category,
            "reason": "NONE",
        }
        now = self._account.clock.now()
        self._account.webhooks.tell(Update("message_template_status_update", "", value, at=now))


async def _verify(url: str, verify_token: str) -> None:
    try:
        await challenge(url, verify_token)
    except NotVerified as error:
        title = f"Callback verification failed with the following errors: {error}"
        raise GraphError(2200, title=title) from None


def _fields(request: web.Request, kind: str, known: Mapping[str, Any]) -> web.Response:
    """The fields that were asked for, all when none was named; the id always."""
    wanted = [name for name in request.query.get("fields", "").split(",") if name]
    for name in wanted:
        if name not in known:
            raise invalid(f"Tried accessing nonexisting field ({name}) on node type ({kind})")
    return web.json_response(
        {name: known[name] for name in dict.fromkeys((*(wanted or known), "id"))}
    )


def _limit(request: web.Request) -> int:
    told = request.query.get("limit", str(PAGE))
    if not told.isdecimal() or int(told) == 0:
        raise invalid("Param limit must be a positive number.")
    return int(told)


def _cursor(request: web.Request) -> int:
    told = request.query.get("after")
    if told is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(told))
    except (ValueError, binascii.Error):
        raise invalid("Invalid cursors values supplied.") from None


def _written(offset: int) -> str:
    return base64.urlsafe_b64encode(str(offset).encode()).decode()
