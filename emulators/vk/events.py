"""Community events: made once, handed to callback servers and to the long poll alike."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from emulators.vk.call import Call
from emulators.vk.errors import VkError

# groups.setCallbackSettings and groups.setLongPollSettings (vk-api-schema, groups/methods.json).
KINDS: Mapping[str, Sequence[str]] = {
    "message": ("new", "reply", "edit", "allow", "deny", "read", "typing_state", "event"),
    "message_reaction": ("event",),
    "photo": ("new",),
    "photo_comment": ("new", "edit", "restore", "delete"),
    "audio": ("new",),
    "video": ("new",),
    "video_comment": ("new", "edit", "restore", "delete"),
    "wall": ("post_new", "repost", "schedule_post_new", "schedule_post_delete"),
    "wall_reply": ("new", "edit", "restore", "delete"),
    "board_post": ("new", "edit", "restore", "delete"),
    "market_comment": ("new", "edit", "restore", "delete"),
    "market_order": ("new", "edit"),
    "poll_vote": ("new",),
    "group": ("join", "leave", "change_settings", "change_photo", "officers_edit"),
    "user": ("block", "unblock"),
    "lead_forms": ("new",),
    "like": ("add", "remove"),
    "donut_subscription": ("create", "prolonged", "cancelled", "price_changed", "expired"),
    "donut_money": ("withdraw", "withdraw_error"),
}
EVENTS = tuple(f"{thing}_{what}" for thing, whats in KINDS.items() for what in whats)
VERSION = "5.199"


@dataclass(slots=True)
class Wishes:
    """Which events somebody wants, in which version: the ticks in the community's settings."""

    kinds: set[str] = field(default_factory=set)
    version: str = VERSION

    def change(self, call: Call) -> None:
        """Set the ticks that a call names; the others stay. Raises error 100."""
        told = {kind: call.flag(kind) for kind in EVENTS if call.has(kind)}
        version = call.text("api_version", self.version)
        if not re.fullmatch(r"5\.\d{1,3}", version):
            raise VkError(100, "api_version is invalid")
        self.version = version
        self.kinds |= {kind for kind, on in told.items() if on}
        self.kinds -= {kind for kind, on in told.items() if not on}

    def ticks(self) -> dict[str, int]:
        """All ticks, as the settings are read."""
        return {kind: int(kind in self.kinds) for kind in EVENTS}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the community; `queue` keeps one person's events in order."""

    kind: str
    group_id: int
    object: Mapping[str, Any]
    queue: str
    id: str = field(default_factory=lambda: secrets.token_hex(20))

    def body(self, version: str) -> dict[str, Any]:
        """The event as VK sends it."""
        return {
            "group_id": self.group_id,
            "type": self.kind,
            "event_id": self.id,
            "v": version,
            "object": self.object,
        }


class Outlet(Protocol):
    """A way for events to reach the business."""

    def wants(self, kind: str) -> bool:
        """Whether anybody listens for such events here."""
        ...

    def put(self, event: Event) -> None:
        """Pass an event on."""
        ...


class Events:
    """Where everything that happens is told."""

    def __init__(self, group_id: int, outlet: Outlet) -> None:
        self._group_id = group_id
        self._outlet = outlet

    def wanted(self, kind: str) -> bool:
        """Whether it is worth making such an event."""
        return self._outlet.wants(kind)

    def tell(self, kind: str, user_id: int, told: Mapping[str, Any]) -> None:
        """Something happened with a person."""
        if self._outlet.wants(kind):
            self._outlet.put(Event(kind, self._group_id, told, queue=str(user_id)))
