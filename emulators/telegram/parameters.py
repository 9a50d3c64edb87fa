"""The parameters of a request, in whichever of Telegram's four ways they came."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from emulators.telegram.errors import bad_request

ATTACHED = "attach://"
TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    mime_type: str
    content: bytes


class Parameters:
    """Typed access, as forgiving as Telegram's server: what is missing is empty, 0 or false."""

    def __init__(
        self, values: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None
    ) -> None:
        self._values = values
        self._uploads = uploads or {}

    def __contains__(self, name: str) -> bool:
        return name in self._values or name in self._uploads

    def text(self, name: str) -> str:
        """The parameter as text; null in a JSON body is the text "null", as on the server."""
        value = self._values.get(name, "")
        return value if isinstance(value, str) else orjson.dumps(value).decode()

    def needed(self, name: str) -> str:
        """The parameter as text; raises ApiError when there is none."""
        if not (text := self.text(name)):
            raise bad_request(f'Parameter "{name}" is required')
        return text

    def integer(self, name: str, default: int = 0) -> int:
        """The parameter as a number; what is no number is the default."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def clamped(self, name: str, default: int, low: int, high: int) -> int:
        """A number brought between two bounds."""
        return min(max(self.integer(name, default), low), high)

    def boolean(self, name: str) -> bool:
        """Whether the parameter says yes."""
        return self.text(name).lower() in TRUE

    def parsed(self, name: str, otherwise: str | None = None) -> Any:
        """A nested value, told as JSON text or, in a JSON body, as it is; None when missing.

        What is no JSON raises ApiError with the text `otherwise`, or counts as missing without it.
        """
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return orjson.loads(value)
        except ValueError:
            if otherwise is None:
                return None
            raise bad_request(otherwise) from None

    def upload(self, told: str, name: str = "") -> Upload | None:
        """The file that `told` points to with attach://, or the one under a name; None if none."""
        if told.startswith(ATTACHED):
            name = told.removeprefix(ATTACHED)
        return self._uploads.get(name)


async def read(request: web.Request) -> Parameters:
    """Query and body: urlencoded, multipart or JSON; raises ApiError."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.method == "POST" and request.content_type == "application/json":
        values |= object_in(await request.read())
    elif request.method == "POST":
        for name, value in (await _form(request)).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            elif isinstance(value, str):
                values[name] = value
    return Parameters(values, uploads)


def object_in(body: bytes) -> dict[str, Any]:
    """The JSON object that a body holds, empty for an empty body; raises ApiError."""
    try:
        told = orjson.loads(body or b"{}")
    except ValueError:
        raise bad_request("Can't parse JSON object") from None
    if not isinstance(told, dict):
        raise bad_request("Can't parse JSON object")
    return told


async def _form(request: web.Request) -> Mapping[str, Any]:
    try:
        return await request.post()
    except (ValueError, LookupError):
        raise bad_request("Can't parse the request") from None
