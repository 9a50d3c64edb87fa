"""The bot's webhook: where it is, what it was told, what it did not take."""

import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from emulators.clock import Clock
from emulators.courier import Answer, Courier, Parcel
from emulators.telegram.errors import ApiError, bad_request, too_many
from emulators.telegram.parameters import Parameters, object_in
from emulators.telegram.updates import DEFAULT, WEBHOOK_SET, Update, Updates

# https://core.telegram.org/bots/api#setwebhook; the upper bound is that of a --local server.
DEFAULT_CONNECTIONS = 40
MAX_CONNECTIONS = 100_000
MAX_SECRET = 256
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_URL = re.compile(r"(?:https?://)?[^\s/:@]+(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
_SECRET = re.compile(r"[A-Za-z0-9_-]*")

# WebhookActor.cpp, on_update_error: at once, then 2, 4, 8 … up to a random minute or two.
LONGEST_WAIT = (60, 120)
MAX_RETRY_AFTER = 3_600
# Methods that the answer to a webhook may not ask for.
NOT_IN_ANSWERS = re.compile(r"get.*|setwebhook|deletewebhook|close|logout")


@dataclass(frozen=True, slots=True)
class _Parcel(Parcel):
    number: int = 0


class Webhook:
    """Delivers updates, in order within a queue. `call` runs what an answer asks for."""

    def __init__(
        self,
        updates: Updates,
        clock: Clock,
        call: Callable[[str, Parameters], Awaitable[object]],
    ) -> None:
        self._updates = updates
        self._clock = clock
        self._call = call
        self._courier = Courier(clock, taken=_taken, waits=_wait, after=self._answered)
        self._url = ""
        self._secret = ""
        self._connections = 0
        self._next_set_at = 0.0
        self._last_error: tuple[int, str] | None = None

    @property
    def url(self) -> str:
        """Where updates go; empty when the bot has no webhook."""
        return self._url

    async def start(self) -> None:
        """Begin to deliver."""
        await self._courier.start()

    async def stop(self) -> None:
        """Drop what is under way; the queue still has it."""
        await self._courier.stop()

    async def set(self, parameters: Parameters) -> str:
        """setWebhook: gives what to tell of it; raises ApiError."""
        url, secret = parameters.text("url"), parameters.text("secret_token")
        if not url:
            return await self.delete(parameters)
        if self._clock.now() < self._next_set_at:
            raise too_many(1)
        self._next_set_at = self._clock.now() + 1
        if not _URL.fullmatch(url):
            raise bad_request("invalid webhook URL specified")
        if len(secret) > MAX_SECRET:
            raise bad_request("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        connections = parameters.clamped("max_connections", DEFAULT_CONNECTIONS, 1, MAX_CONNECTIONS)
        self._updates.allow(parameters.parsed("allowed_updates"))
        drop = parameters.boolean("drop_pending_updates")
        same = (url, secret, connections) == (self._url, self._secret, self._connections)
        if same and not drop:
            return "Webhook is already set"
        await self._updates.end_poll(WEBHOOK_SET)
        await self._close(drop=drop)
        self._url = url if "://" in url else f"https://{url}"
        self._secret, self._connections = secret, connections
        self._updates.deliver = self._send
        for update in self._updates.waiting():
            self._send(update)
        return "Webhook was set"

    async def delete(self, parameters: Parameters) -> str:
        """deleteWebhook: gives what to tell of it."""
        was_set = bool(self._url)
        await self._close(drop=parameters.boolean("drop_pending_updates"))
        return "Webhook was deleted" if was_set else "Webhook is already deleted"

    def info(self) -> dict[str, Any]:
        """What getWebhookInfo tells."""
        told: dict[str, Any] = {
            "url": self._url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting()),
        }
        if self._last_error:
            told["last_error_date"], told["last_error_message"] = self._last_error
        if self._url:
            told |= {"max_connections": self._connections, "ip_address": "127.0.0.1"}
        if self._updates.allowed != DEFAULT:
            told["allowed_updates"] = sorted(self._updates.allowed)
        return told

    async def _close(self, *, drop: bool) -> None:
        was_set = bool(self._url)
        self._url = self._secret = ""
        self._connections, self._last_error = 0, None
        self._updates.deliver = None
        if was_set:
            await self.stop()
            await self.start()
        if drop:
            self._updates.forget([update.id for update in self._updates.waiting()])

    def _send(self, update: Update) -> None:
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers[SECRET_HEADER] = self._secret
        parcel = _Parcel(self._url, update.body, headers, update.expires_at, update.id)
        self._courier.send(update.queue, parcel)

    async def _answered(self, parcel: Parcel, answer: Answer) -> None:
        if not _taken(answer):
            self._last_error = (int(self._clock.now()), _complaint(answer))
        elif isinstance(parcel, _Parcel):
            self._updates.forget([parcel.number])
            await self._run(answer)

    async def _run(self, answer: Answer) -> None:
        """Do what the answer asks for; nobody hears how it went."""
        try:
            asked = _asked(answer)
            method = str(asked.get("method", "")).lower()
            if method and not NOT_IN_ANSWERS.fullmatch(method):
                await self._call(method, Parameters(asked))
        except ApiError:
            return


def _taken(answer: Answer) -> bool:
    return 200 <= answer.status < 300


def _wait(tries: int, answer: Answer) -> float:
    told = answer.headers.get("Retry-After", "")
    if told.isdecimal() and int(told):
        return min(int(told), MAX_RETRY_AFTER)
    longest = random.uniform(*LONGEST_WAIT)  # noqa: S311  # spreads retries, keeps no secret
    return min(2.0**tries, longest) if tries else 0.0


def _complaint(answer: Answer) -> str:
    if not answer.status:
        return answer.body.decode(errors="replace") or "Webhook connection closed"
    known = answer.status in HTTPStatus._value2member_map_
    reason = HTTPStatus(answer.status).phrase if known else ""
    return f"Wrong response from the webhook: {answer.status} {reason}".rstrip()


def _asked(answer: Answer) -> dict[str, Any]:
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind == "application/json":
        return object_in(answer.body)
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(answer.body.decode(errors="replace")))
    return {}
