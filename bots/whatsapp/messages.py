"""What people's messages mean."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypedDict

from bots.whatsapp.moves import move_event
from bots.whatsapp.people import People
from bots.whatsapp.shapes import (
    Card,
    Content,
    Edit,
    File,
    Interactive,
    Message,
    QuickReply,
    Reaction,
    Referral,
)
from vestnik.address import Address
from vestnik.channel import Unreadable
from vestnik.inbound import (
    Author,
    ButtonPressed,
    ContactShared,
    Edited,
    Inbound,
    MediaReceived,
    Reacted,
    Started,
    TextReceived,
)
from vestnik.outbound import MediaKind

FILES: Mapping[str, MediaKind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "voice",
    "document": "document",
    "sticker": "sticker",
}
LONGEST_SOURCE = 200

# What our own link writes for the person to send (channel.WhatsApp.link).
_START = re.compile(r"/start ([A-Za-z0-9_-]{1,64})\s*")


class _Happened(TypedDict):
    event_id: str
    address: Address
    author: Author
    at: datetime
    reference: str
    reply_to: str | None
    source: str | None


def message_event(message: Message, people: People) -> Inbound | Unreadable | None:
    """The event of one message; None when it is nothing to us."""
    if message.type == "revoke" or message.group_id:
        return None
    if message.type == "system":
        return move_event(message, people)
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
        source=_source(message.referral),
    )
    return _told(message, happened)


def said(content: Content) -> str:
    """The words of a message: its text, or the caption of its file."""
    if content.text:
        return content.text.body
    file = getattr(content, content.type) if content.type in FILES else None
    return file.caption if file else ""


def _told(message: Message, happened: _Happened) -> Inbound | Unreadable:
    match message:
        case Message(type="text", text=text) if text is not None:
            return _words(text.body, happened)
        case Message(type="button", button=QuickReply(payload=payload, text=label)):
            return ButtonPressed(**happened, payload=payload or label, label=label)
        case Message(type="interactive", interactive=interactive):
            return _answer(interactive, happened)
        case Message(type="contacts", contacts=cards):
            return _contact(cards, happened)
        case Message(type="location"):
            return MediaReceived(**happened, kind="location")
        case Message(type="reaction", reaction=Reaction(message_id=which, emoji=emoji)):
            return Reacted(**happened | {"reference": which}, emoji=emoji)
        case Message(type="edit", edit=Edit(original_message_id=which, message=content)):
            return Edited(**happened | {"reference": which}, text=said(content))
        case Message(type=kind) if kind in FILES:
            return _media(FILES[kind], getattr(message, kind) or File(), happened)
        case Message(type="unsupported"):
            return MediaReceived(**happened, kind="other", withheld=True)
        case Message(type="text" | "button" | "reaction" | "edit" as kind):
            return Unreadable(f"a {kind} without its content")
        case _:
            return MediaReceived(**happened, kind="other")


def _words(text: str, happened: _Happened) -> Inbound:
    opened = _START.fullmatch(text)
    if opened:
        return Started(**happened, payload=opened[1])
    return TextReceived(**happened, text=text)


def _source(referral: Referral | None) -> str | None:
    if referral is None:
        return None
    kind, what = referral.source_type or "ad", referral.source_id or referral.source_url
    return f"{kind}:{what}"[:LONGEST_SOURCE]


def _answer(interactive: Interactive | None, happened: _Happened) -> Inbound | Unreadable:
    choice = interactive and (interactive.button_reply or interactive.list_reply)
    if choice:
        return ButtonPressed(**happened, payload=choice.id, label=choice.title)
    if interactive and interactive.type == "nfm_reply":
        return MediaReceived(**happened, kind="other")
    return Unreadable("an answer without what was chosen")


def _contact(cards: Sequence[Card], happened: _Happened) -> Inbound:
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
