"""The API's own description: OpenAPI 3.1, generated from the views."""

from collections.abc import Iterator
from functools import cached_property
from importlib.metadata import version
from typing import Any

import orjson
from aiohttp import web
from aiohttp_pydantic.oas.pydantic_schema_to_oas import add_or_replace_translater
from aiohttp_pydantic.oas.view import generate_oas

from app.api.problems import MEDIA_TYPE, ProblemDetails

OPENAPI = "openapi"
"""Name of the route; it needs no key, as the document holds no data."""

Json = dict[str, Any]

_REF = "#/components/schemas/{model}"


class OpenApi:
    """Serves the document of an application; made once, when it is first asked for."""

    def __init__(self, app: web.Application) -> None:
        self._app = app

    async def get(self, _request: web.Request) -> web.Response:
        """The document."""
        return web.Response(body=self._document, content_type="application/json")

    @cached_property
    def _document(self) -> bytes:
        return orjson.dumps(document(self._app))


def document(app: web.Application) -> Json:
    """The description of an application's views, with what the generator does not know."""
    # Its translation to 3.0 loses the items of lists that may be null; 3.1 takes pydantic's own.
    add_or_replace_translater("3.0.0", lambda _schema: None)
    security = {"key": {"type": "http", "scheme": "bearer", "description": "API_KEY"}}
    told: Json = generate_oas([app], version("vestnik"), "Vestnik", security)
    told |= {"openapi": "3.1.0", "security": [{"key": []}]}
    problem = ProblemDetails.model_json_schema(ref_template=_REF, mode="serialization")
    told["components"]["schemas"] |= problem.pop("$defs")
    told["components"]["schemas"]["ProblemDetails"] = problem
    for operation in _operations(told):
        _complete(operation)
    return told


def _operations(told: Json) -> Iterator[Json]:
    for path in told["paths"].values():
        yield from path.values()


def _complete(operation: Json) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header":
            parameter["name"] = parameter["name"].replace("_", "-").title()
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    schema = {"$ref": _REF.format(model="ProblemDetails")}
    operation["responses"]["default"] = {
        "description": "What is wrong with the request, or with us.",
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
