"""Pictures for messages: the upload server, and the methods before and after it."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from emulators.clock import Clock
from emulators.vk.call import Call
from emulators.vk.errors import VkError
from emulators.vk.settings import VkSettings

ALBUM = -64
SERVER = 1
SIDE = 604


@dataclass(frozen=True, slots=True)
class Picture:
    """An uploaded file, and the photo it became."""

    body: bytes
    content_type: str


class Photos:
    """photos.getMessagesUploadServer, the upload itself, photos.saveMessagesPhoto."""

    def __init__(self, clock: Clock, settings: VkSettings) -> None:
        self._clock = clock
        self._settings = settings
        self._uploaded: dict[str, Picture] = {}
        self._saved: dict[int, tuple[Picture, dict[str, Any]]] = {}

    def get_server(self, call: Call) -> dict[str, Any]:
        """photos.getMessagesUploadServer."""
        return {
            "album_id": ALBUM,
            "upload_url": f"{call.visit.base}/upload",
            "user_id": 0,
            "group_id": self._settings.group_id,
        }

    async def upload(self, request: web.Request) -> dict[str, Any]:
        """The upload server: a multipart form with the field `photo`."""
        found = (await request.post()).get("photo")
        if not isinstance(found, web.FileField):
            return {"error": "ERR_UPLOAD_BAD_IMAGE_FILE: photo is undefined"}
        proof = secrets.token_hex(16)
        self._uploaded[proof] = Picture(found.file.read(), found.content_type.split(";")[0])
        return {"server": SERVER, "photo": json.dumps([{"photo": proof}]), "hash": proof}

    def save(self, call: Call) -> list[dict[str, Any]]:
        """photos.saveMessagesPhoto; raises 118, 121 or 129."""
        call.text("photo")
        if call.integer("server", SERVER) != SERVER:
            raise VkError(118)
        picture = self._uploaded.pop(call.text("hash"), None)
        if picture is None:
            raise VkError(121)
        if not picture.body:
            raise VkError(129)
        number = len(self._saved) + 1
        photo = self._photo(number, f"{call.visit.base}/photos/{number}")
        self._saved[number] = (picture, photo)
        return [photo]

    def find(self, owner_id: int, number: int) -> dict[str, Any] | None:
        """A photo of the community's own, or None."""
        saved = self._saved.get(number) if owner_id == -self._settings.group_id else None
        return saved[1] if saved else None

    async def show(self, request: web.Request) -> web.Response:
        """The picture itself."""
        saved = self._saved.get(int(request.match_info["number"]))
        if saved is None:
            raise web.HTTPNotFound
        return web.Response(body=saved[0].body, content_type=saved[0].content_type)

    def _photo(self, number: int, url: str) -> dict[str, Any]:
        size: Mapping[str, Any] = {"type": "x", "width": SIDE, "height": SIDE, "url": url}
        return {
            "id": number,
            "owner_id": -self._settings.group_id,
            "album_id": ALBUM,
            "user_id": self._settings.admin_id,
            "access_key": secrets.token_hex(9),
            "date": int(self._clock.now()),
            "text": "",
            "has_tags": False,
            "sizes": [size],
        }
