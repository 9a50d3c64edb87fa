"""Asks other programs for scenarios: only where the settings allow, within bounds of time and size.

A request is `POST` with JSON: the variables by path, nested as they are named, and the header
`Idempotency-Key`, the same when a call is made once more. The answer is a JSON object, 2xx.
Redirects are not followed: they would lead past the allowed addresses.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import orjson
import structlog

from dialogs.allowing import allows
from storage.calls import PendingCall

MOST_BYTES = 64 * 1024
"""So large may an answer be."""

log = structlog.get_logger(__name__)


class Asking:
    """The HTTP client; `beginnings` are those of the addresses that may be asked."""

    def __init__(self, beginnings: Sequence[str]) -> None:
        self._beginnings = beginnings
        self._session: aiohttp.ClientSession | None = None

    async def post(self, call: PendingCall) -> Mapping[str, object] | None:
        """What the program returned; None when it failed, was too slow, or may not be asked."""
        if not allows(self._beginnings, call.url):
            log.error("call_forbidden", id=call.id, what_to_do="add the address to CALLS")
            return None
        try:
            return await self._ask(call)
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
            log.warning("call_unanswered", id=call.id, why=type(error).__name__)
            return None

    async def aclose(self) -> None:
        """Close connections."""
        if self._session is not None:
            await self._session.close()

    async def _ask(self, call: PendingCall) -> Mapping[str, object] | None:
        if self._session is None:
            # Names and proxies of the environment are not for what a scenario asks.
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        async with self._session.post(
            call.url,
            data=orjson.dumps(_nested(call.sends)),
            headers={"Content-Type": "application/json", "Idempotency-Key": call.id},
            timeout=aiohttp.ClientTimeout(total=call.within),
            allow_redirects=False,
        ) as response:
            body = await response.content.read(MOST_BYTES + 1)
            while len(body) <= MOST_BYTES and not response.content.at_eof():
                body += await response.content.read(MOST_BYTES + 1 - len(body))
        if response.status // 100 != 2 or len(body) > MOST_BYTES:
            log.warning("call_refused", id=call.id, status=response.status, size=len(body))
            return None
        told = orjson.loads(body)
        return told if isinstance(told, dict) else None


def _nested(sends: Mapping[str, Any]) -> dict[str, Any]:
    """`answers.city` as {"answers": {"city": …}}."""
    nested: dict[str, Any] = {}
    for path, value in sends.items():
        space, _, name = path.partition(".")
        if name:
            nested.setdefault(space, {})[name] = value
        else:
            nested[space] = value
    return nested
