"""The Telegram bot as a channel: webhooks or polling in, the Bot API out."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import DeleteWebhook, GetMe, GetUpdates, SetWebhook, TelegramMethod

from bots.telegram import LIMITS, NAME, PAID_RATE, Settings
from bots.telegram.errors import explain
from bots.telegram.files import fetch
from bots.telegram.menu import menus
from bots.telegram.read import ALLOWED_UPDATES, read
from bots.telegram.render import objection
from bots.telegram.send import Sender
from bots.telegram.session import Session
from vestnik.abilities import Polled, PollFailed, SetupFailed, carried
from vestnik.channel import Forged, Hook, Kept, Limits, Reply, Unreadable
from vestnik.inbound import Inbound
from vestnik.outbound import File, Send
from vestnik.outcome import SendResult
from vestnik.spread import spread

POLL_SECONDS = 25
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  # a header's name


class Telegram:
    """One bot. Also fulfils Polling, Setup, Probe, Linking and Files."""

    name = NAME

    def __init__(self, settings: Settings, account: str) -> None:
        token = settings.token.get_secret_value()
        self.account = account
        usual = PAID_RATE if settings.paid_broadcast else LIMITS.rate
        self.limits: Limits = replace(LIMITS, rate=settings.rate or usual, objection=objection)
        self.polls = settings.mode == "polling"
        self._secret = settings.webhook_secret.get_secret_value() or _secret_of(token)
        self._timeout = settings.timeout
        self._session = Session(
            settings.api_url, timeout=settings.timeout, proxy=settings.proxy.get_secret_value()
        )
        self._bot = Bot(token, self._session)
        self._sender = Sender(self._bot, self._session, paid=settings.paid_broadcast)
        self._username = ""

    def accept(self, hook: Hook) -> Reply:
        """Verify the secret that setWebhook has agreed on; raises Forged."""
        shown = hook.headers.get(SECRET_HEADER)
        if shown is None:
            raise Forged("no secret token", 401)
        same = hmac.compare_digest(shown.encode("utf-8", "surrogatepass"), self._secret.encode())
        if not same or hook.account != self.account:
            raise Forged("wrong secret token")
        return Reply(keep=hook.body)

    def read(self, kept: Kept) -> Sequence[Inbound | Unreadable]:
        """Translate one update."""
        return read(kept)

    async def send(self, batch: Sequence[Send]) -> Sequence[SendResult]:
        """Send all chats at once, each in order."""
        return await spread(batch, self._sender.send, self._sender.chat)

    async def poll(self, cursor: str | None) -> Polled:
        """Wait for updates; each is a body of its own, whatever it holds. Raises PollFailed."""
        method = GetUpdates(
            offset=int(cursor) if cursor else None,
            timeout=POLL_SECONDS,
            allowed_updates=ALLOWED_UPDATES,
        )
        try:
            updates: Any = await self._bot(method, POLL_SECONDS + round(self._timeout))
        except TelegramRetryAfter as error:
            raise PollFailed(explain(error), error.retry_after) from None
        except (TelegramConflictError, TelegramUnauthorizedError) as error:
            raise PollFailed(explain(error), wait=30.0) from None
        except Exception as error:
            raise PollFailed(explain(error)) from None
        if not isinstance(updates, list):
            raise PollFailed("getUpdates gave something other than a list")
        return Polled([json.dumps(update).encode() for update in updates], _after(updates, cursor))

    async def setup(self, public_url: str) -> None:
        """Register the webhook (or its absence, when polling) and the menu; raises SetupFailed."""
        if self.polls:
            await self._ask(DeleteWebhook(drop_pending_updates=False))
        else:
            await self._ask(
                SetWebhook(
                    url=f"{public_url.rstrip('/')}/webhooks/{NAME}/{self.account}",
                    allowed_updates=ALLOWED_UPDATES,
                    drop_pending_updates=False,
                    secret_token=self._secret,
                )
            )
        for menu in menus():
            await self._ask(menu)

    async def probe(self) -> str:
        """The bot's name ("@coffee_bot"); raises SetupFailed."""
        match await self._ask(GetMe()):
            case {"username": str(username)}:
                self._username = username
                return f"@{username}"
            case _:
                raise SetupFailed("getMe names no bot: check TELEGRAM_API_URL")

    async def link(self, payload: str) -> str:
        """The address that starts the bot with the payload; raises SetupFailed, BadPayload."""
        payload = carried(payload)
        if not self._username:
            await self.probe()
        return f"https://t.me/{self._username}?start={payload}"

    async def fetch(self, media_id: str) -> File:
        """A file that somebody sent, 20 MB at most; raises FileMissing."""
        return await fetch(self._bot, self._session, media_id)

    async def aclose(self) -> None:
        """Close connections."""
        await self._session.close()

    async def _ask(self, method: TelegramMethod[Any]) -> Any:
        try:
            return await self._bot(method)
        except Exception as error:
            raise SetupFailed(f"{method.__api_method__}: {explain(error)}") from None


def _secret_of(token: str) -> str:
    """The same secret after every restart, from which nobody learns the token."""
    return hmac.new(token.encode(), b"vestnik: telegram webhook", hashlib.sha256).hexdigest()


def _after(updates: Sequence[Any], cursor: str | None) -> str | None:
    known = [
        update["update_id"]
        for update in updates
        if isinstance(update, dict) and isinstance(update.get("update_id"), int)
    ]
    return str(max(known) + 1) if known else cursor
