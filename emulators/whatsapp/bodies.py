"""Reads what a business sends: each type of message with its limits, and what the phone shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from emulators.screens import Key
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.params import Params, bad_value
from emulators.whatsapp.settings import Template

# Characters, unless told otherwise (whatsapp.md section 3.2, with Meta's pages).
TEXT = 4096
BODY = 1024
LIST_BODY = 4096
HEADER = FOOTER = 60
CAPTION = 1024
FILENAME = 240
BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
SECTIONS = ROWS = 10
SECTION_TITLE = ROW_TITLE = 24
ROW_DESCRIPTION = 72
ROW_ID = 200
URL = 2000
OPAQUE = 512

MEDIA = ("image", "video", "document", "audio", "sticker")
CAPTIONED = ("image", "video", "document")
SHARE_LOCATION = "Отправить геопозицию"
SHARE_NUMBER = "Отправить номер телефона"
# Where everybody is who shares a location: the middle of Moscow.
PLACE = {"latitude": 55.7558, "longitude": 37.6173}

Answer = Mapping[str, Any]
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Button:
    """A key under a message, and the message that each press of it (each row of it) sends."""

    key: Key
    answers: tuple[Answer, ...] = ()


@dataclass(slots=True)
class Draft:
    """A message that passed the checks of its type; `text` is all that the recipient reads."""

    kind: str
    text: str
    buttons: list[Button] = field(default_factory=list)
    detail: dict[str, Any] = field(default_factory=dict)
    image: str | None = None
    template: Template | None = None
    reacts_to: str | None = None


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
    media_id = medium.text("id", ROW_ID)
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


def read_interactive(params: Params, known: Known) -> Draft:
    """Buttons, a list, a link, or a question for a place or a number."""
    message = params.child("interactive")
    message.only("type", "header", "body", "footer", "action")
    kind = message.choice("type", ACTIONS)
    body = message.child("body")
    body.only("text")
    text = body.text("text", LIST_BODY if kind == "list" else BODY)
    header, image = _header(message, kind, known)
    buttons = ACTIONS[kind](message.child("action"))
    return Draft(
        "interactive",
        "\n".join(filter(None, (header, text, _footer(message)))),
        buttons=buttons,
        detail={"interactive": kind, "buttons": labels(buttons)},
        image=image,
    )


def labels(buttons: list[Button]) -> list[str]:
    """What stands on the buttons and rows of a message."""
    return [key.label for button in buttons for key in (button.key, *button.key.rows)]


def _header(message: Params, kind: str, known: Known) -> tuple[str, str | None]:
    if not message.has("header"):
        return "", None
    header = message.child("header")
    header_kind = header.choice("type", HEADERS[kind])
    header.only("type", header_kind)
    if header_kind == "text":
        return header.text("text", HEADER), None
    source = media_source(header.child(header_kind), known)
    return "", picture(source) if header_kind == "image" else None


HEADERS: Mapping[str, tuple[str, ...]] = {
    "button": ("text", "image", "video", "document"),
    "cta_url": ("text", "image", "video", "document"),
    "list": ("text",),
    "location_request_message": (),
    "contact_request": (),
}


def _footer(message: Params) -> str | None:
    if not message.has("footer"):
        return None
    footer = message.child("footer")
    footer.only("text")
    return footer.text("text", FOOTER)


def _reply_buttons(action: Params) -> list[Button]:
    action.only("buttons")
    buttons, titles, ids = [], set(), set()
    for item in action.items("buttons", BUTTONS):
        item.only("type", "reply")
        item.choice("type", ("reply",))
        reply = item.child("reply")
        reply.only("id", "title")
        if not 1 <= len(str(reply.get("title") or "")) <= BUTTON_TITLE:
            raise bad_value(
                f"Button title length invalid. Min length: 1, Max length: {BUTTON_TITLE}"
            )
        title, reply_id = reply.text("title", BUTTON_TITLE), reply.text("id", BUTTON_ID)
        if title in titles or reply_id in ids:
            raise bad_value("Duplicated button title or id.")
        titles.add(title)
        ids.add(reply_id)
        buttons.append(Button(Key(title), (_reply("button_reply", id=reply_id, title=title),)))
    return buttons


def _list(action: Params) -> list[Button]:
    action.only("button", "sections")
    keys: list[Key] = []
    answers: dict[str, Answer] = {}
    sections = list(action.items("sections", SECTIONS))
    for section in sections:
        section.only("title", "rows")
        title = section.maybe("title", SECTION_TITLE)
        if title is None and len(sections) > 1:
            raise bad_value("Section title is required when there is more than one section.")
        for row in section.items("rows", ROWS):
            key, answer = _row(row)
            if answer["id"] in answers:
                raise bad_value("Duplicated row id.")
            keys.append(key)
            answers[answer["id"]] = _reply("list_reply", **answer)
    if len(keys) > ROWS:
        raise bad_value(f"Total row count exceed max allowed count: {ROWS}")
    opener = Key(action.text("button", BUTTON_TITLE), kind="list", rows=keys)
    return [Button(opener, tuple(answers.values()))]


def _row(row: Params) -> tuple[Key, dict[str, str]]:
    row.only("id", "title", "description")
    if len(str(row.get("title") or "")) > ROW_TITLE:
        raise bad_value(f"Row title is too long. Max length is {ROW_TITLE}")
    answer = {"id": row.text("id", ROW_ID), "title": row.text("title", ROW_TITLE)}
    if description := row.maybe("description", ROW_DESCRIPTION):
        answer["description"] = description
    return Key(answer["title"], description=description), answer


def _link(action: Params) -> list[Button]:
    action.only("name", "parameters")
    action.choice("name", ("cta_url",))
    parameters = action.child("parameters")
    parameters.only("display_text", "url")
    label, url = parameters.text("display_text", BUTTON_TITLE), parameters.text("url", URL)
    if not url.startswith(("https://", "http://")):
        raise bad_value(f"Param {parameters.name('url')} is not a valid URI.")
    return [Button(Key(label, kind="link", url=url))]


def _ask_location(action: Params) -> list[Button]:
    action.only("name")
    action.choice("name", ("send_location",))
    return [Button(Key(SHARE_LOCATION), ({"type": "location", "location": PLACE},))]


def _ask_number(action: Params) -> list[Button]:
    action.only("name")
    action.choice("name", ("request_contact_info",))
    return [Button(Key(SHARE_NUMBER, kind="contact"))]


ACTIONS: Mapping[str, Callable[[Params], list[Button]]] = {
    "button": _reply_buttons,
    "list": _list,
    "cta_url": _link,
    "location_request_message": _ask_location,
    "contact_request": _ask_number,
}


def _reply(kind: str, **answer: str) -> Answer:
    return {"type": "interactive", "interactive": {"type": kind, kind: answer}}
