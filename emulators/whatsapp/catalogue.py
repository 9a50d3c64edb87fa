"""The routes of templates: listing, creating, editing and deleting them."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from aiohttp import web

from emulators.recent import Recent
from emulators.whatsapp import gate
from emulators.whatsapp.account import Account
from emulators.whatsapp.bundles import Update
from emulators.whatsapp.creations import read_creation, read_edit
from emulators.whatsapp.errors import GraphError, no_such_object
from emulators.whatsapp.nodes import fields, require_node
from emulators.whatsapp.params import invalid
from emulators.whatsapp.settings import DAY, Template
from emulators.whatsapp.shelf import described

PAGE = 25
# Templates of an account whose business is not verified (whatsapp.md section 3.3).
MOST = 250
USUAL = ("name", "parameter_format", "components", "language", "status", "category")
UNSET = (
    "correct_category",
    "cta_url_link_tracking_opted_out",
    "degrees_of_freedom_spec",
    "library_template_name",
    "previous_category",
    "sub_category",
)
FILTERS = ("name", "language", "status", "category")
# A template that is being looked at, or is gone for good, cannot be edited (Meta's page on
# managing templates).
EDITABLE = ("APPROVED", "REJECTED", "PAUSED")


class Catalogue:
    """Templates; whoever may decide about them is in emulators.whatsapp.authority."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._settings = account.settings
        self._edited: Recent[str, None] = Recent(DAY)

    async def listed(self, request: web.Request) -> web.Response:
        """`GET /{waba_id}/message_templates`, a page at a time."""
        require_node(request, self._settings.waba_id)
        wanted = {key: request.query[key] for key in FILTERS if key in request.query}
        found = list(self._account.shelf.listing(**wanted))
        start, limit = _cursor(request), _limit(request)
        page = found[start : start + limit]
        paging: dict[str, Any] = {
            "cursors": {"before": _written(start), "after": _written(start + len(page))}
        }
        if start + len(page) < len(found):
            paging["next"] = str(request.url.update_query(after=paging["cursors"]["after"]))
        shown = [_shown(request, item) for item in page]
        answer = {"data": shown} | ({"paging": paging} if page else {})
        return web.json_response(answer | self._summary(request, len(found)))

    async def create(self, request: web.Request) -> web.Response:
        """`POST /{waba_id}/message_templates`; it is approved a little later, by webhook."""
        require_node(request, self._settings.waba_id)
        template = read_creation(gate.params(request))
        if self._account.shelf.named(template.name, template.language):
            raise GraphError(100, "Content in this language already exists", subcode=2388024)
        if len(self._account.shelf.places) >= MOST:
            raise invalid(f"The account has {MOST} message templates, which is the limit.")
        template_id = self._submit(template)
        answer = {"id": template_id, "status": "PENDING", "category": template.category}
        return web.json_response(answer)

    async def delete(self, request: web.Request) -> web.Response:
        """`DELETE /{waba_id}/message_templates?name=`, in all languages, or that of `hsm_id`."""
        require_node(request, self._settings.waba_id)
        name = request.query.get("name", "")
        if not self._account.shelf.remove(name, request.query.get("hsm_id")):
            raise invalid(f"Message template {name} was not found.")
        return web.json_response({"success": True})

    def describe(self, request: web.Request, template: Template) -> web.Response:
        """`GET /{template_id}?fields=`."""
        known = described(request.match_info["node"], template)
        return web.json_response(_shown(request, known))

    async def edit(self, request: web.Request) -> web.Response:
        """`POST /{template_id}`: other components, category or time to live; to be approved."""
        template_id = request.match_info["node"]
        template = self._account.shelf.numbered(template_id)
        if template is None:
            raise no_such_object("post", template_id)
        if template.status not in EDITABLE:
            raise invalid(f"Message template {template.name} cannot be edited: {template.status}.")
        changed = read_edit(gate.params(request), template)
        if template.status == "APPROVED":
            self._count_edit(template_id, template, changed)
        self._submit(changed)
        answer = {
            "success": True,
            "id": template_id,
            "name": changed.name,
            "category": changed.category,
        }
        return web.json_response(answer)

    def _summary(self, request: web.Request, found: int) -> dict[str, Any]:
        """The counts that were asked for; none when there was no `summary`."""
        names = {name for name, _ in self._account.shelf.places}
        known = {
            "total_count": found,
            "message_template_count": len(names),
            "message_template_limit": MOST,
            "are_translations_complete": True,
        }
        wanted = [name for name in request.query.get("summary", "").split(",") if name]
        for name in wanted:
            if name not in known:
                raise invalid(f"Tried accessing nonexisting summary ({name})")
        return {"summary": {name: known[name] for name in wanted}} if wanted else {}

    def _count_edit(self, template_id: str, template: Template, changed: Template) -> None:
        """Refuse to edit what is approved too often, or into another category."""
        if changed.category != template.category:
            raise invalid("The category of an approved message template cannot be changed.")
        now = self._account.clock.now()
        if self._edited.has(template_id, now):
            raise invalid("An approved message template can be edited once in 24 hours.")
        self._edited.put(template_id, None, now)

    def _submit(self, template: Template) -> str:
        template_id = self._account.shelf.put(template)
        if self._settings.approved_after is not None:
            approve = partial(self._approve, template, template_id)
            self._account.timeline.after(self._settings.approved_after, approve)
        return template_id

    def _approve(self, template: Template, template_id: str) -> None:
        # Somebody may have decided otherwise, or deleted it, meanwhile.
        if self._account.shelf.numbered(template_id) == template:
            approved = replace(template, status="APPROVED")
            self._account.shelf.put(approved)
            tell_status(self._account, template_id, approved, "APPROVED")


def tell_status(
    account: Account, template_id: str, template: Template, event: str, **more: Any
) -> None:
    """Let the business know what was decided about a template (whatsapp.md section 2.4)."""
    value = named(template_id, template) | {
        "event": event,
        "message_template_category": template.category,
        "reason": template.reason,
        **more,
    }
    now = account.clock.now()
    account.webhooks.tell(Update("message_template_status_update", "", value, at=now))


def named(template_id: str, template: Template) -> dict[str, Any]:
    """How webhooks name a template."""
    return {
        "message_template_id": int(template_id),
        "message_template_name": template.name,
        "message_template_language": template.language,
    }


def _shown(request: web.Request, known: Mapping[str, Any]) -> dict[str, Any]:
    return fields(request, "MessageTemplate", known, usual=USUAL, unset=UNSET)


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
