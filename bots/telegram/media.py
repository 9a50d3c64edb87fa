"""Renders files as requests of the Bot API, and finds their ids in its answers; pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiogram.methods import (
    SendAudio,
    SendDocument,
    SendPhoto,
    SendSticker,
    SendVideo,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import (
    BufferedInputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    MediaUnion,
)

from bots.telegram.unsayable import Unsayable
from vestnik.outbound import File, Media, MediaKind
from vestnik.outcome import Upload

METHODS: dict[MediaKind, tuple[Callable[..., TelegramMethod[Any]], str]] = {
    "image": (SendPhoto, "photo"),
    "video": (SendVideo, "video"),
    "audio": (SendAudio, "audio"),
    "voice": (SendVoice, "voice"),
    "document": (SendDocument, "document"),
    "sticker": (SendSticker, "sticker"),
}
"""How one file is sent, and its field's name."""

ITEMS: dict[MediaKind, Callable[..., MediaUnion]] = {
    "image": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
}
"""What can be one of several, or take another's place."""

# https://core.telegram.org/bots/api#sendmediagroup
ALBUM = range(2, 11)
_TOGETHER = (frozenset({"image", "video"}), frozenset({"audio"}), frozenset({"document"}))

# A video without sound comes back as an animation, which is also told as a document.
_FIELDS = ("photo", "animation", "video", "audio", "voice", "sticker", "document")

Files = Mapping[str, File]


def single(media: Media, files: Files, caption: Mapping[str, Any]) -> TelegramMethod[Any]:
    """The request that sends one file; `caption` has its other fields. Raises Unsayable."""
    if media.kind not in METHODS:
        raise Unsayable(f"media_unsupported:{media.kind}")
    method, field = METHODS[media.kind]
    return method(**{field: source(media, files)}, **caption)


def album(media: Sequence[Media], files: Files, caption: Mapping[str, Any]) -> list[MediaUnion]:
    """The items of an album, the caption below the first; raises Unsayable."""
    if len(media) not in ALBUM:
        raise Unsayable("album_over_10")
    kinds = {it.kind for it in media}
    if not any(kinds <= together for together in _TOGETHER):
        raise Unsayable("album_of_mixed_kinds")
    first, *others = media
    return [item(first, files, caption), *(item(it, files, {}) for it in others)]


def item(media: Media, files: Files, caption: Mapping[str, Any]) -> MediaUnion:
    """A file as one of several, or as what takes another's place; raises Unsayable."""
    return ITEMS[media.kind](media=source(media, files), **caption)


def source(media: Media, files: Files) -> str | BufferedInputFile:
    """Where the file comes from: the id of an earlier upload, else its content, else a link."""
    if media.id:
        return media.id
    if media.file is not None and media.file in files:
        file = files[media.file]
        return BufferedInputFile(file.content, _plain(file.name))
    if media.url:
        return media.url
    raise Unsayable(f"media_without_file:{media.kind}")


def uploaded(media: Sequence[Media], files: Files, answers: Sequence[object]) -> dict[str, Upload]:
    """The ids of the files that came along, by their keys; `answers` are the messages sent."""
    ids = {
        it.file: _file_id(message)
        for it, message in zip(media, answers, strict=False)
        if it.file in files and not it.id
    }
    return {key: Upload(known) for key, known in ids.items() if key and known}


def _file_id(message: object) -> str | None:
    if not isinstance(message, dict):
        return None
    for field in _FIELDS:
        match message.get(field):
            # A photo comes in several sizes, the largest last.
            case {"file_id": str(known)} | [*_, {"file_id": str(known)}]:
                return known
            case _:
                continue
    return None


def _plain(name: str) -> str:
    """A file's name that can stand in a header."""
    return "".join(letter for letter in name if letter.isprintable()) or "file"
