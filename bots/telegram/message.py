"""Tells what a Telegram message holds: text, a start, a contact, media, or a group's new id."""

import re
from dataclasses import replace
from typing import Any

from bots.telegram.fields import Odd, Record, integer, record, string
from vestnik.inbound import (
    ContactShared,
    Inbound,
    MediaReceived,
    Moved,
    Started,
    TextReceived,
)
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

# Media whose words can be edited away; an edit of other media tells no words.
_CAPTIONED = {"photo", "animation", "video", "audio", "voice", "document"}

# What a private chat says about itself; nobody wrote it.
_SERVICE = {
    "pinned_message",
    "connected_website",
    "proximity_alert_triggered",
    "gift",
    "unique_gift",
    "gift_upgrade_sent",
    "checklist_tasks_done",
    "checklist_tasks_added",
    "poll_option_added",
    "poll_option_deleted",
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
    if happened["in_group"] or message.keys() & _SERVICE:
        return None
    raise Odd("a message of a kind we do not know")


def edited_text(message: Record) -> str | None:
    """What an edited message says now; None where words are not what was edited. Raises Odd."""
    if "text" in message:
        return string(message, "text")
    if "caption" in message or message.keys() & _CAPTIONED:
        return string(message, "caption", "")
    return None


def moved(message: Record, happened: dict[str, Any]) -> Moved:
    """The group's new id; raises Odd.

    Both groups tell it, the old and the new. It is one event: both give the same id of it.
    """
    old = new = happened["address"]
    if "migrate_to_chat_id" in message:
        new = replace(new, handle=str(integer(message, "migrate_to_chat_id")))
    else:
        old = replace(old, handle=str(integer(message, "migrate_from_chat_id")))
    same = {"event_id": f"moved{old.handle}", "address": old}
    return Moved(**happened | same, to=new.handle)


def quoted(message: Record) -> str | None:
    """The id of the message that this one quotes; raises Odd."""
    if "reply_to_message" not in message:
        return None
    original = record(message, "reply_to_message")
    if "forum_topic_created" in original:  # Telegram's way of saying: said in this topic
        return None
    return str(integer(original, "message_id"))


def label(message: Record, payload: str) -> str:
    """The label of the button with this payload, empty where the message is gone; raises Odd."""
    match message:
        case {"reply_markup": {"inline_keyboard": [*rows]}}:
            buttons = [button for row in rows if isinstance(row, list) for button in row]
        case _:
            return ""
    for button in buttons:
        match button:
            case {"callback_data": data} if data == payload:
                return string(button, "text", "")
    return ""


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
