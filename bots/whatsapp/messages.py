"""What people's messages mean."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from bots.whatsapp.people import People
from bots.whatsapp.shapes import Card, File, Interactive, Message, QuickReply
from vestnik.address import Address
from vestnik.channel import Unreadable
from vestnik.inbound import (
    Author,
    ButtonPressed,
    ContactShared,
    Inbound,
    MediaReceived,
    TextReceived,
)
from vestnik.outbound import MediaKind

SILENT = frozenset({"reaction", "system", "edit", "revoke"})
FILES: Mapping[str, MediaKind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "voice",
    "document": "document",
    "sticker": "sticker",
}


class _Happened(TypedDict):
    event_id: str
    address: Address
    author: Author
    at: datetime
    reference: str
    reply_to: str | None


def message_event(message: Message, people: People) -> Inbound | Unreadable | None:
    """The event of one message; None when it is nothing to us."""
    if message.type in SILENT or message.group_id:
        return None
    sender = people.identify(message.from_user_id, message.sender)
    if sender is None:
        return Unreadable("nobody is named as the sender")
    happened = _Happened(
        event_id=f"msg:{message.id}",
        address=sender.address,
        author=sender.author,
        at=message.at,
        reference=message.id,
        reply_to=message.context.id if message.context else None,
    )
    match message:
        case Message(type="text", text=text) if text is not None:
            return TextReceived(**happened, text=text.body)
        case Message(type="button", button=QuickReply(payload=payload, text=label)):
            return ButtonPressed(**happened, payload=payload or label, label=label)
        case Message(type="interactive", interactive=interactive):
            return _answer(interactive, happened)
        case Message(type="contacts", contacts=cards):
            return _contact(cards, happened)
        case Message(type="location"):
            return MediaReceived(**happened, kind="location")
        case Message(type=kind) if kind in FILES:
            return _media(FILES[kind], getattr(message, kind) or File(), happened)
        case Message(type="text" | "button" as kind):
            return Unreadable(f"a {kind} without its content")
        case _:
            return MediaReceived(**happened, kind="other")


def _answer(interactive: Interactive | None, happened: _Happened) -> Inbound | Unreadable:
    choice = interactive and (interactive.button_reply or interactive.list_reply)
    if choice:
        return ButtonPressed(**happened, payload=choice.id, label=choice.title)
    if interactive and interactive.type == "nfm_reply":
        return MediaReceived(**happened, kind="other")
    return Unreadable("an answer without what was chosen")


def _contact(cards: list[Card], happened: _Happened) -> Inbound:
    for card in cards:
        for phone in card.phones:
            number = _e164(phone.wa_id) or _e164(phone.phone)
            if number:
                own = card.origin == "contact_request"
                return ContactShared(**happened, phone=number, own=own)
    return MediaReceived(**happened, kind="other")


def _e164(written: str | None) -> str | None:
    digits = re.sub(r"[^0-9]", "", written or "")
    return f"+{digits}" if 5 <= len(digits) <= 15 else None


def _media(kind: MediaKind, file: File, happened: _Happened) -> MediaReceived:
    spoken: MediaKind = "voice" if kind == "audio" and file.voice else kind
    return MediaReceived(**happened, kind=spoken, media_id=file.id, caption=file.caption)
