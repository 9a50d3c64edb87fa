"""A business number on WhatsApp as a channel."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from bots.whatsapp.catalogue import template_info
from bots.whatsapp.errors import judge
from bots.whatsapp.graph import Answer, Graph, Lost, Unsent
from bots.whatsapp.read import read
from bots.whatsapp.render import Unsayable, render
from bots.whatsapp.settings import LIMITS, NAME, Settings
from vestnik.abilities import SetupFailed, TemplateInfo
from vestnik.channel import Forged, Hook, Kept, Limits, Reply, Unreadable
from vestnik.inbound import Inbound
from vestnik.outbound import Acknowledge, Edit, Seen, Send
from vestnik.outcome import Ambiguous, Rejected, SendResult, Sent, Temporary
from vestnik.spread import spread

# Requests under way; at a fifth of a second each they fill the lane's rate.
AT_ONCE = 20

TEMPLATES_A_PAGE, MOST_PAGES = 100, 50
SIGNATURE_HEADER = "x-hub-signature-256"

log = logging.getLogger(__name__)


def build(settings: Settings, account: str = "main") -> "WhatsApp":
    """The channel; connects on first use."""
    return WhatsApp(settings, account)


class WhatsApp:
    """One business number. Also fulfils Setup, Probe and Templates."""

    name = NAME

    def __init__(self, settings: Settings, account: str = "main") -> None:
        self.account = account
        self.limits: Limits = replace(LIMITS, rate=settings.rate or LIMITS.rate)
        self._settings = settings
        self._graph = Graph(settings)
        self._slots = asyncio.Semaphore(AT_ONCE)

    def accept(self, hook: Hook) -> Reply:
        """Answer Meta's challenge, which is not signed, or verify a signed webhook."""
        if hook.account != self.account:
            raise Forged("no such account")
        if hook.method == "GET":
            return Reply(body=self._challenge(parse_qs(hook.query, errors="replace")))
        self._verify(hook)
        return Reply(keep=hook.body)

    def read(self, kept: Kept) -> Sequence[Inbound | Unreadable]:
        """Translate a webhook's body, which may hold a thousand items."""
        return read(kept, self.account, self._settings.phone_id)

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        """Send; a person's messages go in order."""
        return await spread(batch, self._send, self._slots)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._graph.aclose()

    async def setup(self, public_url: str) -> None:
        """Subscribe our webhook to the account; Meta tries it at once. Raises SetupFailed."""
        url = f"{public_url.rstrip('/')}/webhooks/{NAME}/{self.account}"
        if not self._settings.waba_id:
            raise SetupFailed(
                f"set WHATSAPP_WABA_ID, or enter {url} in the app's dashboard (WhatsApp, "
                "Configuration) and subscribe to messages and user_preferences"
            )
        body = {
            "override_callback_uri": url,
            "verify_token": self._settings.verify_token.get_secret_value(),
        }
        answer = await self._ask("POST", f"{self._settings.waba_id}/subscribed_apps", body)
        if answer.get("success") is not True:
            raise SetupFailed("Meta did not take the webhook's address")

    async def probe(self) -> str:
        """The number and its verified name; raises SetupFailed."""
        fields = {"fields": "display_phone_number,verified_name"}
        told = await self._ask("GET", self._settings.phone_id, fields)
        name = told.get("verified_name")
        return f"{told.get('display_phone_number', 'a number')}" + (f" ({name})" if name else "")

    async def templates(self) -> Sequence[TemplateInfo]:
        """The account's templates in all languages; raises SetupFailed."""
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

    def _challenge(self, query: Mapping[str, Sequence[str]]) -> str:
        expected = self._settings.verify_token.get_secret_value().encode()
        given = query.get("hub.verify_token", [""])[-1].encode("utf-8", "replace")
        asks = query.get("hub.mode", [""])[-1] == "subscribe"
        if not (asks and expected and hmac.compare_digest(given, expected)):
            raise Forged("the challenge does not know the verify token")
        return query.get("hub.challenge", [""])[-1]

    def _verify(self, hook: Hook) -> None:
        shown = hook.headers.get(SIGNATURE_HEADER)
        secret = self._settings.app_secret.get_secret_value().encode()
        if shown is None or not secret:
            raise Forged("no signature" if secret else "no WHATSAPP_APP_SECRET to verify by", 401)
        expected = "sha256=" + hmac.new(secret, hook.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(shown.encode("utf-8", "replace"), expected.encode()):
            raise Forged("the signature does not fit the body")

    async def _send(self, send: Send) -> SendResult:
        match send.outbound:
            case Acknowledge() | Seen():
                return Sent("")
            case Edit():
                return Rejected("edit_unsupported")
            case said:
                try:
                    body = render(send, said)
                except Unsayable as why:
                    return Rejected(str(why))
        try:
            answer = await self._graph.post(f"{self._settings.phone_id}/messages", body)
        except Unsent as why:
            return Temporary(str(why))
        except Lost as why:
            return Ambiguous(str(why))
        return outcome(answer)

    async def _ask(self, method: str, path: str, given: Mapping[str, str]) -> Mapping[str, Any]:
        """A question outside of sending; raises SetupFailed."""
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


def outcome(answer: Answer) -> SendResult:
    """What came of a send, from Meta's answer."""
    if answer.status == 200:
        match answer.json().get("messages"):
            case [{"id": str(message_id)}, *_] if message_id:
                return Sent(message_id)
            case _:
                return Ambiguous("unreadable")
    refusal = answer.refusal
    if refusal:
        log.info("refused by Meta: code %s, fbtrace_id %s", refusal.code, refusal.trace)
    return judge(answer.status, refusal, answer.wait)


def _next_page(page: Mapping[str, Any]) -> str | None:
    match page.get("paging"):
        case {"next": str(), "cursors": {"after": str(after)}}:
            return after
        case _:
            return None
