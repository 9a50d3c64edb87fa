"""Files that the bot or people sent: identifiers, sizes and downloads."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from emulators.telegram.errors import ApiError, bad_request
from emulators.telegram.links import is_fetchable
from emulators.telegram.parameters import ATTACHED, Upload
from emulators.telegram.pictures import picture_size
from emulators.telegram.settings import TelegramSettings

# https://core.telegram.org/bots/api#sending-files and #getfile
MAX_PHOTO_BYTES = 10 * 2**20
MAX_FILE_BYTES = 50 * 2**20
MAX_DOWNLOAD_BYTES = 20 * 2**20


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that Telegram keeps. One that came by link has `url` and no content."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime_type: str
    content: bytes
    url: str = ""

    @property
    def path(self) -> str:
        """Where it is downloaded, below /file/bot<token>/."""
        suffix = PurePosixPath(self.name).suffix
        return f"{self.kind}s/{self.unique_id}{suffix}"

    def description(self) -> dict[str, Any]:
        """The fields that every kind of file has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }


class Files:
    """Files by id; the same content sent twice is kept once."""

    def __init__(self, settings: TelegramSettings) -> None:
        self._settings = settings
        self._by_id: dict[str, Stored] = {}
        self._by_path: dict[str, Stored] = {}

    def add(self, kind: str, upload: Upload, url: str = "") -> Stored:
        """Keep a file; `kind` is one of emulators.telegram.media.KINDS."""
        digest = hashlib.sha256(f"{kind} {url} ".encode() + upload.content).hexdigest()
        file_id = f"AgAD{self._settings.bot_id:x}{digest}"
        stored = self._by_id.get(file_id)
        if stored is None:
            stored = Stored(
                file_id, f"AQAD{digest[:12]}", kind, upload.name, upload.mime_type,
                upload.content, url,
            )  # fmt: skip
            self._by_id[file_id] = self._by_path[stored.path] = stored
        return stored

    def received(self, kind: str, told: str, upload: Upload | None, missing: str) -> Stored:
        """The file of a request: uploaded, by link or by file_id; ApiError, `missing` for none."""
        if upload is not None:
            _check_size(kind, len(upload.content))
            if kind == "photo" and picture_size(upload.content) is None:
                raise bad_request("IMAGE_PROCESS_FAILED")
            return self.add(kind, upload)
        if not told or told.startswith(ATTACHED):
            raise bad_request(missing)
        if "://" in told:
            if not is_fetchable(told):
                raise bad_request("Wrong HTTP URL specified")
            # Nothing is ever downloaded: the page of phones shows the picture from its own address.
            return self.add(kind, Upload(PurePosixPath(told).name, "", b""), url=told)
        return self._sent_before(kind, told)

    def by_id(self, file_id: str) -> Stored:
        """The file that can be downloaded by this id; raises ApiError."""
        if not file_id:
            raise bad_request("file_id not specified")
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        if stored.url:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(stored.content) > MAX_DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        return stored

    def link(self, file_id: str) -> str:
        """Where the page of phones finds the file."""
        stored = self._by_id[file_id]
        return stored.url or f"/telegram/file/bot{self._settings.token}/{stored.path}"

    def by_path(self, path: str) -> Stored | None:
        """The file at a path that getFile told."""
        return self._by_path.get(path)

    def _sent_before(self, kind: str, file_id: str) -> Stored:
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if stored.kind != kind:
            was, wanted = stored.kind.capitalize(), kind.capitalize()
            raise bad_request(f"Can't use file of type {was} as {wanted}")
        return stored


def _check_size(kind: str, size: int) -> None:
    if kind == "photo" and size > MAX_PHOTO_BYTES:
        limit = f"the maximum size is {MAX_PHOTO_BYTES} bytes"
        raise bad_request(f"File of size {size} bytes is too big for a photo; {limit}")
    if size > MAX_FILE_BYTES:
        raise ApiError(413, "Request Entity Too Large")
