"""What a message costs: the `pricing` and `conversation` of its statuses."""

import hashlib
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from emulators.whatsapp.bodies import Draft
from emulators.whatsapp.lines import ENTRY_POINT, WINDOW, Line
from emulators.whatsapp.settings import WhatsAppSettings


class Billing:
    """Counts the free service messages of each month (whatsapp.md section 4.3)."""

    def __init__(self, settings: WhatsAppSettings) -> None:
        self._settings = settings
        self._service: Counter[tuple[int, int]] = Counter()

    def charge(self, draft: Draft, line: Line, now: float) -> dict[str, Any]:
        """The `pricing` of a message that is sent now."""
        category = _category(draft)
        if _entry_point(line, now):
            return _pricing("free_entry_point", "referral_conversion")
        if draft.template is None and self._free_service(now):
            return _pricing("free_customer_service", category)
        return _pricing("regular", category)

    def _free_service(self, now: float) -> bool:
        day = datetime.fromtimestamp(now, UTC)
        self._service[day.year, day.month] += 1
        return self._service[day.year, day.month] <= self._settings.free_service_messages


def conversation(
    draft: Draft, line: Line, handle: str, now: float, *, always: bool
) -> dict[str, Any] | None:
    """The conversation that a message belongs to: given for free entry points only.

    `always`: of 24 hours for every message, as webhooks before v24 told it.
    """
    free = now < line.free_until
    if not free and not always:
        return None
    until = line.free_until if free else now + WINDOW
    return {
        "id": hashlib.sha256(f"{handle} {until}".encode()).hexdigest()[:32],
        "expiration_timestamp": str(int(until)),
        "origin": {"type": "referral_conversion" if free else _category(draft)},
    }


def _category(draft: Draft) -> str:
    if draft.lite:
        return "marketing_lite"
    return draft.template.category.lower() if draft.template else "service"


def _entry_point(line: Line, now: float) -> bool:
    """Whether the message is free; the first answer to a user who came from an ad opens it."""
    if line.came_from_ad is not None and now < line.came_from_ad + WINDOW:
        line.free_until = now + ENTRY_POINT
    line.came_from_ad = None
    return now < line.free_until


def _pricing(kind: str, category: str) -> dict[str, Any]:
    return {
        "billable": kind == "regular",
        "pricing_model": "PMP",
        "type": kind,
        "category": category,
    }
