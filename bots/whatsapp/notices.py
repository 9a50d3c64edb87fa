"""What Meta tells of our account, our number and our templates; it names no person.

Shapes: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict

from bots.whatsapp.fields import cleaned
from vestnik.address import Address
from vestnik.channel import Unreadable
from vestnik.inbound import AccountChanged, Author, Inbound, TemplateChanged

OF_TEMPLATES = frozenset(
    {
        "message_template_status_update",
        "message_template_quality_update",
        "template_category_update",
    }
)
OF_ACCOUNT: Mapping[str, str] = {
    "account_update": "Meta changed the account",
    "account_alerts": "Meta warns the account",
    "phone_number_quality_update": "Meta changed the number's limits",
    "business_capability_update": "Meta changed the account's limits",
}

# Of account_update: the words for people, by its event or by what is inside of it.
WORDS: Mapping[str, str] = {
    "ACCOUNT_DELETED": "Meta deleted the account",
    "ACCOUNT_VIOLATION": "Meta found the account violating a policy",
    "ACCOUNT_RESTRICTION": "Meta restricted the account",
    "DISABLE": "Meta disabled the account",
    "REINSTATE": "Meta reinstated the account",
    "SCHEDULE_FOR_DISABLE": "Meta is going to disable the account",
}
STOPPING = frozenset({"ACCOUNT_DELETED", "DISABLE"})
# Answers go on under the first of these, nothing does under the second.
NO_BROADCASTS = "RESTRICTED_BIZ_INITIATED_MESSAGING"
NO_ANSWERS = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"

LONGEST, DEEPEST = 500, 5


@dataclass(frozen=True, slots=True)
class Notice:
    """One change of an entry; `time` is the entry's own, as an id, `at` when it was."""

    entry_id: str
    time: str
    at: datetime
    field: str
    value: Mapping[str, Any]

    @property
    def event_id(self) -> str:
        """The same for every delivery of the same notice."""
        told = json.dumps(self.value, sort_keys=True).encode()
        digest = hashlib.sha256(told).hexdigest()
        return f"{self.field}:{self.entry_id[:64]}:{self.time[:32]}:{digest}"


class _Happened(TypedDict):
    event_id: str
    address: Address
    author: Author
    at: datetime


def notice_event(notice: Notice, nobody: Address) -> Inbound | Unreadable:
    """The event of a notice of a field that we know."""
    happened = _Happened(event_id=notice.event_id, address=nobody, author=Author(""), at=notice.at)
    if notice.field in OF_TEMPLATES:
        return _template(notice, happened)
    return _account(notice, happened)


def _template(notice: Notice, happened: _Happened) -> TemplateChanged | Unreadable:
    told = notice.value
    name = _text(told, "message_template_name")
    if not name:
        return Unreadable("a template without its name")
    return TemplateChanged(
        **happened,
        name=name,
        language=_text(told, "message_template_language"),
        status=_text(told, "event") or None,
        category=_text(told, "new_category") or _text(told, "message_template_category") or None,
        why="; ".join(_reasons(told))[:LONGEST],
    )


def _reasons(told: Mapping[str, Any]) -> Iterator[str]:
    reason = _text(told, "reason")
    if reason and reason != "NONE":
        yield reason
    yield from _values(told, "rejection_info", "reason", "recommendation")
    yield from _values(told, "other_info", "title", "description")
    yield from _values(told, "disable_info", "disable_date")
    if before := _text(told, "previous_category"):
        yield f"it was {before}"
    if quality := _text(told, "new_quality_score"):
        yield f"quality {_text(told, 'previous_quality_score') or '?'} → {quality}"


def _account(notice: Notice, happened: _Happened) -> AccountChanged:
    told = notice.value
    events = {_text(told, "event"), *_values(told, "ban_info", "waba_ban_state")}
    restrictions = told.get("restriction_info")
    kinds = {
        _text(item, "restriction_type")
        for item in (restrictions if isinstance(restrictions, list) else [])
        if isinstance(item, dict)
    }
    opening = next((WORDS[event] for event in WORDS if event in events), OF_ACCOUNT[notice.field])
    details = ", ".join(f"{name} {value}" for name, value in _leaves(told))
    return AccountChanged(
        **happened,
        what=f"{opening} ({details})"[:LONGEST],
        stops=_stops(events, kinds),
    )


def _stops(
    events: Collection[str], restrictions: Collection[str]
) -> Literal["everything", "broadcasts"] | None:
    if STOPPING.intersection(events) or NO_ANSWERS in restrictions:
        return "everything"
    return "broadcasts" if NO_BROADCASTS in restrictions else None


def _leaves(told: Any, name: str = "", depth: int = DEEPEST) -> Iterator[tuple[str, str]]:
    """Every value with the name of its field, in the order told."""
    if isinstance(told, dict | list) and not depth:
        yield name, "…"
    elif isinstance(told, dict):
        for key, value in told.items():
            yield from _leaves(value, cleaned(key), depth - 1)
    elif isinstance(told, list):
        for value in told:
            yield from _leaves(value, name, depth - 1)
    elif told is not None and told != "":
        yield name, cleaned(str(told))


def _values(told: Mapping[str, Any], part: str, *names: str) -> Iterator[str]:
    inner = told.get(part)
    for name in names if isinstance(inner, dict) else ():
        if value := _text(inner, name):
            yield value


def _text(told: Any, name: str) -> str:
    return cleaned(told.get(name)) if isinstance(told, dict) else ""
