"""Graph nodes: which one a request is about, and which of its fields it wants."""

from collections.abc import Collection, Mapping
from typing import Any

from aiohttp import web

from emulators.whatsapp.errors import no_such_object
from emulators.whatsapp.params import invalid


def require_node(request: web.Request, node: str) -> None:
    """Refuse a request about any other node than this one."""
    if request.match_info["node"] != node:
        raise no_such_object(request.method.lower(), request.match_info["node"])


def fields(
    request: web.Request,
    kind: str,
    known: Mapping[str, Any],
    *,
    usual: Collection[str] = (),
    unset: Collection[str] = (),
) -> dict[str, Any]:
    """The fields that were asked for, the usual ones (or all) when none was named; the id always.

    What is `unset` may be asked for and is left out of the answer, as the Graph API does.
    """
    wanted = [name for name in request.query.get("fields", "").split(",") if name]
    for name in wanted:
        if name not in known and name not in unset:
            raise invalid(f"Tried accessing nonexisting field ({name}) on node type ({kind})")
    told = (*(wanted or usual or known), "id")
    return {name: known[name] for name in dict.fromkeys(told) if name in known}
