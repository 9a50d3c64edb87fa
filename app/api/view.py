"""What every view shares: the house, strict JSON in, JSON out."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

from aiohttp import web
from aiohttp.typedefs import Handler
from aiohttp_pydantic import PydanticView
from aiohttp_pydantic.view import AbstractInjector, BodyGetter
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.api.problems import invalid

if TYPE_CHECKING:
    from app.wiring import House

BODY_BYTES = 256 * 2**10

ACTOR = "api"
"""Who did what is done here, in the audit log."""

HOUSE: web.AppKey["House"] = web.AppKey("house")

Limit = Annotated[int, Field(ge=1, le=200, description="how many items at most")]
After = Annotated[
    str | None, Field(max_length=256, description="`next` of the page before; none: the first page")
]

# A NUL is no text to PostgreSQL.
Words = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Name = Annotated[Words, Field(min_length=1, max_length=64)]


class Body(BaseModel):
    """What callers send: an unknown name or a wrong type is refused, never guessed at."""

    model_config = ConfigDict(extra="forbid", strict=True)


class JsonBody(BodyGetter):
    """Reads a body by pydantic's own parser.

    The library's way (`json.loads`, then the model) answers 500 to bytes that are no UTF-8, to an
    unknown charset and to deep nesting.
    """

    async def inject(
        self, request: web.BaseRequest, args_view: list[Any], kwargs_view: dict[str, Any]
    ) -> None:
        """Gives the view its body; raises ValidationError."""
        kwargs_view[self.arg_name] = self.model.model_validate_json(await request.read())


class View(PydanticView):
    """A resource; its methods' signatures are checked by pydantic and shown in the document."""

    @property
    def house(self) -> "House":
        """Everything that was built."""
        return self.request.app[HOUSE]

    async def on_validation_error(self, exception: ValidationError, context: str) -> NoReturn:
        """Whatever does not fit its annotation."""
        raise invalid(exception, context)

    @staticmethod
    def _parse_func_signature(func: Callable[..., Any]) -> Iterable[AbstractInjector]:
        return [
            JsonBody({it.arg_name: it.model}, {}) if isinstance(it, BodyGetter) else it
            for it in PydanticView._parse_func_signature(func)
        ]


def shown(
    model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """The answer; people's data is for nobody's cache."""
    return web.Response(
        status=status,
        body=model.model_dump_json(by_alias=True).encode(),
        content_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


@web.middleware
async def bound_bodies(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses bodies over 256 KiB; webhooks beside us may be larger."""
    return await handler(request.clone(client_max_size=BODY_BYTES))
