"""Tells VK's community events in our own words."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bots.vk import fields
from bots.vk.event import Event
from bots.vk.message import read_edit, read_message, read_reply
from bots.vk.payload import unwrap
from bots.vk.reference import Press, by_place, in_chat
from vestnik.channel import Kept, Unreadable
from vestnik.inbound import (
    Allowed,
    ButtonPressed,
    Closed,
    DeliveryReported,
    Inbound,
    Reacted,
)

ITEM_LENGTH = 2_000


def read(kept: Kept, group_id: int) -> Sequence[Inbound | Unreadable]:
    """The events of one callback body or one long-poll update; never raises."""
    try:
        return list(_read(kept, group_id))
    except RecursionError:
        return [Unreadable("nested too deeply")]


def _read(kept: Kept, group_id: int) -> Iterable[Inbound | Unreadable]:
    try:
        body = json.loads(kept.body)
    except ValueError:
        return [Unreadable("not JSON", repr(kept.body[:ITEM_LENGTH]))]
    if not isinstance(body, dict):
        return [Unreadable("not a JSON object")]
    try:
        return [*_happened(body, kept, group_id)]
    except fields.Odd as odd:
        return [Unreadable(str(odd), _shown(body))]


def _happened(body: Mapping[str, Any], kept: Kept, group_id: int) -> Iterable[Inbound | Unreadable]:
    kind = fields.words(body, "type")
    reader = _READERS.get(kind)
    if reader is not None:
        # Without an id of VK's, the same bytes are the same event.
        event_id = fields.words(body, "event_id") or hashlib.sha256(kept.body).hexdigest()[:40]
        return reader(Event.of(body, event_id, kept, group_id))
    if kind in _UNUSED or not kind.startswith("message_"):
        return ()
    return (Unreadable(f"unknown event {kind}", _shown(body)),)


def _message_event(event: Event) -> Iterable[Inbound]:
    user_id, peer_id = event.whole("user_id"), event.whole("peer_id")
    press = Press(event.words("event_id"), user_id, peer_id)
    own = unwrap(event.object.get("payload"))
    cmid = fields.whole(event.object, "conversation_message_id", 0)
    yield ButtonPressed(
        **event.told(peer_id, user_id),
        reference=by_place(cmid) if cmid else None,
        payload=_foreign(event) if own is None else own,
        press=press.token(),
    )


def _foreign(event: Event) -> str:
    """The payload of a button that is not ours: it too waits for an answer."""
    payload = event.object.get("payload")
    if payload is None or isinstance(payload, str):
        return event.words("payload")
    return json.dumps(payload)


def _allowed(event: Event) -> Iterable[Inbound]:
    """The person allowed messages, or the community's ban on them is over."""
    user_id = event.whole("user_id")
    yield Allowed(**event.told(user_id, user_id))


def _closed(event: Event) -> Iterable[Inbound]:
    """The person denied messages, or the community banned them (error 900 from then on)."""
    user_id = event.whole("user_id")
    yield Closed(**event.told(user_id, user_id))


def _message_read(event: Event) -> Iterable[Inbound]:
    reader, peer_id = event.whole("from_id"), event.whole("peer_id")
    if reader <= 0 or in_chat(peer_id):
        return
    yield DeliveryReported(
        **event.told(peer_id, reader),
        reference=str(event.whole("read_message_id")),
        state="read",
        and_earlier=True,
    )


def _message_reaction(event: Event) -> Iterable[Inbound]:
    """A reaction by its number: what it looks like VK tells to people's own apps only."""
    person, peer_id = event.whole("reacted_id"), event.whole("peer_id")
    if person <= 0:
        return
    number = fields.whole(event.object, "reaction_id", 0)
    yield Reacted(
        **event.told(peer_id, person),
        reference=by_place(event.whole("cmid")),
        emoji=str(number) if number else "",
    )


def _shown(body: Mapping[str, Any]) -> str:
    """The item for the quarantine, without the secret."""
    item = {key: value for key, value in body.items() if key != "secret"}
    return json.dumps(item)[:ITEM_LENGTH]


_READERS: Mapping[str, Callable[[Event], Iterable[Inbound]]] = {
    "message_new": read_message,
    "message_event": _message_event,
    "message_edit": read_edit,
    "message_reply": read_reply,
    "message_reaction_event": _message_reaction,
    "message_allow": _allowed,
    "user_unblock": _allowed,
    "message_deny": _closed,
    "user_block": _closed,
    "message_read": _message_read,
}
# What we read; VK's own settings tick message_new alone.
EVENTS = tuple(_READERS)
_UNUSED = frozenset(("message_typing_state",))
