"""The Graph API of WhatsApp, as far as a business needs it to talk to people."""

from typing import Any

from aiohttp import web

from emulators.whatsapp import gate
from emulators.whatsapp.account import PLATFORM, Account
from emulators.whatsapp.addressing import Address, resolve
from emulators.whatsapp.bodies import (
    MEDIA,
    OPAQUE,
    Draft,
    read_interactive,
    read_location,
    read_media,
    read_reaction,
    read_text,
)
from emulators.whatsapp.errors import GraphError, no_such_object
from emulators.whatsapp.files import Files
from emulators.whatsapp.lines import Outgoing
from emulators.whatsapp.management import Management
from emulators.whatsapp.params import Params, bad_value
from emulators.whatsapp.sender import Sender
from emulators.whatsapp.templates import read_template

NODE = r"/{version:v\d+\.\d+}/{node:\d+}"
MESSAGE_ID = 512
TYPES = ("text", "interactive", "template", "location", "reaction", *MEDIA)
COMMON = (
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
)


class Api:
    """Sending, and the routes of everything else."""

    def __init__(self, account: Account, sender: Sender) -> None:
        self._account = account
        self._sender = sender
        self._files = Files(account)
        self._management = Management(account)

    def application(self) -> web.Application:
        """All routes below `/whatsapp`, behind the gate; the names are methods of faults."""
        app = web.Application(middlewares=[gate.Gate(self._account).middleware])
        files, management = self._files, self._management
        routes = (
            ("messages", "POST", f"{NODE}/messages", self.messages),
            ("upload", "POST", f"{NODE}/media", files.upload),
            ("download", "GET", "/attachments/{media}", files.download),
            ("screen", "GET", "/screen/{media}", files.screen),
            ("message_templates", "GET", f"{NODE}/message_templates", management.templates),
            ("message_templates", "POST", f"{NODE}/message_templates", management.create),
            ("message_templates", "DELETE", f"{NODE}/message_templates", management.delete),
            ("subscribed_apps", "GET", f"{NODE}/subscribed_apps", management.subscriptions),
            ("subscribed_apps", "POST", f"{NODE}/subscribed_apps", management.subscribe),
            ("subscribed_apps", "DELETE", f"{NODE}/subscribed_apps", management.unsubscribe),
            ("node", "GET", NODE, self.node),
            ("node", "DELETE", NODE, files.delete),
            ("nothing", "*", "/{path:.*}", self.nothing),
        )
        for name, method, path, handler in routes:
            app.router.add_route(method, path, handler, name=name)
        return app

    async def messages(self, request: web.Request) -> web.Response:
        """Send a message, or mark one as read (with or without "typing…")."""
        if request.match_info["node"] != self._account.settings.phone_id:
            raise no_such_object("post", request.match_info["node"])
        params = gate.params(request)
        gate.require_product(params.get("messaging_product"))
        if params.has("status"):
            return self._mark_read(params)
        address = resolve(params, self._account.settings, self._account.who)
        draft = self._draft(params)
        sent = self._sender.send(
            draft,
            address,
            opaque=params.maybe("biz_opaque_callback_data", OPAQUE),
            reply_to=self._quoted(params),
            forced=request.get(gate.FORCED),
        )
        return web.json_response(_accepted(address, draft, sent))

    async def node(self, request: web.Request) -> web.Response:
        """The number, the account, or an uploaded file."""
        node, settings = request.match_info["node"], self._account.settings
        if node == settings.phone_id:
            return self._management.number(request)
        if node == settings.waba_id:
            return self._management.account(request)
        return self._files.describe(request)

    async def nothing(self, request: web.Request) -> web.Response:
        """Anything that the API does not have."""
        raise GraphError(2500, title=f"Unknown path components: /{request.match_info['path']}")

    def _draft(self, params: Params) -> Draft:
        kind = params.choice("type", TYPES) if params.has("type") else "text"
        params.only(*COMMON, kind)
        known = self._account.media.knows
        if kind == "text":
            return read_text(params)
        if kind == "interactive":
            return read_interactive(params, known)
        if kind == "template":
            return read_template(params, self._account.shelf, known)
        if kind == "location":
            return read_location(params)
        if kind == "reaction":
            return self._reaction(params)
        return read_media(kind, params, known)

    def _reaction(self, params: Params) -> Draft:
        draft = read_reaction(params)
        if draft.reacts_to is None or not self._account.knows(draft.reacts_to):
            raise bad_value(f"Message {draft.reacts_to} was not found.")
        return draft

    def _quoted(self, params: Params) -> str | None:
        """The message that is quoted; WhatsApp shows no quote of one that it does not know."""
        if not params.has("context"):
            return None
        context = params.child("context")
        context.only("message_id")
        message_id = context.text("message_id", MESSAGE_ID)
        return message_id if self._account.knows(message_id) else None

    def _mark_read(self, params: Params) -> web.Response:
        params.only("messaging_product", "status", "message_id", "typing_indicator")
        params.choice("status", ("read",))
        message_id = params.text("message_id", MESSAGE_ID)
        if message_id not in self._account.heard:
            raise bad_value(f"Message {message_id} was not found.")
        human, last = self._account.heard[message_id]
        screens = self._account.world.screens
        for bubble in screens.of(PLATFORM, human.wa_id).bubbles:
            if bubble.mine and bubble.at <= last.at and bubble.status != "read":
                bubble.status = "read"
                screens.change(PLATFORM, human.wa_id, bubble)
        if params.has("typing_indicator"):
            params.child("typing_indicator").choice("type", ("text",))
            screens.toast(PLATFORM, human.wa_id, "печатает…")
        return web.json_response({"success": True})


def _accepted(address: Address, draft: Draft, sent: Outgoing) -> dict[str, Any]:
    name = "user_id" if address.by_bsuid else "wa_id"
    message = {"id": sent.id}
    if draft.template:
        message["message_status"] = "accepted"
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": address.told, name: address.handle}],
        "messages": [message],
    }
