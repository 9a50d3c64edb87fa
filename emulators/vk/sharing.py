"""What people send besides texts: pictures, files, voice messages, places, stickers."""

from typing import Any

from emulators.picture import plain_picture
from emulators.told import Told, told_index
from emulators.vk.content import ATTACHMENTS
from emulators.vk.docs import Docs
from emulators.vk.files import Kept, Upload
from emulators.vk.history import Content
from emulators.vk.parts import Parts
from emulators.vk.photos import SIDE, Photos
from emulators.vk.speaking import Speaking
from emulators.world import Gesture

PLACE = {"latitude": 55.751244, "longitude": 37.618423}
GEO = {"type": "point", "coordinates": PLACE}
SAMPLE = plain_picture(SIDE, SIDE, (82, 136, 193))
# dev.vk.com/ru/reference/objects/sticker.
STICKER = {
    "inner_type": "base_sticker_new",
    "sticker_id": 9_046,
    "product_id": 279,
    "is_allowed": True,
    "images": [{"url": "https://vk.com/sticker/1-9046-256", "width": 256, "height": 256}],
}


class Sharing:
    """Each gesture writes one message, with `text` beside what is attached."""

    def __init__(self, parts: Parts, speaking: Speaking, photos: Photos, docs: Docs) -> None:
        self._dialog_of = parts.dialog_of
        self._speaking = speaking
        self._photos = photos
        self._docs = docs

    def gestures(self) -> dict[str, Gesture]:
        """By their names on the control path."""
        return {
            "photo": self.photo,
            "file": self.file,
            "voice": self.voice,
            "place": self.place,
            "sticker": self.sticker,
        }

    async def photo(self, told: Told) -> Told:
        """Send a picture; `count` of them in one message, ten at most."""
        count = told_index(told, "count", ATTACHMENTS + 1) or 1
        user_id = self._dialog_of(told).user_id
        upload = Upload("photo.png", "image/png", SAMPLE, "photo")
        return self._send(told, *(self._photos.keep(upload, user_id) for _ in range(count)))

    async def file(self, told: Told) -> Told:
        """Send a document called `name`."""
        name = str(told.get("name", "file.pdf"))
        upload = Upload(name, "application/pdf", b"%PDF-1.4\n%%EOF\n")
        return self._send(told, self._docs.keep(upload, self._dialog_of(told).user_id, name))

    async def voice(self, told: Told) -> Told:
        """Send a voice message."""
        upload = Upload("voice.ogg", "audio/ogg", b"OggS", "audio_message")
        return self._send(told, self._docs.keep(upload, self._dialog_of(told).user_id, upload.name))

    async def place(self, told: Told) -> Told:
        """Send where one is."""
        return self._say(told, geo=GEO)

    async def sticker(self, told: Told) -> Told:
        """Send a sticker."""
        return self._say(told, attachments=({"type": "sticker", "sticker": STICKER},))

    def _send(self, told: Told, *kept: Kept) -> Told:
        return self._say(told, attachments=tuple(each.attachment for each in kept))

    def _say(self, told: Told, **content: Any) -> Told:
        return self._speaking.say(
            self._dialog_of(told), Content(str(told.get("text", "")), **content)
        )
