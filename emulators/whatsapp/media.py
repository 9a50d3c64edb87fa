"""Uploaded media: kept in memory, given back to who holds the token."""

import base64
import hashlib
from dataclasses import dataclass
from itertools import count

from emulators.clock import Clock
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.params import invalid
from emulators.whatsapp.settings import DAY

# whatsapp.md section 3.4
MEGABYTE = 2**20
SIZES = {
    "image/jpeg": 5 * MEGABYTE,
    "image/png": 5 * MEGABYTE,
    "image/webp": 500 * 2**10,
    "video/mp4": 16 * MEGABYTE,
    "video/3gpp": 16 * MEGABYTE,
    "audio/aac": 16 * MEGABYTE,
    "audio/amr": 16 * MEGABYTE,
    "audio/mpeg": 16 * MEGABYTE,
    "audio/mp4": 16 * MEGABYTE,
    "audio/ogg": 16 * MEGABYTE,
    "application/pdf": 100 * MEGABYTE,
    "text/plain": 100 * MEGABYTE,
    "application/msword": 100 * MEGABYTE,
    "application/vnd.ms-excel": 100 * MEGABYTE,
    "application/vnd.ms-powerpoint": 100 * MEGABYTE,
    **{
        f"application/vnd.openxmlformats-officedocument.{kind}": 100 * MEGABYTE
        for kind in (
            "presentationml.presentation",
            "spreadsheetml.sheet",
            "wordprocessingml.document",
        )
    },
}
STILL_STICKER = 100 * 2**10
STICKER = "image/webp"
UPLOAD_SECONDS = 30 * DAY
INBOUND_SECONDS = 7 * DAY
LINK_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Medium:
    """One file, until a moment on the emulator's clock."""

    id: str
    mime_type: str
    data: bytes
    expires_at: float

    @property
    def digest(self) -> bytes:
        """SHA-256 of the file."""
        return hashlib.sha256(self.data).digest()

    @property
    def received(self) -> dict[str, str]:
        """How a webhook names a file that a user sent."""
        digest = base64.b64encode(self.digest).decode()
        return {"id": self.id, "mime_type": self.mime_type, "sha256": digest}


class Media:
    """All files, by id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._files: dict[str, Medium] = {}
        self._ids = count(1_003_300_000_000_001)

    def upload(self, mime_type: str, data: bytes) -> Medium:
        """Keep a file of the business; raises 100 and 131053."""
        known = mime_type.partition(";")[0].strip().lower()
        if known not in SIZES:
            types = ", ".join(SIZES)
            raise invalid(
                f"Param file must be a file with one of the following types: {types}. "
                f"Received file of type '{mime_type}'."
            )
        most = STILL_STICKER if known == STICKER and not _moves(data) else SIZES[known]
        if not 0 < len(data) <= most:
            raise GraphError(131053, f"File must have from 1 to {most} bytes.")
        return self.keep(mime_type, data, UPLOAD_SECONDS)

    def keep(self, mime_type: str, data: bytes, seconds: float) -> Medium:
        """Keep a file for so long."""
        medium = Medium(str(next(self._ids)), mime_type, data, self._clock.now() + seconds)
        self._files[medium.id] = medium
        return medium

    def link(self, medium: Medium, origin: str) -> str:
        """Where a file can be downloaded with the token during five minutes."""
        expires = int(self._clock.now() + LINK_SECONDS)
        return f"{origin}/whatsapp/attachments/{medium.id}?ext={expires}"

    def find(self, media_id: str) -> Medium | None:
        """A file, or None: never uploaded, deleted, or too old."""
        medium = self._files.get(media_id)
        return medium if medium and self._clock.now() < medium.expires_at else None

    def knows(self, media_id: str) -> bool:
        """Whether a message may name this file."""
        return self.find(media_id) is not None

    def remove(self, media_id: str) -> None:
        """Forget a file."""
        self._files.pop(media_id, None)


def _moves(webp: bytes) -> bool:
    """Whether a WebP is animated: bit 1 of the flags of its VP8X chunk (WebP's container)."""
    return webp[12:16] == b"VP8X" and len(webp) > 20 and bool(webp[20] & 0b10)
