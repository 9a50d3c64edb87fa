"""What people send besides words: files, places, other people's numbers, orders."""

from collections.abc import Mapping
from typing import Any

from emulators.picture import plain_picture
from emulators.shares import Share
from emulators.told import Told
from emulators.whatsapp import payloads
from emulators.whatsapp.account import Account
from emulators.whatsapp.bodies import picture
from emulators.whatsapp.interactive import PLACE
from emulators.whatsapp.media import INBOUND_SECONDS
from emulators.whatsapp.writing import Writing
from emulators.world import Gesture

PHOTO = plain_picture(320, 240, (37, 160, 90))
# kind → type of the file, its first bytes, what else its webhook tells, what the screen shows
FILES: Mapping[str, tuple[str, bytes, Mapping[str, Any], str]] = {
    "image": ("image/jpeg", PHOTO, {}, "🖼"),
    "video": ("video/mp4", b"\0\0\0\x18ftypmp42" + bytes(64), {}, "🎬"),
    "document": ("application/pdf", b"%PDF-1.4\n%%EOF\n", {"filename": "document.pdf"}, "📄"),
    "audio": ("audio/mpeg", b"ID3" + bytes(64), {"voice": False}, "🎵"),
    "voice": ("audio/ogg; codecs=opus", b"OggS" + bytes(64), {"voice": True}, "🎤"),
    "sticker": ("image/webp", b"RIFF\x1a\0\0\0WEBPVP8L" + bytes(14), {"animated": False}, "🏷"),
}
CAPTIONED = ("image", "video", "document")
SHOWN = ("image", "sticker")
ORDER = {
    "catalog_id": "1",
    "text": "",
    "product_items": [
        {"product_retailer_id": "sku", "quantity": 2, "item_price": 30.5, "currency": "USD"}
    ],
}


class Attachments:
    """Their gestures; each takes {"who": id, …} and raises Refused."""

    def __init__(self, account: Account, writing: Writing) -> None:
        self._account = account
        self._writing = writing
        self._links = Share(account.settings.media_links)

    def gestures(self) -> Mapping[str, Gesture]:
        """All of them by name."""
        files = {kind: self._file(kind) for kind in FILES}
        return {
            "photo": files.pop("image"),
            **files,
            "contact": self.contact,
            "friend": self.friend,
            "location": self.location,
            "order": self.order,
        }

    async def contact(self, told: Told) -> Told:
        """Share one's own number, as after a request for it."""
        human = self._writing.active(told)
        return self._writing.write(human, payloads.card(human, asked=True), human.phone)

    async def friend(self, told: Told) -> Told:
        """Share the number of somebody else (`friend`: their id) out of one's contacts."""
        human = self._writing.active(told)
        friend = self._account.world.human({"who": told.get("friend")})
        return self._writing.write(human, payloads.card(friend, asked=False), friend.phone)

    async def location(self, told: Told) -> Told:
        """Share where one is."""
        content = {"type": "location", "location": PLACE}
        return self._writing.write(self._writing.active(told), content, "📍")

    async def order(self, told: Told) -> Told:
        """Order out of the catalogue."""
        content = {"type": "order", "order": ORDER}
        return self._writing.write(self._writing.active(told), content, "🛒")

    def _file(self, kind: str) -> Gesture:
        mime_type, data, more, shown = FILES[kind]
        named = "audio" if kind == "voice" else kind

        async def gesture(told: Told) -> Told:
            human = self._writing.active(told)
            medium = self._account.media.keep(mime_type, data, INBOUND_SECONDS)
            caption = told.get("caption") if kind in CAPTIONED else None
            received = {**medium.received, **more} | ({"caption": caption} if caption else {})
            if self._account.origin and self._links.due():
                received["url"] = self._account.media.link(medium, self._account.origin)
            image = picture(medium.id) if kind in SHOWN else None
            content = {"type": named, named: received}
            return self._writing.write(human, content, str(caption or shown), image=image)

        return gesture
