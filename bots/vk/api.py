"""Calls VK's methods through vkbottle, once each, and tells every way of failing apart."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from bots.vk.errors import CallFailed, lost, refusal
from bots.vk.quiet import undisturbed
from vestnik.outbound import File
from vestnik.outcome import Ambiguous, Temporary

with undisturbed():
    from vkbottle import API, ABCResponseValidator, AiohttpClient

# No more of a call's time than this for its connection: unlike an answer, it can be waited for
# again without harm.
CONNECT_SECONDS = 5.0
# Bytes: of an upload server's answer, whose address we know from VK only, and of any other.
MOST_BYTES, LONGEST_ANSWER = 100_000, 32 * 2**20


class Api:
    """VK's methods with one token. Raises CallFailed, never anything else of the network's."""

    def __init__(self, token: str, url: str, seconds: float) -> None:
        self._seconds = seconds
        self._http = _Http(timeout=_timeout(seconds), raise_for_status=True)
        self._api = API(token, http_client=self._http)
        self._api.API_URL = url.rstrip("/") + "/method/"
        # In place of vkbottle's own, which sleep 5 s and call again when an answer is unreadable,
        # and take an unreadable answer for VK's error 1.
        self._api.response_validators = [_Envelope()]

    async def call(self, method: str, params: Mapping[str, Any]) -> Any:
        """The method's response; raises CallFailed."""
        return (await self._envelope(method, params))["response"]

    async def execute(self, code: str) -> tuple[Any, Any]:
        """What a script gave, and VK's list of the errors in it; raises CallFailed."""
        envelope = await self._envelope("execute", {"code": code})
        return envelope["response"], envelope.get("execute_errors")

    async def upload(self, url: str, field: str, file: File) -> Any:
        """What an upload server answers to a file, from its JSON; raises CallFailed."""
        form = aiohttp.FormData()
        form.add_field(field, file.content, filename=file.name, content_type=file.type)
        try:
            # vkbottle says a dictionary; aiohttp, which it hands the form to, takes both.
            sending = self._http.request(
                url,
                "POST",
                form,  # type: ignore[arg-type]
                allow_redirects=False,
                timeout=_timeout(self._seconds),
            )
            async with sending as response:
                return json.loads(await _within(response.content, MOST_BYTES))
        except aiohttp.InvalidURL:
            raise CallFailed("upload: no address", Temporary("upload_address")) from None
        except (aiohttp.ClientError, OSError, ValueError, RecursionError) as error:
            # The cause would show the address, and in it the right to upload.
            raise CallFailed(f"upload: {type(error).__name__}", lost(error)) from None

    async def _envelope(self, method: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            envelope: Mapping[str, Any] = await self._api.request(method, dict(params))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise CallFailed(f"{method}: {type(error).__name__}", lost(error)) from error
        return envelope

    async def fetch(self, url: str, params: Mapping[str, Any], seconds: float) -> Any:
        """A JSON answer from a long-poll server; raises CallFailed."""
        timeout = _timeout(seconds)
        try:
            text = await self._http.request_text(url, params=dict(params), timeout=timeout)
            return json.loads(text)
        except (aiohttp.ClientError, OSError, ValueError, RecursionError) as error:
            # The cause would show the address, and in it the long poll's key.
            raise CallFailed(f"long poll: {type(error).__name__}", lost(error)) from None

    async def aclose(self) -> None:
        """Close connections."""
        await self._http.close()


class _Http(AiohttpClient):
    """vkbottle's client, but with the token in the body: addresses end up in proxies' logs.

    It follows nobody to another address, which would carry the token there, and reads no answer
    without an end.
    """

    async def request_text(
        self, url: str, method: str = "GET", data: dict[str, Any] | None = None, **kwargs: Any
    ) -> str:
        params = dict(kwargs.pop("params", {}))
        if "access_token" in params:
            data = {**(data or {}), "access_token": params.pop("access_token")}
        asked = {"params": params, "allow_redirects": False, **kwargs}
        async with self.request(url, method, data, **asked) as response:
            return (await _within(response.content, LONGEST_ANSWER)).decode()


class _Envelope(ABCResponseValidator):
    """Opens VK's envelope: gives one with a response, or raises CallFailed."""

    async def validate(self, method: str, data: Any, response: Any, ctx_api: Any) -> Any:
        envelope = _parsed(response)
        if "response" in envelope:
            return envelope
        error = envelope.get("error")
        code = error.get("error_code") if isinstance(error, dict) else None
        if not isinstance(error, dict) or not isinstance(code, int):
            raise CallFailed(f"{method}: no answer that can be read", Ambiguous("unreadable"))
        text = str(error.get("error_msg", ""))
        raise CallFailed(f"{method}: VK error {code}: {text}", refusal(code, text), code)


def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, sock_connect=min(CONNECT_SECONDS, seconds / 2))


async def _within(content: aiohttp.StreamReader, most: int) -> bytes:
    """A body of no more bytes than that; raises ValueError."""
    body = bytearray()
    async for piece in content.iter_any():
        body += piece
        if len(body) > most:
            raise ValueError("the answer has no end")
    return bytes(body)


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        envelope = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return envelope if isinstance(envelope, dict) else {}
