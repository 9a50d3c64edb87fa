"""The API's one key: who has it may do everything, who has not learns nothing."""

import hmac

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from app.api.openapi import OPENAPI
from app.api.problems import Problem, answer


def asks_for(key: str) -> Middleware:
    """Lets a request pass only with `Authorization: Bearer` and this key.

    The outermost one, and it never raises: no traceback that is logged has the key in its frames.
    """
    expected = key.encode()

    @web.middleware
    async def authenticate(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.match_info.route.name == OPENAPI:
            return await handler(request)  # it holds no data
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return _unauthorized("Say who you are: `Authorization: Bearer` and the API_KEY.", "")
        # As bytes: a header may hold what no text can be compared with.
        if not hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), expected):
            return _unauthorized("The key is wrong.", ', error="invalid_token"')
        return await handler(request)

    return authenticate


def _unauthorized(detail: str, error: str) -> web.Response:
    headers = {"WWW-Authenticate": f'Bearer realm="vestnik"{error}'}
    return answer(Problem(401, detail, headers=headers))
