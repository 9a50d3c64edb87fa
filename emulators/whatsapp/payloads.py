"""The shapes of what people do: messages, shared numbers, moves, choices (whatsapp.md 2.2)."""

from collections.abc import Mapping
from typing import Any

from emulators.whatsapp.bundles import Json
from emulators.world import Human


def contact(human: Human, *, username: bool = True) -> dict[str, Any]:
    """Who somebody is, as far as WhatsApp tells a business."""
    profile = {"name": human.name}
    if username and human.username:
        profile["username"] = human.username
    shown: dict[str, Any] = {"profile": profile}
    if not human.username_only:
        shown["wa_id"] = human.wa_id
    return shown | {"user_id": human.bsuid} | _parent("parent_user_id", human)


def message(human: Human, message_id: str, at: float, content: Json) -> dict[str, Any]:
    """What somebody wrote; `content` holds the type and its body."""
    sender = {} if human.username_only else {"from": human.wa_id}
    return {
        **sender,
        "from_user_id": human.bsuid,
        **_parent("from_parent_user_id", human),
        "id": message_id,
        "timestamp": str(int(at)),
        **content,
    }


def preference(human: Human, at: float, value: str) -> dict[str, Any]:
    """Somebody's choice about marketing messages: `stop` or `resume`."""
    number = {} if human.username_only else {"wa_id": human.wa_id}
    return {
        **number,
        "user_id": human.bsuid,
        **_parent("parent_user_id", human),
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(at),
    }


def card(human: Human, *, asked: bool) -> dict[str, Any]:
    """The message that shares a number: one's own after the business asked for it, or any."""
    first, _, last = human.name.partition(" ")
    name = {"formatted_name": human.name, "first_name": first}
    shared: dict[str, Any] = {
        "name": name | ({"last_name": last} if last else {}),
        "phones": [{"phone": human.phone, "wa_id": human.wa_id, "type": "CELL"}],
        "origin": "contact_request" if asked else "other",
    }
    if not asked:
        shared["vcard"] = VCARD.format(name=human.name, phone=human.phone, wa_id=human.wa_id)
    return {"type": "contacts", "contacts": [shared]}


def referral(headline: str, source: str, *, clicked: bool) -> dict[str, Any]:
    """Where somebody comes from who pressed an advertisement or a post; Status has no click id."""
    click = {"ctwa_clid": "Aff-emulated-click"} if clicked else {}
    return {
        "source_url": f"https://fb.me/emulated-{source}",
        "source_id": "120200000000001",
        "source_type": source,
        "headline": headline,
        "body": headline,
        "media_type": "image",
        "image_url": f"https://scontent.xx.fbcdn.net/emulated-{source}.jpg",
        **click,
        "welcome_message": {"text": headline},
    }


def system(old: Human, new: Human, form: str) -> dict[str, Any]:
    """Somebody moved to another number, in one of the ways that WhatsApp has told it."""
    if form == "user_changed_user_id":
        number = {} if new.username_only else {"wa_id": new.wa_id}
        body = f"User {new.name} changed from {old.bsuid} to {new.bsuid}"
        told = {**number, "user_id": new.bsuid, **_parent("parent_user_id", new)}
    else:
        body = f"User {new.name} changed from {old.wa_id} to {new.wa_id}"
        told = {NUMBER_KEYS[form]: new.wa_id}
    return {"type": "system", "system": {"type": form, "body": body, **told}}


def identity(human: Human, at: float, mark: str) -> dict[str, Any]:
    """Somebody's phone was set up anew: the keys of the encryption are others now."""
    return {
        "type": "system",
        "system": {
            "type": "customer_identity_changed",
            "body": f"User {human.name}'s security code changed",
        },
        "identity": {"hash": mark, "created_timestamp": int(at), "acknowledged": False},
    }


def echo(human: Human, message_id: str, at: float, content: Json, business: str) -> dict[str, Any]:
    """What the owner wrote to somebody in the phone's own app (coexistence)."""
    to = {} if human.username_only else {"to": human.wa_id}
    return {
        "from": business,
        **to,
        "to_user_id": human.bsuid,
        "id": message_id,
        "timestamp": str(int(at)),
        **content,
    }


def edited(original: str, content: Json) -> dict[str, Any]:
    """Somebody changed what had been written."""
    return {"type": "edit", "edit": {"original_message_id": original, "message": content}}


def revoked(original: str) -> dict[str, Any]:
    """Somebody took a message back."""
    return {"type": "revoke", "revoke": {"original_message_id": original}}


def _parent(key: str, human: Human) -> dict[str, str]:
    return {key: human.parent_bsuid} if human.parent_bsuid else {}


# Where each way of telling a new number has it (whatsapp.md section 2.2).
NUMBER_KEYS: Mapping[str, str] = {
    "user_changed_number": "wa_id",
    "customer_changed_number": "new_wa_id",
}
MOVES = ("user_changed_user_id", *NUMBER_KEYS)

VCARD = "BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL;type=CELL;waid={wa_id}:{phone}\nEND:VCARD"

UNSUPPORTED: Json = {
    "type": "unsupported",
    "unsupported": {"type": "poll_creation"},
    "errors": [
        {
            "code": 131051,
            "title": "Message type unknown",
            "message": "Message type unknown",
            "error_data": {"details": "Message type is currently not supported."},
        }
    ],
}

# The webhook of a message that was lost on Meta's side: its body stands nowhere.
GLITCH: Json = {
    "code": 131000,
    "title": "Something went wrong",
    "message": "Something went wrong",
    "error_data": {"details": "Failed to process the message."},
}
