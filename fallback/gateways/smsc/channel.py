"""SMSC.ru as a channel."""

import asyncio
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import aiohttp

from fallback.gateways.smsc.codes import PAUSE_SECONDS, refused
from fallback.gateways.smsc.read import read, reference_of
from fallback.gateways.smsc.settings import LIMITS, NAME, Settings, secret_of
from vestnik.abilities import SetupFailed
from vestnik.channel import Forged, Hook, Kept, Limits, Reply, Unreadable
from vestnik.inbound import Inbound
from vestnik.outbound import Acknowledge, Send, Text
from vestnik.outcome import Ambiguous, Rejected, SendResult, Sent, Temporary, Throttled
from vestnik.spread import spread

# SMSC.ru refuses more than 15 requests at the same time (error 9); other programs may share it.
AT_ONCE = 10
CONNECT_SECONDS = 5.0
NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)

# A message's own id is a 32-bit number; reports bring it back.
LARGEST_ID = 2**31 - 1
DAY_MINUTES = 24 * 60


def build(settings: Settings, account: str = "main") -> "Smsc":
    """The channel; connects on first use."""
    return Smsc(settings, account)


class Smsc:
    """SMS through SMSC.ru.

    The webhook's `account` is the gateway's name in the address (`/webhooks/sms/smsc`); the
    addresses of people are always of this channel's own account ("main"), so that another
    gateway may take over without anybody's address changing.
    """

    name = NAME

    def __init__(self, settings: Settings, account: str = "main") -> None:
        self.account = account
        self._settings = settings
        self._secret = secret_of(settings).encode()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._http: aiohttp.ClientSession | None = None

    @property
    def limits(self) -> Limits:
        """The platform's limits, at the rate that the settings ask for."""
        return replace(LIMITS, rate=self._settings.rate or LIMITS.rate)

    def accept(self, hook: Hook) -> Reply:
        """Callbacks come as POST with our `?secret=`; a GET only tries the address."""
        given = parse_qs(hook.query, errors="replace").get("secret", [""])[-1]
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret):
            raise Forged("the callback does not know the secret")
        return Reply(body="OK", keep=hook.body if hook.method == "POST" else None)

    def read(self, kept: Kept) -> Sequence[Inbound | Unreadable]:
        """The one event of a callback."""
        return (read(kept, self.account),)

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        """Send; a number's messages go in order."""
        return await spread(batch, self._send)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._http:
            await self._http.close()
            self._http = None

    async def probe(self) -> str:
        """The account and its balance; raises SetupFailed."""
        try:
            _, body = await self._post("balance.php", {})
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SetupFailed(f"SMSC.ru cannot be reached ({type(error).__name__})") from None
        answer = _object(body)
        if answer is None or "balance" not in answer:
            why = (answer or {}).get("error", "an answer that is no JSON")
            raise SetupFailed(f"SMSC.ru says {why}: check SMSC_LOGIN, SMSC_PASSWORD, SMSC_APIKEY")
        return f"{self._settings.login or 'SMSC.ru'}, balance {answer['balance']}"

    async def _send(self, send: Send) -> SendResult:
        if isinstance(send.outbound, Acknowledge):
            return Sent("")
        if not isinstance(send.outbound, Text):
            return Rejected(f"{type(send.outbound).__name__.lower()}_unsupported")
        phone = send.address.handle.removeprefix("+")
        form = message_form(send.outbound, phone, send.handle, self._settings.sender)
        form |= validity(send.expires_at, datetime.now(UTC))
        try:
            status, body = await self._post("send.php", form)
        except UnicodeEncodeError:
            return Rejected("not_unicode", "the text holds half a character")
        except NOT_SENT as error:
            return Temporary(type(error).__name__)
        except (aiohttp.ClientError, TimeoutError) as error:
            return Ambiguous(type(error).__name__)
        return self._priced(outcome(status, body, phone))

    def _priced(self, result: SendResult) -> SendResult:
        price = self._settings.price
        if isinstance(result, Sent) and result.cost is None and price and result.segments:
            return replace(result, cost=str(price * result.segments))
        return result

    async def _post(self, page: str, form: Mapping[str, str]) -> tuple[int, bytes]:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=_timeout(self._settings.timeout))
        url = f"{self._settings.api_url.rstrip('/')}/sys/{page}"
        fields = {**_credentials(self._settings), **form, "fmt": "3", "charset": "utf-8"}
        async with (
            self._slots,
            self._http.post(url, data=fields, allow_redirects=False) as response,
        ):
            return response.status, await response.read()


def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, connect=min(CONNECT_SECONDS, seconds / 2))


def _credentials(settings: Settings) -> Mapping[str, str]:
    if apikey := settings.apikey.get_secret_value():
        return {"apikey": apikey}
    return {"login": settings.login, "psw": settings.password.get_secret_value()}


def message_form(text: Text, phone: str, handle: str, sender: str) -> dict[str, str]:
    """The fields of `send.php`; `cost=3` asks for the cost in the answer."""
    form = {"phones": phone, "mes": text.body.text, "cost": "3"}
    if sender:
        form["sender"] = sender
    if re.fullmatch(r"[1-9][0-9]{0,9}", handle) and int(handle) <= LARGEST_ID:
        form["id"] = handle
    return form


def validity(expires_at: datetime | None, now: datetime) -> dict[str, str]:
    """How long the operator shall try, as hh:mm; a day, which is the most, unless told."""
    left = (expires_at - now) // timedelta(minutes=1) if expires_at else DAY_MINUTES
    if not 0 <= left < DAY_MINUTES:
        return {}
    hours, minutes = divmod(max(left, 1), 60)
    return {"valid": f"{hours:02}:{minutes:02}"}


def outcome(status: int, body: bytes, phone: str) -> SendResult:
    """What came of a send, from the HTTP status and the body."""
    answer = _object(body)
    if answer is not None and isinstance(answer.get("error_code"), int):
        return refused(answer["error_code"], str(answer.get("error", "")))
    if status == 429:
        return Throttled(PAUSE_SECONDS)
    if status != 200 or answer is None or not isinstance(answer.get("id"), int | str):
        return Ambiguous(f"http_{status}")
    parts, cost = answer.get("cnt"), answer.get("cost")
    return Sent(
        reference_of(str(answer["id"]), phone),
        segments=parts if isinstance(parts, int) else None,
        cost=None if cost is None else str(cost),
    )


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None
