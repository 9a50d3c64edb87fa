"""The Graph API of WhatsApp, as far as a business needs it to talk to people."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from emulators.whatsapp import gate
from emulators.whatsapp.account import PLATFORM, Account
from emulators.whatsapp.addressing import Address, resolve
from emulators.whatsapp.bodies import OPAQUE, Draft
from emulators.whatsapp.catalogue import Catalogue
from emulators.whatsapp.drafts import MESSAGE_ID, read_draft, read_lite, read_quote
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.files import Files
from emulators.whatsapp.lines import Outgoing
from emulators.whatsapp.management import Management
from emulators.whatsapp.nodes import require_node
from emulators.whatsapp.params import Params, bad_value
from emulators.whatsapp.profile import Profile
from emulators.whatsapp.sender import Sender
from emulators.whatsapp.settings import DAY

NODE = r"/{version:v\d+\.\d+}/{node:\d+}"
# How long a message of a user can be marked as read (whatsapp.md section 3.2).
MARKABLE = 30 * DAY

Read = Callable[[Account, Params], Draft]


class Api:
    """Sending, and the routes of everything else."""

    def __init__(self, account: Account, sender: Sender) -> None:
        self._account = account
        self._sender = sender
        self._files = Files(account)
        self._management = Management(account)
        self._catalogue = Catalogue(account)
        self._profile = Profile(account)

    def application(self) -> web.Application:
        """All routes below `/whatsapp`, behind the gate; the names are methods of faults."""
        app = web.Application(middlewares=[gate.Gate(self._account).middleware])
        files, management = self._files, self._management
        catalogue, profile = self._catalogue, self._profile
        routes = (
            ("messages", "POST", f"{NODE}/messages", self.messages),
            ("marketing_messages", "POST", f"{NODE}/marketing_messages", self.marketing_messages),
            ("upload", "POST", f"{NODE}/media", files.upload),
            ("download", "GET", "/attachments/{media}", files.download),
            ("screen", "GET", "/screen/{media}", files.screen),
            ("message_templates", "GET", f"{NODE}/message_templates", catalogue.listed),
            ("message_templates", "POST", f"{NODE}/message_templates", catalogue.create),
            ("message_templates", "DELETE", f"{NODE}/message_templates", catalogue.delete),
            ("subscribed_apps", "GET", f"{NODE}/subscribed_apps", management.subscriptions),
            ("subscribed_apps", "POST", f"{NODE}/subscribed_apps", management.subscribe),
            ("subscribed_apps", "DELETE", f"{NODE}/subscribed_apps", management.unsubscribe),
            ("profile", "GET", f"{NODE}/whatsapp_business_profile", profile.shown),
            ("profile", "POST", f"{NODE}/whatsapp_business_profile", profile.change),
            ("block_users", "GET", f"{NODE}/block_users", profile.blocked),
            ("block_users", "POST", f"{NODE}/block_users", profile.block),
            ("block_users", "DELETE", f"{NODE}/block_users", profile.unblock),
            ("node", "GET", NODE, self.node),
            ("node", "DELETE", NODE, files.delete),
            ("change", "POST", NODE + "{slash:/?}", self.change),
            ("nothing", "*", "/{path:.*}", self.nothing),
        )
        for name, method, path, handler in routes:
            app.router.add_route(method, path, handler, name=name)
        return app

    async def messages(self, request: web.Request) -> web.Response:
        """Send a message, or mark one as read (with or without "typing…")."""
        params = self._params(request)
        if params.has("status"):
            return self._mark_read(params)
        return self._send(request, params, read_draft)

    async def marketing_messages(self, request: web.Request) -> web.Response:
        """Send a marketing template by the Marketing Messages API."""
        return self._send(request, self._params(request), read_lite)

    async def node(self, request: web.Request) -> web.Response:
        """The number, the account, a template, or an uploaded file."""
        node, settings = request.match_info["node"], self._account.settings
        if node == settings.phone_id:
            return self._management.number(request)
        if node == settings.waba_id:
            return self._management.account(request)
        template = self._account.shelf.numbered(node)
        if template is not None:
            return self._catalogue.describe(request, template)
        return self._files.describe(request)

    async def change(self, request: web.Request) -> web.Response:
        """The number's own webhook address, or a template's contents."""
        if request.match_info["node"] == self._account.settings.phone_id:
            return await self._management.configure(request)
        return await self._catalogue.edit(request)

    async def nothing(self, request: web.Request) -> web.Response:
        """Anything that the API does not have."""
        raise GraphError(2500, title=f"Unknown path components: /{request.match_info['path']}")

    def _params(self, request: web.Request) -> Params:
        require_node(request, self._account.settings.phone_id)
        params = gate.params(request)
        gate.require_product(params.get("messaging_product"))
        return params

    def _send(self, request: web.Request, params: Params, read: Read) -> web.Response:
        address = resolve(params, self._account.settings, self._account.who)
        draft = read(self._account, params)
        sent = self._sender.send(
            draft,
            address,
            opaque=params.maybe("biz_opaque_callback_data", OPAQUE),
            reply_to=read_quote(self._account, params),
            forced=request.get(gate.FORCED),
        )
        return web.json_response(_accepted(address, draft, sent))

    def _mark_read(self, params: Params) -> web.Response:
        params.only("messaging_product", "status", "message_id", "typing_indicator")
        params.choice("status", ("read",))
        message_id = params.text("message_id", MESSAGE_ID)
        human, last = self._account.heard.get(message_id, (None, None))
        if human is None or last is None or self._account.clock.now() >= last.at + MARKABLE:
            raise bad_value(f"Message {message_id} was not found.")
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
        message["message_status"] = "held_for_quality_assessment" if sent.held else "accepted"
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": address.told, name: address.handle}],
        "messages": [message],
    }
