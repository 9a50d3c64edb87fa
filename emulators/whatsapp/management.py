"""The routes of the number and the account: what they tell of themselves, where webhooks go."""

from typing import Any

from aiohttp import web

from emulators.whatsapp import gate
from emulators.whatsapp.account import Account
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.nodes import fields, require_node
from emulators.whatsapp.params import Params
from emulators.whatsapp.standing import HIGH_THROUGHPUT
from emulators.whatsapp.webhooks import NotVerified, challenge

CALLBACK = 200
USUAL = (
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
)
UNSET = (
    "certificate",
    "conversational_automation",
    "country_code",
    "country_dial_code",
    "eligibility_for_api_business_global_search",
    "health_status",
    "last_onboarded_time",
    "new_certificate",
    "new_name_status",
    "quality_score",
    "search_visibility",
)


class Management:
    """The routes of the business account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._settings = account.settings

    def number(self, request: web.Request) -> web.Response:
        """`GET /{phone_id}?fields=`."""
        standing, webhooks = self._account.standing, self._account.webhooks
        level = "HIGH" if standing.throughput >= HIGH_THROUGHPUT else "STANDARD"
        addresses = {
            "phone_number": webhooks.number_override,
            "whatsapp_business_account": webhooks.override,
            "application": webhooks.url,
        }
        known = {
            "verified_name": self._settings.verified_name,
            "display_phone_number": self._settings.display_phone_number,
            "quality_rating": standing.quality,
            "code_verification_status": "VERIFIED",
            "platform_type": "CLOUD_API",
            "status": "BANNED" if standing.disabled else "CONNECTED",
            "name_status": "APPROVED",
            "account_mode": "LIVE",
            "is_official_business_account": False,
            "is_on_biz_app": False,
            "is_pin_enabled": True,
            "is_preverified_number": False,
            "throughput": {"level": level},
            "webhook_configuration": {key: url for key, url in addresses.items() if url},
            "whatsapp_business_manager_messaging_limit": standing.tier,
            "id": self._settings.phone_id,
        }
        kind = "WhatsAppBusinessPhoneNumber"
        return web.json_response(fields(request, kind, known, usual=USUAL, unset=UNSET))

    def account(self, request: web.Request) -> web.Response:
        """`GET /{waba_id}?fields=`."""
        known = {"name": self._settings.verified_name, "id": self._settings.waba_id}
        return web.json_response(fields(request, "WhatsAppBusinessAccount", known))

    async def configure(self, request: web.Request) -> web.Response:
        """`POST /{phone_id}`: an address for the webhooks of this number, "" for none."""
        params = gate.params(request)
        params.only("webhook_configuration")
        told = params.child("webhook_configuration")
        self._account.webhooks.number_override = await _override(told)
        return web.json_response({"success": True})

    async def subscriptions(self, request: web.Request) -> web.Response:
        """`GET /{waba_id}/subscribed_apps`."""
        require_node(request, self._settings.waba_id)
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
        require_node(request, self._settings.waba_id)
        told = gate.params(request) if request.get(gate.BODY) else None
        self._account.webhooks.override = await _override(told) if told else None
        self._account.webhooks.subscribed = True
        return web.json_response({"success": True})

    async def unsubscribe(self, request: web.Request) -> web.Response:
        """`DELETE /{waba_id}/subscribed_apps`."""
        require_node(request, self._settings.waba_id)
        self._account.webhooks.subscribed = False
        return web.json_response({"success": True})


async def _override(params: Params) -> str | None:
    """The address that is told, once it answered its challenge; None for an empty one."""
    params.only("override_callback_uri", "verify_token")
    url = params.text("override_callback_uri", CALLBACK, least=0)
    if not url:
        return None
    try:
        await challenge(url, params.text("verify_token", CALLBACK))
    except NotVerified as error:
        title = f"Callback verification failed with the following errors: {error}"
        raise GraphError(2200, title=title) from None
    return url
