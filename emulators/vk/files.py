"""Files that were uploaded by the business or sent by people: kept, found, shown at an address."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

# What may be attached as a document: a voice message and a graffiti are uploaded as one.
DOCUMENTS = ("doc", "audio_message", "graffiti")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    content_type: str
    body: bytes
    kind: str = "doc"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that became an attachment: `attachment` is `{"type": kind, kind: object}`."""

    upload: Upload
    attachment: Mapping[str, Any]

    @property
    def object(self) -> Mapping[str, Any]:
        """The photo or the document."""
        found: Mapping[str, Any] = self.attachment[self.attachment["type"]]
        return found


class Files:
    """All files of the community and of those who write to it.

    `base` is the address that the API was last called at: nobody hears of a file before a call.
    """

    def __init__(self) -> None:
        self.base = ""
        self._uploaded: dict[str, Upload] = {}
        self._kept: dict[int, Kept] = {}

    async def receive(self, request: web.Request, field: str, kind: str = "doc") -> str | None:
        """Take a file out of a multipart form; gives the proof to save it by, or None."""
        found = (await request.post()).get(field)
        if not isinstance(found, web.FileField):
            return None
        proof = secrets.token_hex(16)
        content_type = found.content_type.split(";")[0]
        self._uploaded[proof] = Upload(found.filename, content_type, found.file.read(), kind)
        return proof

    def claim(self, proof: str) -> Upload | None:
        """An uploaded file, good for one saving."""
        return self._uploaded.pop(proof, None)

    def keep(
        self, upload: Upload, kind: str, describe: Callable[[int, str], Mapping[str, Any]]
    ) -> Kept:
        """Keep a file as an attachment of its kind; `describe` makes it of number and address."""
        number = len(self._kept) + 1
        thing = describe(number, f"{self.base}/files/{number}")
        kept = self._kept[number] = Kept(upload, {"type": kind, kind: thing})
        return kept

    def find(self, kind: str, owner_id: int, number: int) -> Kept | None:
        """What an attachment like `photo-1_2` names, when it is kept here."""
        kept = self._kept.get(number)
        if kept is None or kept.object["owner_id"] != owner_id:
            return None
        told = kept.attachment["type"]
        return kept if kind == told or {kind, told} <= set(DOCUMENTS) else None

    async def show(self, request: web.Request) -> web.Response:
        """The file itself."""
        kept = self._kept.get(int(request.match_info["number"]))
        if kept is None:
            raise web.HTTPNotFound
        return web.Response(body=kept.upload.body, content_type=kept.upload.content_type)
