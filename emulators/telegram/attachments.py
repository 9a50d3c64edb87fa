"""Pictures and other files that people send."""

from collections.abc import Mapping
from typing import Any

from emulators.picture import plain_picture
from emulators.telegram.copying import new_album
from emulators.telegram.media import BARE, KINDS, shown
from emulators.telegram.parameters import Upload
from emulators.telegram.people import acting
from emulators.telegram.state import State
from emulators.telegram.writing import Writing, captioned
from emulators.told import Told
from emulators.world import Gesture, Refused

Object = dict[str, Any]

SAMPLES = {
    "photo": Upload("photo.png", "image/png", plain_picture(320, 240, (82, 136, 193))),
    "video": Upload("video.mp4", "video/mp4", b"\0\0\0\x18ftypmp42" + bytes(64)),
    "animation": Upload("animation.mp4", "video/mp4", b"\0\0\0\x18ftypmp42" + bytes(32)),
    "audio": Upload("song.mp3", "audio/mpeg", b"ID3" + bytes(64)),
    "document": Upload("document.pdf", "application/pdf", b"%PDF-1.4\n"),
    "voice": Upload("voice.ogg", "audio/ogg", b"OggS" + bytes(64)),
    "video_note": Upload("note.mp4", "video/mp4", b"\0\0\0\x18ftypmp42" + bytes(16)),
    "sticker": Upload("sticker.webp", "image/webp", b"RIFF" + bytes(32)),
}
ABOUT = {"width": 320, "height": 240, "length": 240, "duration": 3}
ALONE = BARE | {"voice"}
MOST = 10


class Attachments:
    """The files are samples: what counts is that the bot can fetch them."""

    def __init__(self, state: State, writing: Writing) -> None:
        self._state = state
        self._writing = writing

    def gestures(self) -> Mapping[str, Gesture]:
        """By name."""
        return {"photo": self.photo, "media": self.media}

    async def photo(self, told: Told) -> Object:
        """`{who, caption?, chat?, reply_to?, thread?}`: send a picture."""
        return await self.media({**told, "kind": "photo"})

    async def media(self, told: Told) -> Object:
        """`{who, kind, count?, caption?, chat?, …}`: send a file, or an album of so many.

        `kind` is one of emulators.telegram.media.KINDS. Gives the first message, and all of them
        as "messages"; only the first has the caption.
        """
        human, chat = acting(self._state, told)
        kind, count = told.get("kind"), told.get("count", 1)
        if kind not in KINDS:
            raise Refused(f"say which 'kind': one of {', '.join(KINDS)}")
        if type(count) is not int or not 1 <= count <= MOST:
            raise Refused(f"an album has up to {MOST} files")
        if count > 1 and kind in ALONE:
            raise Refused(f"there are no albums of {kind}")
        album = {"media_group_id": new_album()} if count > 1 else {}
        caption = {} if kind in BARE else captioned(told)
        numbers = []
        for _ in range(count):
            stored = self._state.files.add(kind, SAMPLES[kind])
            content = shown(kind, stored, ABOUT) | album | caption
            numbers.append(self._writing.write(chat, human, content, told)["message"])
            caption = {}
        return {"message": numbers[0], "messages": numbers}
