"""aiogram's client session, made to keep apart what was not sent and what may have been."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientError, ClientTimeout

CONNECT_SECONDS = 10.0
"""At most so long to reach the server; after that nothing was sent for certain."""

PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 24 * 3600
"""How long to wait after a 429 that does not say it, and how much of what it says is believed."""


class NoAnswer(Exception):
    """What came back is not Telegram's; `status` is its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status} without a readable answer")
        self.status = status


class Session(AiohttpSession):
    """Sends JSON and gives results as plain JSON.

    Results are not made into aiogram's models: one unknown value would make an accepted message
    an unknown one and stall a poll for good, and making them costs a seventh of a send.
    """

    def __init__(self, api_url: str, *, timeout: float, proxy: str = "") -> None:
        super().__init__(api=TelegramAPIServer.from_base(api_url), timeout=timeout)
        self._http_proxy = proxy or None

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  # aiogram's signature
    ) -> TelegramType:
        """One request; raises TelegramNetworkError from aiohttp's error, and aiogram's others."""
        session = await self.create_session()
        seconds = self.timeout if timeout is None else timeout
        try:
            async with session.post(
                self.api.api_url(token=bot.token, method=method.__api_method__),
                json=self._body(bot, method),
                timeout=ClientTimeout(total=seconds, connect=min(CONNECT_SECONDS, seconds / 2)),
                proxy=self._http_proxy,
                allow_redirects=False,  # it would carry the token elsewhere
            ) as answer:
                content = (await answer.read()).decode("utf-8", "replace")
        except (ClientError, TimeoutError) as error:
            # Their texts hold the address, and with it the token.
            raise TelegramNetworkError(method=method, message=type(error).__name__) from error
        return cast("TelegramType", self.check_response(bot, method, answer.status, content).result)

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """The result of a success; raises NoAnswer, and aiogram's errors for refusals."""
        told = _envelope(content)
        if status_code == 200 and told.get("ok") is True:
            return Response[Any].model_construct(ok=True, result=told.get("result"))
        if status_code == 429:
            raise TelegramRetryAfter(
                method=method, message="Too Many Requests", retry_after=_pause(told)
            )
        if status_code < 400 or not isinstance(told.get("description"), str):
            raise NoAnswer(status_code)
        return super().check_response(bot, method, status_code, content)

    async def close(self) -> None:
        """Close connections at once; aiohttp waits for TLS itself, aiogram would nap on top."""
        if self._session is not None:
            await self._session.close()

    def _body(self, bot: Bot, method: TelegramMethod[Any]) -> dict[str, Any]:
        fields = method.model_dump(warnings=False).items()
        prepared = {
            key: self.prepare_value(value, bot=bot, files={}, _dumps_json=False)
            for key, value in fields
        }
        return {key: value for key, value in prepared.items() if value is not None}


def _envelope(content: str) -> Mapping[str, Any]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _pause(told: Mapping[str, Any]) -> int:
    """Whole seconds to wait, from the parameters, else from the words of a 429."""
    match told:
        case {"parameters": {"retry_after": int() | float() as seconds}}:
            pass
        case {"description": str(words)} if found := re.search(r"retry after (\d{1,9})", words):
            seconds = int(found[1])
        case _:
            seconds = 0
    if not seconds > 0:
        return PAUSE_SECONDS
    return math.ceil(min(seconds, LONGEST_PAUSE_SECONDS))
