"""Uploading, describing, downloading and deleting media."""

from collections.abc import Mapping

from aiohttp import BodyPartReader, web

from emulators.whatsapp import gate
from emulators.whatsapp.account import Account
from emulators.whatsapp.errors import no_such_object
from emulators.whatsapp.media import Medium
from emulators.whatsapp.nodes import require_node
from emulators.whatsapp.params import invalid


class Files:
    """The routes of media."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def upload(self, request: web.Request) -> web.Response:
        """`POST /{phone_id}/media`: a multipart form of file, type and messaging_product."""
        require_node(request, self._account.settings.phone_id)
        if request.content_type != "multipart/form-data":
            raise invalid("The parameter messaging_product is required.")
        fields, file = await _form(request)
        gate.require_product(fields.get("messaging_product"))
        if file is None:
            raise invalid("The parameter file is required.")
        mime_type, data = file
        medium = self._account.media.upload(fields.get("type") or mime_type, data)
        return web.json_response({"id": medium.id})

    def describe(self, request: web.Request) -> web.Response:
        """`GET /{media_id}`: where the file can be downloaded during five minutes."""
        self._own(request)
        medium = self._find(request.match_info["node"], "get")
        url = self._account.media.link(medium, str(request.url.origin()))
        return web.json_response(
            {
                "messaging_product": "whatsapp",
                "url": url,
                "mime_type": medium.mime_type,
                "sha256": medium.digest.hex(),
                "file_size": len(medium.data),
                "id": medium.id,
            }
        )

    async def delete(self, request: web.Request) -> web.Response:
        """`DELETE /{media_id}`."""
        self._own(request)
        self._account.media.remove(self._find(request.match_info["node"], "delete").id)
        return web.json_response({"success": True})

    async def download(self, request: web.Request) -> web.Response:
        """The file behind a link of `describe`; needs the token too."""
        medium = self._account.media.find(request.match_info["media"])
        if medium is None or self._account.clock.now() >= _expiry(request):
            return web.Response(status=404, text="URL signature expired")
        return web.Response(body=medium.data, headers={"Content-Type": medium.mime_type})

    async def screen(self, request: web.Request) -> web.Response:
        """The file as the phone shows it, for the page of phones; needs no token."""
        medium = self._account.media.find(request.match_info["media"])
        if medium is None:
            raise web.HTTPNotFound
        return web.Response(body=medium.data, headers={"Content-Type": medium.mime_type})

    def _own(self, request: web.Request) -> None:
        """Refuse a file that is asked for in the name of another number."""
        told = request.query.get("phone_number_id")
        if told not in (None, self._account.settings.phone_id):
            raise no_such_object(request.method.lower(), request.match_info["node"])

    def _find(self, media_id: str, method: str) -> Medium:
        medium = self._account.media.find(media_id)
        if medium is None:
            raise no_such_object(method, media_id)
        return medium


def _expiry(request: web.Request) -> float:
    try:
        return float(request.query.get("ext", 0))
    except ValueError:
        return 0.0


async def _form(request: web.Request) -> tuple[Mapping[str, str], tuple[str, bytes] | None]:
    """The text fields of a multipart form, and its file as (type, bytes)."""
    fields: dict[str, str] = {}
    file: tuple[str, bytes] | None = None
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise invalid("A multipart form must not be nested.")
        if part.name == "file":
            mime_type = part.headers.get("Content-Type", "application/octet-stream")
            file = mime_type, bytes(await part.read())
        elif part.name:
            fields[part.name] = await part.text()
    return fields, file
