"""Tells Telegram's updates in our words; one body is one update."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bots.telegram import NAME
from bots.telegram.fields import Odd, Record, integer, record, string
from bots.telegram.message import content, edited_text, label, moved, quoted
from bots.telegram.reaction import newest
from vestnik.address import Address
from vestnik.channel import Kept, Unreadable
from vestnik.inbound import Allowed, Author, ButtonPressed, Closed, Edited, Inbound, Reacted

SHOWN = 500
"""How much of an unreadable body is shown in quarantine, in bytes."""

_GROUPS = ("group", "supergroup")


def read(kept: Kept) -> Sequence[Inbound | Unreadable]:
    """The update's event, nothing where it is none of ours; never raises."""
    try:
        update = json.loads(kept.body)
        if not isinstance(update, dict):
            raise Odd("the update is not an object")
        event = _event(update, kept)
    except RecursionError:
        return [_unreadable("nested too deeply", kept)]
    except Odd as odd:
        return [_unreadable(str(odd), kept)]
    except ValueError:
        return [_unreadable("not JSON", kept)]
    return [event] if event else []


def _unreadable(why: str, kept: Kept) -> Unreadable:
    text = kept.body[:SHOWN].decode("utf-8", "replace").replace("\0", "\ufffd")
    return Unreadable(why, text)


def _event(update: Record, kept: Kept) -> Inbound | None:
    event_id = f"u{integer(update, 'update_id')}"
    for kind, reader in _READERS.items():
        if kind in update:
            return reader(record(update, kind), event_id, kept)
    if update.keys() & _UNUSED:
        return None
    raise Odd("an update of a kind we do not know")


def _message(message: Record, event_id: str, kept: Kept) -> Inbound | None:
    if "migrate_to_chat_id" in message or "migrate_from_chat_id" in message:
        return _moved(message, event_id, kept)
    written = _written(message, event_id, kept)
    return None if written is None else content(message, written)


def _moved(message: Record, event_id: str, kept: Kept) -> Inbound | None:
    chat = record(message, "chat")
    sender = record(message, "from") if "from" in message else chat
    happened = _happened(event_id, chat, sender, kept)
    return moved(message, happened | {"at": _time(message)})


def _edited(message: Record, event_id: str, kept: Kept) -> Inbound | None:
    written = _written(message, event_id, kept)
    text = edited_text(message)
    if written is None or text is None:
        return None
    changed = "edit_date" if "edit_date" in message else "date"
    return Edited(**written | {"at": _time(message, changed)}, text=text)


def _written(message: Record, event_id: str, kept: Kept) -> dict[str, Any] | None:
    """What every message of a person has; None where no person wrote it."""
    chat, sender = record(message, "chat"), record(message, "from")
    if string(chat, "type") == "channel" or _is_robot(message, sender, chat):
        return None
    return _happened(event_id, chat, sender, kept) | {
        "at": _time(message),
        "reference": str(integer(message, "message_id")),
        "reply_to": quoted(message),
    }


def _reaction(change: Record, event_id: str, kept: Kept) -> Inbound | None:
    chat = record(change, "chat")
    if "user" not in change or string(chat, "type") == "channel":
        return None  # somebody who hides behind a chat
    user = record(change, "user")
    if user.get("is_bot") is True:
        return None
    return Reacted(
        **_happened(event_id, chat, user, kept),
        at=_time(change),
        reference=str(integer(change, "message_id")),
        emoji=newest(change),
    )


def _press(query: Record, event_id: str, kept: Kept) -> Inbound | None:
    if "data" not in query:  # a game's button, or one that only shows a notice
        return None
    message = record(query, "message")
    payload = string(query, "data")
    return ButtonPressed(
        **_happened(event_id, record(message, "chat"), record(query, "from"), kept),
        at=kept.received_at,  # a press has no time of its own, its message may be years old
        reference=str(integer(message, "message_id")),
        payload=payload,
        press=string(query, "id"),
        label=label(message, payload),
    )


def _membership(change: Record, event_id: str, kept: Kept) -> Inbound | None:
    chat = record(change, "chat")
    status = string(record(change, "new_chat_member"), "status")
    if string(chat, "type") != "private":
        if status in ("kicked", "left"):
            raise Odd(f"the bot was put out of the chat {integer(chat, 'id')}")
        return None
    known: dict[str, type[Closed | Allowed]] = {"kicked": Closed, "member": Allowed}
    if status not in known:
        return None
    happened = _happened(event_id, chat, record(change, "from"), kept)
    return known[status](**happened, at=_time(change))


_READERS: dict[str, Callable[[Record, str, Kept], Inbound | None]] = {
    "message": _message,
    "edited_message": _edited,
    "message_reaction": _reaction,
    "callback_query": _press,
    "my_chat_member": _membership,
}
ALLOWED_UPDATES = list(_READERS)
"""What to ask Telegram for; reactions come only where they are named."""

# Never asked for; some come nevertheless after allowed_updates has changed.
# https://core.telegram.org/bots/api#update
_UNUSED = {
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "subscription",
    "stopped_message_generation",
}


def _happened(event_id: str, chat: Record, sender: Record, kept: Kept) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "address": Address(NAME, kept.account, str(integer(chat, "id"))),
        "author": _author(sender),
        "in_group": string(chat, "type") in _GROUPS,
    }


def _author(sender: Record) -> Author:
    name = f"{string(sender, 'first_name', '')} {string(sender, 'last_name', '')}"
    return Author(
        user_id=str(integer(sender, "id")),
        name=name.strip(),
        language=string(sender, "language_code", "") or None,
    )


def _is_robot(message: Record, sender: Record, chat: Record) -> bool:
    """Whether no person wrote this; an administrator who hides behind the group's name did."""
    if sender.get("is_bot") is not True:
        return False
    return "sender_chat" not in message or record(message, "sender_chat").get("id") != chat.get(
        "id"
    )


def _time(source: Record, key: str = "date") -> datetime:
    try:
        return datetime.fromtimestamp(integer(source, key), UTC)
    except (OverflowError, OSError, ValueError):
        raise Odd(f"{key} is not a time") from None
