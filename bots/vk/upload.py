"""Uploads files of ours to VK: pictures as photos, all else as documents.

dev.vk.com/ru/api/upload/messages
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from bots.vk.api import Api
from bots.vk.errors import CallFailed
from bots.vk.fields import Odd
from bots.vk.reference import attachment
from vestnik.outbound import File, Media, Send
from vestnik.outcome import Ambiguous, Rejected, SendResult, Temporary, Unreachable


class Uploads:
    """The files of one batch at VK, by their keys; each is uploaded once."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._names: dict[str, str] = {}
        self._failures: dict[str, CallFailed] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def names(self, item: Send, wanted: Iterable[Media]) -> Mapping[str, str]:
        """VK's names of the files; raises CallFailed, which says that nothing was sent."""
        return {key: await self._name(item, media) for media in wanted if (key := media.file)}

    async def _name(self, item: Send, media: Media) -> str:
        key = media.file or ""
        async with self._turns[key]:
            if key in self._failures:
                raise self._failures[key]
            if key not in self._names:
                self._names[key] = await self._upload(item, media, key)
        return self._names[key]

    async def _upload(self, item: Send, media: Media, key: str) -> str:
        file = item.files.get(key)
        if file is None:
            raise CallFailed("upload", Rejected("file_missing", f"nobody gave the file {key!r}"))
        try:
            if media.kind == "image":
                return await self._photo(file)
            return await self._document(file, media, item.address.handle)
        except CallFailed as failed:
            unsent = CallFailed(str(failed), _before_sending(failed.result), failed.code)
            # What VK says of the person is no reason not to upload for another one.
            if not isinstance(unsent.result, Unreachable):
                self._failures[key] = unsent
            raise unsent from failed

    async def _photo(self, file: File) -> str:
        server = await self._api.call("photos.getMessagesUploadServer", {})
        told = await self._api.upload(_address(server), "photo", file)
        given = {name: _told(told, name) for name in ("server", "photo", "hash")}
        if given["photo"] in ("", "[]"):
            raise CallFailed("upload", Rejected("upload", f"VK takes {file.name!r} for no picture"))
        saved = await self._api.call("photos.saveMessagesPhoto", given)
        return _named("photo", saved[0] if isinstance(saved, list) and saved else None)

    async def _document(self, file: File, media: Media, peer_id: str) -> str:
        kind = "audio_message" if media.kind == "voice" else "doc"
        wanted = {"type": kind, "peer_id": peer_id}
        server = await self._api.call("docs.getMessagesUploadServer", wanted)
        told = await self._api.upload(_address(server), "file", file)
        given = {"file": _told(told, "file"), "title": file.name}
        saved = await self._api.call("docs.save", given)
        became = str(saved.get("type")) if isinstance(saved, Mapping) else ""
        return _named(became, saved.get(became) if became else None)


def _address(server: object) -> str:
    url = server.get("upload_url") if isinstance(server, Mapping) else None
    return url if isinstance(url, str) else _unreadable()


def _told(told: object, name: str) -> Any:
    """A field of what the upload server answered, which may be a refusal of the file."""
    if isinstance(told, Mapping) and "error" in told:
        raise CallFailed("upload", Rejected("upload", str(told["error"])[:200]))
    return told[name] if isinstance(told, Mapping) and name in told else _unreadable()


def _named(kind: str, item: object) -> str:
    try:
        name = attachment(kind, item) if isinstance(item, Mapping) else None
    except Odd:
        name = None
    return name or _unreadable()


def _unreadable() -> NoReturn:
    raise CallFailed("upload: no answer that can be read", Temporary("upload_unreadable"))


def _before_sending(result: SendResult) -> SendResult:
    return Temporary(result.code) if isinstance(result, Ambiguous) else result
