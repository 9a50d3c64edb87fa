"""Tells what a Telegram message holds: text, a start, a contact or media."""

import re
from dataclasses import replace
from typing import Any

from bots.telegram.fields import Odd, Record, integer, record, string
from vestnik.inbound import ContactShared, Inbound, MediaReceived, Started, TextReceived
from vestnik.outbound import MediaKind

# https://core.telegram.org/bots/api#message; an animation also has a document, so it comes first.
_MEDIA: dict[str, MediaKind] = {
    "photo": "image",
    "animation": "video",
    "video": "video",
    "video_note": "video",
    "audio": "audio",
    "voice": "voice",
    "document": "document",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
    "poll": "other",
    "dice": "other",
    "story": "other",
    "paid_media": "other",
    "checklist": "other",
    "game": "other",
}

# What a private chat says about itself; nobody wrote it.
_SERVICE = {
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
}

# In groups the menu writes /report@our_bot.
_COMMAND = re.compile(r"(/\w+)@\w+")
_PHONE_DIGITS = range(7, 16)  # E.164


def content(message: Record, happened: dict[str, Any]) -> Inbound | None:
    """The event of a message whose author, place and time are known; raises Odd."""
    if "text" in message:
        return _said(string(message, "text"), happened)
    if "contact" in message:
        return _contact(record(message, "contact"), happened)
    for field, kind in _MEDIA.items():
        if field in message:
            return MediaReceived(
                **happened,
                kind=kind,
                media_id=_file_id(message[field]),
                caption=string(message, "caption", ""),
            )
    if "migrate_to_chat_id" in message:
        new = integer(message, "migrate_to_chat_id")
        raise Odd(f"the group became a supergroup: put {new} where the settings name it")
    if happened["in_group"] or message.keys() & _SERVICE:
        return None
    raise Odd("a message of a kind we do not know")


def _said(text: str, happened: dict[str, Any]) -> Inbound:
    if command := _COMMAND.match(text):
        text = command[1] + text[command.end() :]
    words = text.split(maxsplit=1)
    if words[:1] == ["/start"] and not happened["in_group"]:
        return Started(**happened, payload=words[1].strip() if len(words) > 1 else None)
    return TextReceived(**happened, text=text)


def _contact(contact: Record, happened: dict[str, Any]) -> Inbound:
    digits = re.sub(r"\D", "", string(contact, "phone_number"), flags=re.ASCII)
    if len(digits) not in _PHONE_DIGITS:
        raise Odd("phone_number is not a phone number")
    # People can attach anybody's card; only one's own bears one's own id.
    author, phone = happened["author"], f"+{digits}"
    own = "user_id" in contact and str(integer(contact, "user_id")) == author.user_id
    if own:
        happened |= {"author": replace(author, phone=phone)}
    return ContactShared(**happened, phone=phone, own=own)


def _file_id(media: Any) -> str | None:
    """The id of a file; a photo comes in several sizes, the largest last."""
    if isinstance(media, list) and media:
        media = media[-1]
    return string(media, "file_id", "") or None if isinstance(media, dict) else None
