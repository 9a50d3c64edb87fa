"""Tells messages: a person's start, press, words or files, their edits, a colleague's answer."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bots.vk import client
from bots.vk.event import Event
from bots.vk.fields import Object, moment, part, parts, whole, words
from bots.vk.payload import is_start, unwrap
from bots.vk.reference import attachment, name_of
from vestnik.inbound import (
    AnsweredElsewhere,
    ButtonPressed,
    Edited,
    Inbound,
    MediaReceived,
    Started,
    TextReceived,
)
from vestnik.outbound import MediaKind

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
    told["source"] = words(message, "ref_source") or None
    # In a chat it is one member's app that tells, and an answer is for all of them.
    told["shows"] = None if told["in_group"] else client.shows(event)
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


def read_edit(event: Event) -> Iterable[Inbound]:
    """What a message_edit tells; nothing for our own."""
    message = event.object
    sender = whole(message, "from_id")
    if sender <= 0 or message.get("out"):
        return
    told = _told(event, message, sender)
    if "update_time" in message:
        told["at"] = moment(message, "update_time")
    yield Edited(**told, text=_text(message, event.group_id))


def read_reply(event: Event) -> Iterable[Inbound]:
    """What a message_reply tells: a colleague wrote in VK's own window.

    VK tells of every message of the community; only those that a person typed name one. Ours bear
    the random_id that we gave, which is the handle itself as long as that is below 2**31.
    """
    message = event.object
    colleague = whole(message, "admin_author_id", 0)
    if colleague > 0:
        number = whole(message, "random_id", 0)
        yield AnsweredElsewhere(
            **_told(event, message, colleague),
            text=words(message, "text"),
            handle=str(number) if number > 0 else None,
        )


def _told(event: Event, message: Object, sender: int) -> dict[str, Any]:
    peer_id = whole(message, "peer_id")
    quoted = message.get("reply_message")
    return {
        **event.told(peer_id, sender, at=moment(message, "date"), language=client.language(event)),
        "reference": _name(peer_id, message),
        "reply_to": _name(peer_id, quoted) if isinstance(quoted, dict) else None,
    }


def _name(peer_id: int, message: Object) -> str | None:
    numbers = whole(message, "id", 0), whole(message, "conversation_message_id", 0)
    return name_of(peer_id, *numbers)


def _text(message: Object, group_id: int) -> str:
    """The words, without the mention of us that VK puts before them in group chats."""
    return re.sub(rf"^\[club{group_id}\|[^\]]*\][,\s]*", "", words(message, "text"))


def _media(message: Object) -> Iterator[tuple[MediaKind, str | None]]:
    for item in parts(message, "attachments"):
        kind = words(item, "type")
        if kind != "link":  # the preview of a link that stands in the text
            yield KINDS.get(kind, "other"), _media_id(kind, item.get(kind))
    if "geo" in message:
        yield "location", None


def _media_id(kind: str, item: object) -> str | None:
    if not isinstance(item, dict):
        return None
    return str(whole(item, "sticker_id")) if kind == "sticker" else attachment(kind, item)


def _media_received(
    told: dict[str, Any], media: list[tuple[MediaKind, str | None]], caption: str
) -> Iterator[Inbound]:
    """One event a file, as other messengers tell albums; the caption comes with the first."""
    for number, (kind, media_id) in enumerate(media):
        own = {} if number == 0 else {"event_id": f"{told['event_id']}:{number}"}
        yield MediaReceived(
            **{**told, **own}, kind=kind, media_id=media_id, caption="" if number else caption
        )
