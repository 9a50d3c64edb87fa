"""A thin client of Meta's Graph API: one request, one answer, never a second try."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
from yarl import URL

from bots.whatsapp.errors import Refusal, refusal_in
from bots.whatsapp.settings import Settings
from vestnik.outbound import File

CONNECT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 24 * 3600.0

# Twice what delivery has under way: a message waits for none, a silent Meta does not get all.
CONNECTIONS = 200

# Bytes: of an answer (a page of templates is the longest), and of a piece read at once.
LONGEST_ANSWER, PIECE = 8 * 2**20, 64 * 2**10

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


class Overlong(Lost):
    """The answer is longer than anybody needs."""


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
        return await self._request("POST", self._at(path), json=body)

    async def upload(self, path: str, file: File) -> Answer:
        """POST a file as a multipart form; raises Unsent, Lost."""
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", file.type)
        form.add_field("file", BytesIO(file.content), filename=file.name, content_type=file.type)
        return await self._request("POST", self._at(path), data=form)

    async def get(self, path: str, query: Mapping[str, str]) -> Answer:
        """GET; raises Unsent, Lost."""
        return await self._request("GET", self._at(path), params=query)

    async def download(self, url: URL, most: int) -> Answer:
        """GET from where Meta says, at most so many bytes; raises Unsent, Lost, Overlong."""
        return await self._request("GET", url, most=most)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._http:
            await self._http.close()
            self._http = None

    def _at(self, path: str) -> str:
        return f"{self._settings.api_url.rstrip('/')}/{self._settings.api_version}/{path}"

    async def _request(
        self, method: str, url: str | URL, most: int = LONGEST_ANSWER, **given: Any
    ) -> Answer:
        try:
            async with self._session().request(
                method,
                url,
                proxy=self._settings.proxy.get_secret_value() or None,
                allow_redirects=False,  # it would carry the token elsewhere
                **given,
            ) as response:
                wait = seconds(response.headers.get("Retry-After", ""))
                return Answer(response.status, await _read(response, most), wait)
        except NOT_SENT as error:
            raise Unsent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Lost(type(error).__name__) from None

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            total = self._settings.timeout
            timeout = aiohttp.ClientTimeout(total=total, connect=min(CONNECT_SECONDS, total / 2))
            self._http = aiohttp.ClientSession(
                timeout=timeout,
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                headers={"Authorization": f"Bearer {self._settings.token.get_secret_value()}"},
            )
        return self._http


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in response.content.iter_chunked(PIECE):
        size += len(piece)
        if size > most:
            raise Overlong("Overlong")
        pieces.append(piece)
    return b"".join(pieces)


def seconds(header: str) -> float | None:
    """A Retry-After; None for dates, rubbish and what cannot be meant."""
    try:
        wait = float(header)
    except ValueError:
        return None
    return wait if math.isfinite(wait) and 0 < wait <= LONGEST_WAIT_SECONDS else None
