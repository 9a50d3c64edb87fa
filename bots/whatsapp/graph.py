"""A thin client of Meta's Graph API: one request, one answer, never a second try."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bots.whatsapp.errors import Refusal, refusal_in
from bots.whatsapp.settings import Settings

CONNECT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 24 * 3600.0

# Nothing was written yet when these are raised: neither DNS, connection, TLS nor proxy worked.
NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


class Unsent(Exception):
    """The request did not leave; the text names the reason, without address or token."""


class Lost(Exception):
    """The request may have left, and no answer came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; `wait` is its Retry-After in seconds, where it has a sensible one."""

    status: int
    body: bytes
    wait: float | None = None

    @property
    def refusal(self) -> Refusal | None:
        """What Meta says is wrong, in its own words."""
        return refusal_in(self.body)

    def json(self) -> dict[str, Any]:
        """The JSON object of the body; an empty one when it is none."""
        try:
            told = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return told if isinstance(told, dict) else {}


class Graph:
    """Speaks as one system user; connects on first use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http: aiohttp.ClientSession | None = None

    async def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST JSON; raises Unsent, Lost."""
        return await self._request("POST", path, json=body)

    async def get(self, path: str, query: Mapping[str, str]) -> Answer:
        """GET; raises Unsent, Lost."""
        return await self._request("GET", path, params=query)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._http:
            await self._http.close()
            self._http = None

    async def _request(self, method: str, path: str, **given: Any) -> Answer:
        asked = self._settings
        try:
            async with self._session().request(
                method,
                f"{asked.api_url.rstrip('/')}/{asked.api_version}/{path}",
                headers={"Authorization": f"Bearer {asked.token.get_secret_value()}"},
                proxy=asked.proxy.get_secret_value() or None,
                allow_redirects=False,  # it would carry the token elsewhere
                **given,
            ) as response:
                wait = seconds(response.headers.get("Retry-After", ""))
                return Answer(response.status, await response.read(), wait)
        except NOT_SENT as error:
            raise Unsent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Lost(type(error).__name__) from None

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            total = self._settings.timeout
            timeout = aiohttp.ClientTimeout(total=total, connect=min(CONNECT_SECONDS, total / 2))
            self._http = aiohttp.ClientSession(timeout=timeout)
        return self._http


def seconds(header: str) -> float | None:
    """A Retry-After; None for dates, rubbish and what cannot be meant."""
    try:
        wait = float(header)
    except ValueError:
        return None
    return wait if math.isfinite(wait) and 0 < wait <= LONGEST_WAIT_SECONDS else None
