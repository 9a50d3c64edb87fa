"""The bot's webhook: where it is, what it was told, what it did not take."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from emulators.courier import Answer, Courier, Parcel
from emulators.telegram.answers import asked, complaint, taken, wait
from emulators.telegram.chats import PLATFORM
from emulators.telegram.errors import ApiError, bad_request, too_many
from emulators.telegram.parameters import Parameters
from emulators.telegram.state import State
from emulators.telegram.updates import DEFAULT, WEBHOOK_SET, Update

# https://core.telegram.org/bots/api#setwebhook; a --local server takes any address and port.
DEFAULT_CONNECTIONS = 40
MAX_CONNECTIONS = 100
MAX_LOCAL_CONNECTIONS = 100_000
PORTS = (80, 88, 443, 8443)
MAX_SECRET = 256
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_URL = re.compile(r"(?:https?://)?[^\s/:@]+(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
_SECRET = re.compile(r"[A-Za-z0-9_-]*")

# WebhookActor.h, WEBHOOK_DROP_TIMEOUT: a webhook that is gone for so long is closed.
GONE = HTTPStatus.GONE
GONE_SECONDS = 23 * 3600
# Methods that the answer to a webhook may not ask for.
NOT_IN_ANSWERS = re.compile(r"get.*|setwebhook|deletewebhook|close|logout")


@dataclass(frozen=True, slots=True)
class _Parcel(Parcel):
    number: int = 0


class Webhook:
    """Delivers updates, in order within a queue. `call` runs what an answer asks for.

    A fault of the method "webhook" loses the business's answer: the update comes again.
    """

    def __init__(self, state: State, call: Callable[[str, Parameters], Awaitable[object]]) -> None:
        self._updates = state.updates
        self._clock = state.clock
        self._local = state.settings.local
        self._call = call
        self._faults = state.world.faults
        self._courier = Courier(
            self._clock,
            state.world.road,
            taken=taken,
            waits=wait,
            after=self._answered,
            sees=self._seen,
        )
        self._url = ""
        self._secret = ""
        self._connections = 0
        self._next_set_at = 0.0
        self._gone_since: float | None = None
        self._closing: asyncio.Task[None] | None = None
        self._last_error: tuple[int, str] | None = None

    @property
    def url(self) -> str:
        """Where updates go; empty when the bot has no webhook."""
        return self._url

    async def start(self) -> None:
        """Begin to deliver."""
        await self._courier.start(self._connections or DEFAULT_CONNECTIONS)

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
        if not self._local:
            check_public(url)
        if len(secret) > MAX_SECRET:
            raise bad_request("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        most = MAX_LOCAL_CONNECTIONS if self._local else MAX_CONNECTIONS
        connections = parameters.clamped("max_connections", DEFAULT_CONNECTIONS, 1, most)
        self._updates.allow(parameters.parsed("allowed_updates"))
        drop = parameters.boolean("drop_pending_updates")
        same = (url, secret, connections) == (self._url, self._secret, self._connections)
        if same and not drop:
            return "Webhook is already set"
        await self._updates.end_poll(WEBHOOK_SET)
        await self._close(drop=drop)
        await self.stop()
        self._url = url if "://" in url else f"https://{url}"
        self._secret, self._connections = secret, connections
        await self.start()
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
        self._connections, self._last_error, self._gone_since = 0, None, None
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

    def _seen(self, answer: Answer) -> Answer:
        if taken(answer) and self._faults.take(PLATFORM, "webhook", named=True):
            return Answer(0, {}, b"")
        return answer

    async def _answered(self, parcel: Parcel, answer: Answer) -> None:
        now = self._clock.now()
        self._gone_since = (self._gone_since or now) if answer.status == GONE else None
        if not taken(answer):
            self._last_error = (int(now), complaint(answer))
            if self._gone_since is not None and now > self._gone_since + GONE_SECONDS:
                # Not here: closing ends the very task that carries this parcel.
                self._closing = asyncio.create_task(self._close(drop=False))
        elif isinstance(parcel, _Parcel):
            self._updates.forget([parcel.number])
            await self._run(answer)

    async def _run(self, answer: Answer) -> None:
        """Do what the answer asks for; nobody hears how it went."""
        try:
            told = asked(answer)
            method = told.text("method").lower()
            if method and not NOT_IN_ANSWERS.fullmatch(method):
                await self._call(method, told)
        except ApiError:
            return


def check_public(url: str) -> None:
    """Whether Telegram's own server would deliver there; raises ApiError."""
    told = urlsplit(url if "://" in url else f"https://{url}")
    if told.scheme.lower() != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (told.port or 443) not in PORTS:
        why = "Webhook can be set up only on ports 80, 88, 443 or 8443"
        raise bad_request(f"bad webhook: {why}")
