"""Pictures for messages: the upload server, and the methods before and after it."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from emulators.clock import Clock
from emulators.vk.call import Call
from emulators.vk.errors import VkError
from emulators.vk.files import Files, Kept, Upload
from emulators.vk.settings import VkSettings

ALBUM = -64
SERVER = 1
SIDE = 604
# dev.vk.com/ru/api/upload/overview: JPG, PNG and GIF.
STARTS = (b"\xff\xd8", b"\x89PNG", b"GIF8")


class Photos:
    """photos.getMessagesUploadServer, the upload itself, photos.saveMessagesPhoto."""

    def __init__(self, clock: Clock, settings: VkSettings, files: Files) -> None:
        self._clock = clock
        self._settings = settings
        self._files = files

    def get_server(self, call: Call) -> dict[str, Any]:
        """photos.getMessagesUploadServer."""
        return {
            "album_id": ALBUM,
            "upload_url": f"{call.visit.base}/upload/photo",
            "user_id": 0,
            "group_id": self._settings.group_id,
        }

    async def upload(self, request: web.Request) -> dict[str, Any]:
        """The upload server: a multipart form with the field `photo`."""
        proof = await self._files.receive(request, "photo", "photo")
        if proof is None:
            return {"error": "ERR_UPLOAD_BAD_IMAGE_FILE: photo is undefined"}
        return {"server": SERVER, "photo": json.dumps([{"photo": proof}]), "hash": proof}

    def save(self, call: Call) -> list[Mapping[str, Any]]:
        """photos.saveMessagesPhoto; raises 118, 121 or 129."""
        call.text("photo")
        if call.integer("server", SERVER) != SERVER:
            raise VkError(118)
        picture = self._files.claim(call.text("hash"))
        if picture is None or picture.kind != "photo":
            raise VkError(121)
        if not picture.body.startswith(STARTS):
            raise VkError(129)
        return [self.keep(picture, -self._settings.group_id).object]

    def keep(self, picture: Upload, owner_id: int) -> Kept:
        """A photo of the community's, or one that a person sends."""

        def photo(number: int, url: str) -> dict[str, Any]:
            return {
                "id": number,
                "owner_id": owner_id,
                "album_id": ALBUM,
                "user_id": self._settings.admin_id if owner_id < 0 else owner_id,
                "access_key": secrets.token_hex(9),
                "date": int(self._clock.now()),
                "text": "",
                "has_tags": False,
                "sizes": [{"type": "x", "width": SIDE, "height": SIDE, "url": url}],
            }

        return self._files.keep(picture, "photo", photo)
