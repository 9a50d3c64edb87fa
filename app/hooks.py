"""The webhooks' door: bounded, verified, committed as raw bytes, and only then answered."""

import asyncio
from collections.abc import Mapping

import structlog
from aiohttp import web

from app.keeping import Keeper, Overfull
from storage.database import DatabaseUnavailable
from vestnik.address import SMS, ChannelName, Lane
from vestnik.channel import Channel, Forged, Hook

BODY_BYTES = 4 * 2**20
"""Meta sends up to 3 MB in one request; nobody sends more."""

BODY_SECONDS = 10.0
"""A body that takes longer to arrive is no provider's."""

log = structlog.get_logger(__name__)


class Hooks:
    """`/webhooks/{channel}/{account}`; for SMS the account in the path is the gateway's name."""

    def __init__(
        self,
        keeper: Keeper,
        channels: Mapping[Lane, Channel],
        *,
        public_url: str,
        gateway: str,
    ) -> None:
        self._keeper = keeper
        self._channels = channels
        self._public_url = public_url.rstrip("/")
        self._gateway = gateway

    def routes(self) -> list[web.RouteDef]:
        """The routes of all channels; each channel judges the method itself."""
        path = "/webhooks/{channel}/{account}"
        return [web.get(path, self.take, allow_head=False), web.post(path, self.take)]

    async def take(self, request: web.Request) -> web.Response:
        """One webhook: 2xx only after its bytes are committed."""
        lane = self._lane(request)
        channel = self._channels.get(lane)
        if channel is None:
            raise web.HTTPNotFound(text="no such webhook")
        hook = Hook(
            method=request.method,
            url=f"{self._public_url or _origin(request)}{request.path_qs}",
            query=request.query_string,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await _body(request),
            account=request.match_info["account"],
        )
        try:
            reply = channel.accept(hook)
        except Forged as forged:
            log.warning("forged_webhook", lane=str(lane), why=str(forged), peer=request.remote)
            return web.Response(status=forged.status, text="forbidden")
        if reply.keep is not None:
            await self._keep(lane, reply.keep)
        return web.Response(
            status=reply.status, text=reply.body, content_type=reply.content_type, charset="utf-8"
        )

    async def _keep(self, lane: Lane, body: bytes) -> None:
        try:
            await self._keeper.keep(lane, body)
        except (DatabaseUnavailable, Overfull) as error:
            log.error("webhook_not_kept", lane=str(lane), why=str(error))
            raise web.HTTPServiceUnavailable(
                text="try again", headers={"Retry-After": "5"}
            ) from None

    def _lane(self, request: web.Request) -> Lane:
        channel = ChannelName(request.match_info["channel"])
        account = request.match_info["account"]
        if channel == SMS:
            account = "main" if account == self._gateway else ""
        return Lane(channel, account)


def _origin(request: web.Request) -> str:
    # Not request.url: it raises at a Host that is none.
    return f"{request.scheme}://{request.host}"


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > BODY_BYTES:
        raise web.HTTPRequestEntityTooLarge(
            max_size=BODY_BYTES, actual_size=request.content_length or 0
        )
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body did not arrive") from None
    except (web.RequestPayloadError, ConnectionError):
        # Compressed although it is not, chunked wrongly, or the caller is gone.
        raise web.HTTPBadRequest(text="the body cannot be read") from None
