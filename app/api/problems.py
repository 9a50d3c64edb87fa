"""Every answer that is no success, as problem+json (RFC 9457): what is wrong, and where."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Literal

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, Field, ValidationError

from storage.database import DatabaseUnavailable

MEDIA_TYPE = "application/problem+json"
INVALID = "urn:vestnik:problem:invalid"
"""The type of problems that list wrong places; every other problem is its status, no more."""

RETRY_SECONDS = 5

log = structlog.get_logger(__name__)


Within = Literal["body", "query", "header"]


class WrongPlace(BaseModel):
    """A part of the request that cannot be used."""

    within: Within = Field(serialization_alias="in")
    at: str = Field(description="name of the parameter, or the path into the body: `segment.all.0`")
    detail: str


class ProblemDetails(BaseModel):
    """What is wrong with a request; `errors` only where single places are."""

    type: str = "about:blank"
    title: str = Field(description="the status in words")
    status: int
    detail: str
    errors: list[WrongPlace] | None = None


class Problem(Exception):
    """Ends a request with a problem; the text is for the one who wrote the caller."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[WrongPlace] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.errors = errors
        self.headers = dict(headers or {})


def wrong(at: str, detail: str, *, within: Within = "body") -> Problem:
    """A request whose form is right, and that means something impossible at one place."""
    return Problem(422, detail, errors=[WrongPlace(within=within, at=at, detail=detail)])


_CONTEXTS: Mapping[str, Within] = {
    "body": "body",
    "query string": "query",
    "headers": "header",
}


def invalid(error: ValidationError, context: str) -> Problem:
    """What pydantic found, without the values it was given."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    if found[0]["type"] == "json_invalid":
        return Problem(400, f"The body cannot be read: {found[0]['msg']}.")
    within = _CONTEXTS[context]
    places = [
        WrongPlace(within=within, at=_path(it["loc"], within), detail=_told(it["msg"]))
        for it in found
    ]
    return Problem(422, f"The {within} does not fit; `errors` names each place.", errors=places)


def _told(message: str) -> str:
    return message.removeprefix("Value error, ")


def _path(loc: Sequence[int | str], within: str) -> str:
    path = ".".join(str(part) for part in loc)
    return path.replace("_", "-").title() if within == "header" else path


@web.middleware
async def tell_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers with a problem whatever goes wrong below; what broke in us is only logged."""
    try:
        return await handler(request)
    except Problem as problem:
        return answer(problem)
    except web.RequestPayloadError:
        return answer(Problem(400, "The body cannot be read: it broke off or is not encoded so."))
    except web.HTTPException as error:
        headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
        detail = _DETAILS.get(error.status, error.reason)
        return answer(Problem(error.status, detail, headers=headers))
    except DatabaseUnavailable as error:
        log.error("api_without_database", why=str(error))
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return answer(Problem(503, "The database does not answer; try again.", headers=headers))
    except Exception:
        log.exception("api_failed", method=request.method, path=request.path)
        return answer(Problem(500, "Something broke here; the server's log tells what."))


_DETAILS: Mapping[int, str] = {
    404: "There is nothing at this address.",
    405: "This address does not take the method; `Allow` names those it takes.",
    413: "The body is too large: at most 256 KiB.",
}


def answer(problem: Problem) -> web.Response:
    """The response that tells a problem."""
    details = ProblemDetails(
        type=INVALID if problem.errors else "about:blank",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=str(problem),
        errors=list(problem.errors) or None,
    )
    return web.Response(
        status=problem.status,
        body=details.model_dump_json(by_alias=True, exclude_none=True).encode(),
        content_type=MEDIA_TYPE,
        headers=problem.headers,
    )
