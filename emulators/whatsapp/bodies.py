"""Reads what a business sends: plain types with their limits, and what the phone shows of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from emulators.screens import Key
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.params import Params, bad_value, missing
from emulators.whatsapp.settings import Template

# Characters, unless told otherwise (whatsapp.md section 3.2, with Meta's pages).
TEXT = 4096
BODY = 1024
HEADER = FOOTER = 60
CAPTION = 1024
FILENAME = 240
URL = 2000
OPAQUE = 512
MEDIA_ID = 200
CONTACTS = 257

MEDIA = ("image", "video", "document", "audio", "sticker")
CAPTIONED = ("image", "video", "document")
NAME_PARTS = ("first_name", "last_name", "middle_name", "suffix", "prefix")

Answer = Mapping[str, Any]
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Button:
    """A key under a message, and the message that each press of it (each row of it) sends.

    `copies` is the code that a press copies instead.
    """

    key: Key
    answers: tuple[Answer, ...] = ()
    copies: str | None = None


@dataclass(slots=True)
class Draft:
    """A message that passed the checks of its type; `text` is all that the recipient reads.

    `lite`: sent by the Marketing Messages API.
    """

    kind: str
    text: str
    buttons: list[Button] = field(default_factory=list)
    detail: dict[str, Any] = field(default_factory=dict)
    image: str | None = None
    template: Template | None = None
    reacts_to: str | None = None
    lite: bool = False


def read_text(params: Params) -> Draft:
    """A free-form text."""
    body = params.child("text")
    body.only("body", "preview_url")
    return Draft("text", body.text("body", TEXT))


def read_media(kind: str, params: Params, known: Known) -> Draft:
    """An image, video, document, audio or sticker, by the id of an upload or by a link."""
    medium = params.child(kind)
    medium.only(*MEDIUM_KEYS[kind])
    caption = medium.maybe("caption", CAPTION)
    filename = medium.maybe("filename", FILENAME)
    source = media_source(medium, known)
    return Draft(
        kind,
        caption or filename or "",
        detail={kind: source},
        image=picture(source) if kind in ("image", "sticker") else None,
    )


MEDIUM_KEYS: Mapping[str, tuple[str, ...]] = {
    kind: (
        "id",
        "link",
        *(("caption",) if kind in CAPTIONED else ()),
        *(("filename",) if kind == "document" else ()),
        *(("voice",) if kind == "audio" else ()),
    )
    for kind in MEDIA
}


def media_source(medium: Params, known: Known) -> str:
    """The link of a medium, or the id of an upload; raises 131053 when there is no such upload."""
    if medium.has("id") == medium.has("link"):
        raise bad_value(f"Param {medium.name()} must have exactly one of id and link.")
    if link := medium.maybe("link", URL):
        if not link.startswith(("https://", "http://")):
            raise bad_value(f"Param {medium.name('link')} is not a valid URI.")
        return link
    media_id = medium.text("id", MEDIA_ID)
    if not known(media_id):
        raise GraphError(131053, f"Media ID {media_id} does not exist.")
    return media_id


def picture(source: str) -> str:
    """Where the page of phones finds a picture: its link, or the upload on this server."""
    return source if source.startswith("http") else f"/whatsapp/screen/{source}"


def read_location(params: Params) -> Draft:
    """A place on the map."""
    location = params.child("location")
    location.only("latitude", "longitude", "name", "address")
    try:
        point = [float(location.get(key)) for key in ("latitude", "longitude")]
    except (TypeError, ValueError):
        raise bad_value("Location latitude and longitude must be numbers.") from None
    name, address = location.maybe("name", BODY), location.maybe("address", BODY)
    return Draft(
        "location", "\n".join(filter(None, ("📍", name, address))), detail={"point": point}
    )


def read_reaction(params: Params) -> Draft:
    """An emoji on somebody's message; an empty one takes it off."""
    reaction = params.child("reaction")
    reaction.only("message_id", "emoji")
    message_id = reaction.text("message_id", URL)
    return Draft("reaction", reaction.text("emoji", 16, least=0), reacts_to=message_id)


def read_contacts(params: Params) -> Draft:
    """Cards of people: each has a name, and numbers as a rule."""
    names = []
    for contact in params.items("contacts", most=CONTACTS):
        name = contact.child("name")
        names.append(name.text("formatted_name", BODY))
        if not any(name.has(part) for part in NAME_PARTS):
            raise missing(f"One of {', '.join(NAME_PARTS)} is required in {name.name()}.")
        if contact.has("phones"):
            for phone in contact.items("phones", most=CONTACTS):
                phone.text("phone", BODY)
    return Draft("contacts", "\n".join(f"👤 {name}" for name in names), detail={"names": names})


def labels(buttons: list[Button]) -> list[str]:
    """What stands on the buttons and rows of a message."""
    return [key.label for button in buttons for key in (button.key, *button.key.rows)]
