"""How updates are bundled into one webhook: entries of changes of items."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from emulators.whatsapp.settings import WhatsAppSettings

CHANGE_ITEMS = 5
ENTRY_CHANGES = 2

Json = Mapping[str, Any]
MILLISECONDS = "000"


@dataclass(frozen=True, slots=True)
class Update:
    """One thing to tell the business: an item of `value[part]`, or (no part) the value itself.

    `errors` stand beside the items, for what Meta could not read itself.
    """

    field: str
    part: str
    item: Json
    contact: Json | None = None
    at: float = 0.0
    errors: tuple[Json, ...] = ()


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
            and not (first.errors or update.errors)
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
        value[first.part] = [_stamped(update.item, settings) for update in self.updates]
        if first.errors:
            value["errors"] = list(first.errors)
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


def _stamped(item: Json, settings: WhatsAppSettings) -> Json:
    """Some webhooks carried milliseconds in place of seconds (whatsapp.md section 1.3)."""
    at = item.get("timestamp")
    if not settings.milliseconds or not isinstance(at, str):
        return item
    return {**item, "timestamp": at + MILLISECONDS}
