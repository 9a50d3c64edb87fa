"""The routes of the number's profile, and of whom the business blocked."""

from typing import Any

from aiohttp import web

from emulators.whatsapp import gate
from emulators.whatsapp.account import Account
from emulators.whatsapp.addressing import NUMBER, digits
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.nodes import fields, require_node
from emulators.whatsapp.params import Params

# Characters (Meta's page on business profiles).
LENGTHS = {"about": 139, "address": 256, "description": 512, "email": 128, "vertical": 64}
WEBSITES = 2
WEBSITE = 256
BLOCKED_AT_ONCE = 1000
BLOCKING_FAILED = 139100


class Profile:
    """What people see of the business, and who cannot write to it."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._settings = account.settings
        self._told: dict[str, Any] = {"vertical": "UNDEFINED"}

    async def shown(self, request: web.Request) -> web.Response:
        """`GET /{phone_id}/whatsapp_business_profile?fields=`."""
        require_node(request, self._settings.phone_id)
        known = {"messaging_product": "whatsapp", "id": "", **self._told}
        unset = (*LENGTHS, "websites", "profile_picture_url")
        told = fields(request, "WhatsAppBusinessProfile", known, unset=unset)
        del told["id"]
        return web.json_response({"data": [{**told, "messaging_product": "whatsapp"}]})

    async def change(self, request: web.Request) -> web.Response:
        """`POST /{phone_id}/whatsapp_business_profile`."""
        require_node(request, self._settings.phone_id)
        params = gate.params(request)
        gate.require_product(params.get("messaging_product"))
        params.only("messaging_product", "profile_picture_handle", "websites", *LENGTHS)
        told = {name: params.maybe(name, most, least=0) for name, most in LENGTHS.items()}
        self._told |= {name: value for name, value in told.items() if value is not None}
        if params.has("websites"):
            self._told["websites"] = params.texts("websites", WEBSITES, WEBSITE)
        return web.json_response({"success": True})

    async def blocked(self, request: web.Request) -> web.Response:
        """`GET /{phone_id}/block_users`."""
        require_node(request, self._settings.phone_id)
        listed = [
            {"messaging_product": "whatsapp", "wa_id": wa_id}
            for wa_id in self._account.standing.blocked
        ]
        paging = {"paging": {"cursors": {"before": "MA==", "after": "MA=="}}} if listed else {}
        return web.json_response({"data": listed} | paging)

    async def block(self, request: web.Request) -> web.Response:
        """`POST /{phone_id}/block_users`: their messages stop, and so do ours (130403)."""
        users, failed = self._users(request)
        for wa_id, told in users.items():
            self._account.standing.blocked[wa_id] = told
        return _blocking(users, failed, "added_users")

    async def unblock(self, request: web.Request) -> web.Response:
        """`DELETE /{phone_id}/block_users`."""
        users, failed = self._users(request)
        for wa_id in users:
            self._account.standing.blocked.pop(wa_id, None)
        return _blocking(users, failed, "removed_users")

    def _users(self, request: web.Request) -> tuple[dict[str, str], list[str]]:
        """The users that are named, by number, as they were named; and those that nobody is."""
        require_node(request, self._settings.phone_id)
        params = gate.params(request)
        gate.require_product(params.get("messaging_product"))
        params.only("messaging_product", "block_users")
        found: dict[str, str] = {}
        failed: list[str] = []
        for item in params.items("block_users", BLOCKED_AT_ONCE):
            told, handle = self._handle(item)
            human = self._account.who(handle)
            if human is None:
                failed.append(told)
            else:
                found[human.wa_id] = told
        return found, failed

    def _handle(self, item: Params) -> tuple[str, str]:
        item.only("user", "user_id")
        if item.has("user_id"):
            told = item.text("user_id", 160)
            return told, told
        told = item.text("user", 32)
        handle = told.removeprefix("+")
        whole = handle if self._account.who(handle) else digits(told, self._settings)
        return told, whole if NUMBER.fullmatch(whole) else told


def _blocking(users: dict[str, str], failed: list[str], name: str) -> web.Response:
    done = [{"input": told, "wa_id": wa_id} for wa_id, told in users.items()]
    answer: dict[str, Any] = {"messaging_product": "whatsapp", "block_users": {name: done}}
    if not failed:
        return web.json_response(answer)
    error = GraphError(BLOCKING_FAILED, "Failed to block or unblock some of the users")
    answer["block_users"]["failed_users"] = [{"input": told} for told in failed]
    return web.json_response(answer | error.envelope(), status=400)
