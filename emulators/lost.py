"""How an answer gets lost on its way: the faults that look the same on every platform."""

from aiohttp import web

from emulators.faults import Fault
from emulators.gone import until_gone

PROXY_PAGE = (
    "<html>\r\n<head><title>{status}</title></head>\r\n"
    "<body>\r\n<center><h1>{status}</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n"
    "</body>\r\n</html>\r\n"
)


async def lose(request: web.Request, fault: Fault) -> web.Response:
    """What the caller gets of an answer that is lost: a proxy's page, or nothing at all."""
    if fault.kind == "html":
        return _proxy_page(int(fault.fields.get("status", 502)), fault.fields.get("retry_after"))
    if fault.kind == "hang":
        await until_gone(request)
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _proxy_page(status: int, retry_after: object = None) -> web.Response:
    headers = None if retry_after is None else {"Retry-After": str(retry_after)}
    page = web.Response(status=status, content_type="text/html", headers=headers)
    page.text = PROXY_PAGE.format(status=f"{status} {page.reason}")
    return page
