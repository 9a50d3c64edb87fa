"""Translates Meta's webhooks into events, item by item: one that is odd never costs another."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bots.whatsapp.echoes import echo_event
from bots.whatsapp.fields import cleaned, moment, unix_seconds
from bots.whatsapp.messages import message_event
from bots.whatsapp.notices import OF_ACCOUNT, OF_TEMPLATES, Notice, notice_event
from bots.whatsapp.people import People
from bots.whatsapp.shapes import Echo, Message, Preference, Status
from bots.whatsapp.statuses import preference_event, status_event
from vestnik.channel import Kept, Unreadable
from vestnik.inbound import Inbound

Event = Inbound | Unreadable
Item = TypeVar("Item", bound=BaseModel)

OF_NUMBER = frozenset({"messages", "user_preferences", "smb_message_echoes"})
# What was said before the phone's app was connected, and the owner's address book.
SILENT = frozenset({"smb_app_state_sync", "history"})
MOST_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Us:
    """The number whose webhooks these are, and the account it belongs to ("" when not told)."""

    account: str
    phone_id: str
    waba_id: str = ""


def read(kept: Kept, us: Us) -> Sequence[Event]:
    """The events of a webhook's body for one business number; never raises.

    Revocations, groups and what the phone's app synchronises give nothing: they neither open a
    window nor need an answer. A field that we do not know is Unreadable: somebody sees it.
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
        for event in _of_change(change, entry, us, kept.received_at)
    )


def _of_change(change: Any, entry: Any, us: Us, received_at: datetime) -> Iterator[Event]:
    if isinstance(change, Unreadable):
        yield change
        return
    field = change.get("field") if isinstance(change, dict) else None
    value = change.get("value") if isinstance(change, dict) else None
    if isinstance(field, str) and isinstance(value, dict):
        if field in SILENT:
            return
        if field in OF_NUMBER:
            yield from _of_number(value, us)
            return
        if field in OF_TEMPLATES or field in OF_ACCOUNT:
            yield _noticed(field, value, entry, us, received_at)
            return
    yield Unreadable(f"no events are made of the field {ascii(field)[:80]}", _shown(change))


def _of_number(value: dict[str, Any], us: Us) -> Iterator[Event]:
    number = _number_of(value)
    if number not in (None, us.phone_id):
        yield Unreadable("for another number of the same app", _shown(value.get("metadata")))
        return
    people = People(us.account, value.get("contacts"))
    for item in _each(value, "messages"):
        yield from _told(item, Message, lambda message: message_event(message, people))
    for item in _each(value, "statuses"):
        yield from _told(item, Status, lambda status: status_event(status, people))
    for item in _each(value, "user_preferences"):
        yield from _told(item, Preference, lambda told: preference_event(told, people, us.phone_id))
    for item in _each(value, "message_echoes"):
        yield from _told(item, Echo, lambda echo: echo_event(echo, people))
    for item in _each(value, "errors"):
        odd = isinstance(item, Unreadable)
        yield item if odd else Unreadable("Meta reports an error of its own", _shown(item))


def _noticed(
    field: str, value: dict[str, Any], entry: dict[str, Any], us: Us, received_at: datetime
) -> Event:
    whose = cleaned(str(entry.get("id", "")))
    if us.waba_id and whose != us.waba_id:
        return Unreadable("for another account of the same app", _shown(entry))
    time = entry.get("time")
    notice = Notice(whose, ascii(time), _moment_of(time) or received_at, field, value)
    try:
        event = notice_event(notice, People(us.account, None).nobody().address)
    except RecursionError:
        event = Unreadable("too deep")
    return Unreadable(event.why, _shown(value)) if isinstance(event, Unreadable) else event


def _moment_of(time: Any) -> datetime | None:
    try:
        return moment(unix_seconds(time)) if isinstance(time, int) else None
    except ValueError:
        return None


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
