"""How an answer gets lost on its way: the faults that look the same on every platform."""

import asyncio

from aiohttp import web

from emulators.faults import Fault

LOOK_SECONDS = 0.05
PROXY_PAGE = "<html><head><title>{status}</title></head><body><h1>{status}</h1>nginx</body></html>"


async def lose(request: web.Request, fault: Fault) -> web.Response:
    """Let the caller hang until it gives up, or break its connection; the answer is never read."""
    if fault.kind == "hang":
        # aiohttp gives nothing to await for a caller that went away.
        while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)
    elif request.transport is not None:
        request.transport.abort()
    return web.Response()


def proxy_page(fault: Fault) -> web.Response:
    """What a proxy in front of the platform answers in its place; `fields["status"]`, 502 else."""
    status = int(fault.fields.get("status", 502))
    return web.Response(
        status=status, text=PROXY_PAGE.format(status=status), content_type="text/html"
    )
