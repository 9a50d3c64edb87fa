"""What a request to the control path asks, and how it is refused."""

import json
from typing import Any

from aiohttp import web


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object that was sent; raises HTTPBadRequest."""
    try:
        told = await request.json()
    except ValueError:
        raise bad_request("the body must be a JSON object") from None
    if not isinstance(told, dict):
        raise bad_request("the body must be a JSON object")
    return told


def number(request: web.Request, name: str, default: float = 0.0) -> float:
    """A number of the query, not below 0; raises HTTPBadRequest."""
    try:
        told = float(request.query.get(name, default))
    except ValueError:
        told = -1.0
    if not 0 <= told < float("inf"):
        raise bad_request(f"{name} must be a number from 0 on")
    return told


def bad_request(why: str) -> web.HTTPBadRequest:
    """The control path's refusal."""
    return web.HTTPBadRequest(text=json.dumps({"error": why}), content_type="application/json")
