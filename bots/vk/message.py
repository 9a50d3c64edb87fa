"""Tells a person's message: a start, a press of a text button, words, attachments."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bots.vk.event import Event
from bots.vk.fields import Object, moment, part, parts, whole, words
from bots.vk.payload import is_start, unwrap
from bots.vk.reference import name_of
from vestnik.inbound import ButtonPressed, Inbound, MediaReceived, Started, TextReceived
from vestnik.outbound import MediaKind

# client_info.lang_id; the numbers are those of VK ID's SDK (its enumeration Languages).
LANGUAGES = {
    0: "ru",
    1: "uk",
    3: "en",
    4: "es",
    6: "de",
    15: "pl",
    16: "fr",
    65: "uz",
    82: "tr",
    97: "kk",
    114: "be",
}
# dev.vk.com/ru/reference/objects/attachments-message; any other kind is "other".
KINDS: dict[str, MediaKind] = {
    "photo": "image",
    "graffiti": "image",
    "video": "video",
    "audio": "audio",
    "audio_message": "voice",
    "doc": "document",
    "sticker": "sticker",
}


def read_message(event: Event) -> Iterable[Inbound]:
    """What a message_new tells; nothing for communities (our own echoes) and chat notices."""
    message = part(event.object, "message")
    sender = whole(message, "from_id")
    if sender <= 0 or message.get("out"):
        return
    told = _told(event, message, sender)
    payload, text = message.get("payload"), _text(message, event.group_id)
    own = unwrap(payload)
    if own is not None:
        yield ButtonPressed(**told, payload=own, label=text)
    elif is_start(payload) or message.get("ref"):
        yield Started(**told, payload=words(message, "ref") or None)
    elif media := [*_media(message)]:
        yield from _media_received(told, media, text)
    elif text:
        yield TextReceived(**told, text=text)
    elif "action" not in message:  # forwarded messages only
        yield MediaReceived(**told, kind="other")


def _told(event: Event, message: Object, sender: int) -> dict[str, Any]:
    peer_id = whole(message, "peer_id")
    quoted = message.get("reply_message")
    return {
        **event.told(peer_id, sender, at=moment(message, "date"), language=_language(event)),
        "reference": _name(peer_id, message),
        "reply_to": _name(peer_id, quoted) if isinstance(quoted, dict) else None,
    }


def _language(event: Event) -> str | None:
    client = event.object.get("client_info")
    number = client.get("lang_id") if isinstance(client, dict) else None
    return LANGUAGES.get(number) if isinstance(number, int) else None


def _name(peer_id: int, message: Object) -> str | None:
    numbers = whole(message, "id", 0), whole(message, "conversation_message_id", 0)
    return name_of(peer_id, *numbers)


def _text(message: Object, group_id: int) -> str:
    """The words, without the mention of us that VK puts before them in group chats."""
    return re.sub(rf"^\[club{group_id}\|[^\]]*\][,\s]*", "", words(message, "text"))


def _media(message: Object) -> Iterator[tuple[MediaKind, str | None]]:
    for attachment in parts(message, "attachments"):
        kind = words(attachment, "type")
        if kind != "link":  # the preview of a link that stands in the text
            yield KINDS.get(kind, "other"), _media_id(kind, attachment.get(kind))
    if "geo" in message:
        yield "location", None


def _media_id(kind: str, item: object) -> str | None:
    """The form in which messages.send takes an attachment: photo-1_2_key."""
    if not isinstance(item, dict):
        return None
    if kind == "sticker":
        return str(whole(item, "sticker_id"))
    if "owner_id" not in item or "id" not in item:
        return None
    names = [f"{kind}{whole(item, 'owner_id')}", str(whole(item, "id"))]
    return "_".join(filter(None, (*names, words(item, "access_key"))))


def _media_received(
    told: dict[str, Any], media: list[tuple[MediaKind, str | None]], caption: str
) -> Iterator[Inbound]:
    """One event a file, as other messengers tell albums; the caption comes with the first."""
    for number, (kind, media_id) in enumerate(media):
        own = {} if number == 0 else {"event_id": f"{told['event_id']}:{number}"}
        yield MediaReceived(
            **{**told, **own}, kind=kind, media_id=media_id, caption="" if number else caption
        )
