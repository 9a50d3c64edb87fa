"""aiogram's client session, made to keep apart what was not sent and what may have been."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, cast

import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import BufferedInputFile
from aiohttp import BytesPayload, ClientError, ClientResponse, ClientTimeout, FormData

CONNECT_SECONDS = 10.0
"""At most so long to reach the server; after that nothing was sent for certain."""

CONNECTIONS = 200
"""Twice what delivery has under way: a message waits for none, a silent server does not get all."""

PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 24 * 3600
"""How long to wait after a 429 that does not say it, and how much of what it says is believed."""

UPLOAD_SPEED = 2**20
LONGEST_UPLOAD_SECONDS = 50.0
"""Bytes a second that an upload may count on, and its end: a worker's lease is 60 s."""


LONGEST_ANSWER = 32 * 2**20
"""Bytes of an answer; a hundred updates are the longest."""

JSON = "application/json"


class NoAnswer(Exception):
    """What came back is not Telegram's; `status` is its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status} without a readable answer")
        self.status = status


class TooLarge(Exception):
    """A file or an answer is larger than was asked for."""


class Session(AiohttpSession):
    """Sends JSON (a form where files come along) and gives results as plain JSON.

    Results are not made into aiogram's models: one unknown value would make an accepted message
    an unknown one and stall a poll for good, and making them costs a seventh of a send.
    """

    def __init__(self, api_url: str, *, timeout: float, proxy: str = "") -> None:
        api = TelegramAPIServer.from_base(api_url)
        super().__init__(limit=CONNECTIONS, api=api, timeout=timeout)
        self._http_proxy = proxy or None
        self._usual_timeout = _timeout(timeout)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  # aiogram's signature
    ) -> TelegramType:
        """One request; raises TelegramNetworkError from aiohttp's error, and aiogram's others."""
        files: dict[str, BufferedInputFile] = {}
        fields = self.fields(bot, method, files)
        body = self.build_form_data(bot, method) if files else dumped(fields)
        seconds = _with_upload(self.timeout if timeout is None else timeout, files)
        url = self.url(bot, method)
        return cast("TelegramType", await self.post(bot, method, url, body, _timeout(seconds)))

    async def post(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        url: str,
        body: bytes | FormData,
        timeout: ClientTimeout | None = None,  # noqa: ASYNC109  # aiohttp's own
    ) -> Any:
        """The result of a method, asked for by a body that is ready to go; raises the same."""
        session = await self.create_session()
        # A payload that knows its type costs less than a header of every request.
        payload = BytesPayload(body, content_type=JSON) if isinstance(body, bytes) else body
        try:
            async with session.post(
                url,
                data=payload,
                timeout=timeout or self._usual_timeout,
                proxy=self._http_proxy,
                allow_redirects=False,  # it would carry the token elsewhere
            ) as answer:
                content = await _within(answer, LONGEST_ANSWER)
        except TooLarge:
            raise NoAnswer(answer.status) from None
        except (ClientError, TimeoutError) as error:
            # Their texts hold the address, and with it the token.
            raise TelegramNetworkError(method=method, message=type(error).__name__) from error
        if answer.status == 200 and (told := _success(content)):
            return told.get("result")
        text = content.decode("utf-8", "replace")
        return self.check_response(bot, method, answer.status, text).result

    async def download(self, token: str, path: str, most: int) -> bytes:
        """A file's content; raises NoAnswer, TooLarge and aiohttp's errors, which hold the token.

        `path` is what getFile gave, `most` counts bytes.
        """
        session = await self.create_session()
        async with session.get(
            self.api.file_url(token, path),
            timeout=self._usual_timeout,
            proxy=self._http_proxy,
            allow_redirects=False,
        ) as answer:
            if answer.status != 200:
                raise NoAnswer(answer.status)
            return await _within(answer, most)

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

    def url(self, bot: Bot, method: TelegramMethod[Any]) -> str:
        """Where it is asked for; holds the token."""
        return self.api.api_url(bot.token, method.__api_method__)

    def fields(
        self, bot: Bot, method: TelegramMethod[Any], files: dict[str, BufferedInputFile]
    ) -> dict[str, Any]:
        """What it asks for, as JSON; contents that have to come along are put into `files`."""
        prepared = {
            key: self.prepare_value(value, bot=bot, files=files, _dumps_json=False)
            for key, value in method.model_dump(warnings=False).items()
        }
        return {key: value for key, value in prepared.items() if value is not None}


def dumped(value: object) -> bytes:
    """Compact JSON."""
    try:
        return orjson.dumps(value)
    except TypeError:  # half a character: it is Telegram that refuses it
        return json.dumps(value).encode()


def _timeout(seconds: float) -> ClientTimeout:
    return ClientTimeout(total=seconds, connect=min(CONNECT_SECONDS, seconds / 2))


async def _within(answer: ClientResponse, most: int) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_any():
        content += chunk
        if len(content) > most:
            raise TooLarge
    return bytes(content)


def _success(content: bytes) -> Mapping[str, Any] | None:
    """What a success tells, where it can be read quickly."""
    try:
        told = orjson.loads(content)
    except ValueError:
        return None
    return told if isinstance(told, dict) and told.get("ok") is True else None


def _with_upload(seconds: float, files: Mapping[str, BufferedInputFile]) -> float:
    """So many seconds, and more for what is to be uploaded."""
    size = sum(len(file.data) for file in files.values())
    return max(seconds, min(seconds + size / UPLOAD_SPEED, LONGEST_UPLOAD_SECONDS))


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
