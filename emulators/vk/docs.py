"""Documents and voice messages: the upload server, and the methods before and after it."""

import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from emulators.clock import Clock
from emulators.vk.call import Call
from emulators.vk.community import Community
from emulators.vk.errors import VkError
from emulators.vk.files import DOCUMENTS, Files, Kept, Upload

# dev.vk.com/ru/reference/objects/doc, `type`: by extension, 8 for anything unknown.
TYPES: Mapping[str, int] = {
    **dict.fromkeys(("txt", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "rtf", "pdf"), 1),
    **dict.fromkeys(("zip", "rar", "7z", "gz"), 2),
    "gif": 3,
    **dict.fromkeys(("jpg", "jpeg", "png", "webp"), 4),
    **dict.fromkeys(("mp3", "ogg", "wav", "m4a"), 5),
    **dict.fromkeys(("mp4", "avi", "mov", "mkv"), 6),
    **dict.fromkeys(("epub", "fb2", "djvu"), 7),
}
UNKNOWN_TYPE = 8
# An upload does not tell how long a voice message lasts.
VOICE_SECONDS = 3
WAVEFORM = (0, 8, 19, 31, 12, 5, 24, 9)


class Docs:
    """docs.getMessagesUploadServer, the upload itself, docs.save."""

    def __init__(self, clock: Clock, community: Community, files: Files) -> None:
        self._clock = clock
        self._community = community
        self._files = files

    def get_server(self, call: Call) -> dict[str, Any]:
        """docs.getMessagesUploadServer; raises what messages.send would of its `peer_id`."""
        kind = call.one_of("type", DOCUMENTS, "doc")
        if call.has("peer_id"):
            obstacle = self._community.find(call.integer("peer_id")).obstacle
            if obstacle is not None:
                raise VkError(obstacle)
        return {"upload_url": f"{call.visit.base}/upload/{kind}"}

    async def upload(self, request: web.Request) -> dict[str, Any]:
        """The upload server: a multipart form with the field `file`."""
        proof = await self._files.receive(request, "file", request.match_info["kind"])
        return {"error": "no_file"} if proof is None else {"file": proof}

    def save(self, call: Call) -> Mapping[str, Any]:
        """docs.save; raises 105 for a file that was not uploaded, or is empty."""
        upload = self._files.claim(call.text("file"))
        if upload is None or upload.kind not in DOCUMENTS or not upload.body:
            raise VkError(105)
        title = call.text("title", upload.name)
        return self.keep(upload, -self._community.settings.group_id, title).attachment

    def keep(self, upload: Upload, owner_id: int, title: str) -> Kept:
        """A document or a voice message of the community's, or one that a person sends."""

        def document(number: int, url: str) -> dict[str, Any]:
            extension = upload.name.rpartition(".")[2].lower()
            return {
                "id": number,
                "owner_id": owner_id,
                "title": title,
                "size": len(upload.body),
                "ext": extension,
                "date": int(self._clock.now()),
                "type": TYPES.get(extension, UNKNOWN_TYPE),
                "url": url,
                "access_key": secrets.token_hex(9),
            }

        def voice(number: int, url: str) -> dict[str, Any]:
            return {
                "id": number,
                "owner_id": owner_id,
                "duration": VOICE_SECONDS,
                "waveform": list(WAVEFORM),
                "link_ogg": url,
                "link_mp3": url,
                "access_key": secrets.token_hex(9),
            }

        def graffiti(number: int, url: str) -> dict[str, Any]:
            key = secrets.token_hex(9)
            size = {"width": 128, "height": 128}
            return {"id": number, "owner_id": owner_id, "url": url, "access_key": key, **size}

        makers = {"doc": document, "audio_message": voice, "graffiti": graffiti}
        return self._files.keep(upload, upload.kind, makers[upload.kind])
