"""Translates Meta's webhooks into events, item by item: one that is odd never costs another."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bots.whatsapp.messages import message_event
from bots.whatsapp.people import People
from bots.whatsapp.shapes import Message, Preference, Status
from bots.whatsapp.statuses import preference_event, status_event
from vestnik.channel import Kept, Unreadable
from vestnik.inbound import Inbound

Event = Inbound | Unreadable
Item = TypeVar("Item", bound=BaseModel)

# What the owner wrote in the phone's app, and the history of before the app was connected.
OURS = frozenset({"smb_message_echoes", "smb_app_state_sync", "history"})
MOST_SHOWN = 1000


def read(kept: Kept, account: str, phone_id: str) -> Sequence[Event]:
    """The events of a webhook's body for one business number; never raises.

    Notices about the account and its templates have no word of their own yet: they become
    Unreadable, so that somebody sees them. Reactions, edits, revocations and system messages
    give nothing: they neither open a window nor need an answer.
    """
    try:
        body = json.loads(kept.body)
    except (ValueError, RecursionError) as error:
        return (Unreadable(f"no JSON ({type(error).__name__})", ascii(kept.body[:MOST_SHOWN])),)
    if not isinstance(body, dict) or body.get("object") != "whatsapp_business_account":
        return (Unreadable("not a webhook of WhatsApp", _shown(body)),)
    return tuple(
        event
        for entry in _each(body, "entry")
        for change in _each(entry, "changes")
        for event in _of_change(change, account, phone_id)
    )


def _of_change(change: Any, account: str, phone_id: str) -> Iterator[Event]:
    if isinstance(change, Unreadable):
        yield change
        return
    field = change.get("field") if isinstance(change, dict) else None
    value = change.get("value") if isinstance(change, dict) else None
    if isinstance(field, str) and field in OURS:
        return
    if field not in ("messages", "user_preferences") or not isinstance(value, dict):
        yield Unreadable(f"no events are made of the field {ascii(field)[:80]}", _shown(change))
        return
    number = _number_of(value)
    if number not in (None, phone_id):
        yield Unreadable("for another number of the same app", _shown(value.get("metadata")))
        return
    yield from _of_value(value, People(account, value.get("contacts")), phone_id)


def _of_value(value: dict[str, Any], people: People, phone_id: str) -> Iterator[Event]:
    for item in _each(value, "messages"):
        yield from _told(item, Message, lambda message: message_event(message, people))
    for item in _each(value, "statuses"):
        yield from _told(item, Status, lambda status: status_event(status, people))
    for item in _each(value, "user_preferences"):
        yield from _told(item, Preference, lambda told: preference_event(told, people, phone_id))
    for item in _each(value, "errors"):
        odd = isinstance(item, Unreadable)
        yield item if odd else Unreadable("Meta reports an error of its own", _shown(item))


def _told(item: Any, shape: type[Item], tell: Callable[[Item], Event | None]) -> Iterator[Event]:
    if isinstance(item, Unreadable):
        yield item
        return
    try:
        event = tell(shape.model_validate(item))
    except ValidationError as error:
        yield Unreadable(_why(error), _shown(item))
        return
    if isinstance(event, Unreadable):
        yield Unreadable(event.why, _shown(item))
    elif event is not None:
        yield event


def _each(parent: Any, key: str) -> Iterator[Any]:
    """The items of a list; what is no list is one unreadable item."""
    if isinstance(parent, Unreadable):
        yield parent
        return
    items = parent.get(key, []) if isinstance(parent, dict) else None
    if isinstance(items, list):
        yield from items
    else:
        yield Unreadable(f"no list of {key}", _shown(parent))


def _number_of(value: dict[str, Any]) -> str | None:
    metadata = value.get("metadata")
    number = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
    return None if number is None else str(number)


def _why(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"


def _shown(item: Any) -> str:
    """The item as ASCII, for people to look at."""
    try:
        return json.dumps(item)[:MOST_SHOWN]
    except (ValueError, RecursionError):
        return ""
