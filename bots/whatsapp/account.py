"""The business number's account at Meta: its webhook, templates, tier and visible number."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from bots.whatsapp.catalogue import template_info
from bots.whatsapp.graph import Graph, Lost, Unsent
from bots.whatsapp.settings import Settings
from bots.whatsapp.tiers import FIELDS, tier_in
from vestnik.abilities import SetupFailed, TemplateInfo, Tier, carried

TEMPLATES_A_PAGE, MOST_PAGES = 100, 50

# What the app has to be subscribed to; only its dashboard can do that.
SUBSCRIPTIONS = (
    "messages",
    "user_preferences",
    "message_template_status_update",
    "message_template_quality_update",
    "template_category_update",
    "account_update",
    "account_alerts",
    "phone_number_quality_update",
    "business_capability_update",
    "smb_message_echoes",
)
ADVICE = (
    "subscribe to " + ", ".join(SUBSCRIPTIONS) + " in the app's dashboard (WhatsApp, Configuration)"
)


class Account:
    """Asks Meta about the account; every question raises SetupFailed when it is not answered."""

    def __init__(self, graph: Graph, settings: Settings) -> None:
        self._graph = graph
        self._settings = settings
        self._number = ""

    async def subscribe(self, url: str) -> None:
        """Point the account's webhook at the address; Meta tries it at once."""
        if not self._settings.waba_id:
            raise SetupFailed(
                f"set WHATSAPP_WABA_ID, or enter {url} in the app's dashboard; then {ADVICE}"
            )
        body = {
            "override_callback_uri": url,
            "verify_token": self._settings.verify_token.get_secret_value(),
        }
        answer = await self._ask("POST", f"{self._settings.waba_id}/subscribed_apps", body)
        if answer.get("success") is not True:
            raise SetupFailed(f"Meta did not take the webhook's address; {ADVICE}")

    async def name(self) -> str:
        """The number and its verified name."""
        fields = {"fields": "display_phone_number,verified_name"}
        told = await self._ask("GET", self._settings.phone_id, fields)
        name = told.get("verified_name")
        return f"{told.get('display_phone_number', 'a number')}" + (f" ({name})" if name else "")

    async def templates(self) -> Sequence[TemplateInfo]:
        """The account's templates in all languages."""
        if not self._settings.waba_id:
            raise SetupFailed("set WHATSAPP_WABA_ID: templates belong to the account")
        query = {"limit": str(TEMPLATES_A_PAGE)}
        found: list[TemplateInfo] = []
        for _ in range(MOST_PAGES):
            page = await self._ask("GET", f"{self._settings.waba_id}/message_templates", query)
            items = page.get("data")
            read_items = map(template_info, items if isinstance(items, list) else [])
            found += [item for item in read_items if item]
            after = _next_page(page)
            if after is None:
                break
            query["after"] = after
        return found

    async def tier(self) -> Tier:
        """What Meta allows; our own settings go before it."""
        told = tier_in(await self._ask("GET", self._settings.phone_id, {"fields": FIELDS}))
        return replace(
            told,
            people_a_day=self._settings.people_a_day or told.people_a_day,
            rate=self._settings.rate or told.rate,
        )

    async def link(self, payload: str) -> str:
        """The address of a chat with the words "/start payload" ready to send."""
        words = quote(f"/start {carried(payload)}", safe="")
        return f"https://wa.me/{await self._digits()}?text={words}"

    async def _digits(self) -> str:
        if not self._number:
            fields = {"fields": "display_phone_number"}
            told = await self._ask("GET", self._settings.phone_id, fields)
            self._number = re.sub(r"[^0-9]", "", str(told.get("display_phone_number", "")))
        if not self._number:
            raise SetupFailed("Meta does not tell the number's digits: check WHATSAPP_PHONE_ID")
        return self._number

    async def _ask(self, method: str, path: str, given: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            if method == "GET":
                answer = await self._graph.get(path, given)
            else:
                answer = await self._graph.post(path, given)
        except (Unsent, Lost) as why:
            raise SetupFailed(f"Meta cannot be reached ({why})") from None
        if refusal := answer.refusal:
            raise SetupFailed(f"Meta refuses: {refusal.detail} (code {refusal.code})")
        if answer.status != 200:
            raise SetupFailed(f"Meta answers HTTP {answer.status}")
        return answer.json()


def _next_page(page: Mapping[str, Any]) -> str | None:
    match page.get("paging"):
        case {"next": str(), "cursors": {"after": str(after)}}:
            return after
        case _:
            return None
