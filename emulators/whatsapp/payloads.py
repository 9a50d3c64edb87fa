"""The shapes of webhooks: what people write, what became of a message, how updates are bundled."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from emulators.whatsapp.settings import WhatsAppSettings
from emulators.world import Human

CHANGE_ITEMS = 5
ENTRY_CHANGES = 2

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Update:
    """One thing to tell the business: an item of `value[part]`, or (no part) the value itself."""

    field: str
    part: str
    item: Json
    contact: Json | None = None
    at: float = 0.0


@dataclass(slots=True)
class _Change:
    """Updates that share one `value`."""

    updates: list[Update] = field(default_factory=list)
    contacts: dict[str, Json] = field(default_factory=dict)

    def takes(self, update: Update) -> bool:
        """Whether this update may stand beside those that are here already."""
        first = self.updates[0]
        return (
            bool(update.part)
            and len(self.updates) < CHANGE_ITEMS
            and (first.field, first.part) == (update.field, update.part)
            and (first.contact is None) == (update.contact is None)
            and self._agrees(update.contact)
        )

    def add(self, update: Update) -> None:
        """Put an update into this change."""
        self.updates.append(update)
        if update.contact:
            self.contacts[update.contact["user_id"]] = update.contact

    def render(self, settings: WhatsAppSettings) -> dict[str, Any]:
        """The change as it stands in an entry."""
        first = self.updates[0]
        if not first.part:
            return {"field": first.field, "value": first.item}
        value: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": settings.display_phone_number,
                "phone_number_id": settings.phone_id,
            },
        }
        if self.contacts:
            value["contacts"] = list(self.contacts.values())
        value[first.part] = [update.item for update in self.updates]
        return {"field": first.field, "value": value}

    def _agrees(self, contact: Json | None) -> bool:
        return contact is None or self.contacts.get(contact["user_id"], contact) == contact


def bundle(updates: Iterable[Update], settings: WhatsAppSettings) -> dict[str, Any]:
    """One webhook of these updates: several entries of several changes of several items."""
    changes: list[_Change] = []
    for update in updates:
        if not changes or not changes[-1].takes(update):
            changes.append(_Change())
        changes[-1].add(update)
    return {
        "object": "whatsapp_business_account",
        "entry": [_entry(part, settings) for part in _split(changes, ENTRY_CHANGES)],
    }


def _split(changes: Sequence[_Change], size: int) -> Iterator[list[_Change]]:
    rest = iter(changes)
    while part := list(islice(rest, size)):
        yield part


def _entry(changes: Sequence[_Change], settings: WhatsAppSettings) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": settings.waba_id}
    # Only the account's own fields carry a time (whatsapp.md section 7).
    if account := [change for change in changes if not change.updates[0].part]:
        entry["time"] = int(account[0].updates[0].at)
    return entry | {"changes": [change.render(settings) for change in changes]}


def contact(human: Human, *, username: bool = True) -> dict[str, Any]:
    """Who somebody is, as far as WhatsApp tells a business."""
    profile = {"name": human.name}
    if username and human.username:
        profile["username"] = human.username
    shown: dict[str, Any] = {"profile": profile}
    if not human.username_only:
        shown["wa_id"] = human.wa_id
    return shown | {"user_id": human.bsuid}


def message(human: Human, message_id: str, at: float, content: Json) -> dict[str, Any]:
    """What somebody wrote; `content` holds the type and its body."""
    sender = {} if human.username_only else {"from": human.wa_id}
    return {
        **sender,
        "from_user_id": human.bsuid,
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
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(at),
    }


def own_contact(human: Human) -> dict[str, Any]:
    """The message that shares one's own number after the business asked for it."""
    first, _, last = human.name.partition(" ")
    name = {"formatted_name": human.name, "first_name": first}
    return {
        "type": "contacts",
        "contacts": [
            {
                "name": name | ({"last_name": last} if last else {}),
                "phones": [{"phone": human.phone, "wa_id": human.wa_id, "type": "CELL"}],
                "origin": "contact_request",
            }
        ],
    }


def advertisement(headline: str) -> dict[str, Any]:
    """Where somebody comes from who pressed a Click-to-WhatsApp advertisement."""
    return {
        "source_url": "https://fb.me/emulated-ad",
        "source_id": "120200000000001",
        "source_type": "ad",
        "headline": headline,
        "body": headline,
        "media_type": "image",
        "image_url": "https://scontent.xx.fbcdn.net/emulated-ad.jpg",
        "ctwa_clid": "Aff-emulated-click",
    }


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
