"""A community event, opened so far that its reader finds what every event has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bots.vk import fields
from bots.vk.reference import in_chat
from bots.vk.settings import NAME
from vestnik.address import Address
from vestnik.channel import Kept
from vestnik.inbound import Author


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the community: its id, its object, and what it was kept with."""

    id: str
    object: fields.Object
    account: str
    received_at: datetime
    group_id: int

    @classmethod
    def of(cls, body: Mapping[str, Any], event_id: str, kept: Kept, group_id: int) -> "Event":
        """The event of a body; raises Odd."""
        return cls(event_id, fields.part(body, "object"), kept.account, kept.received_at, group_id)

    def whole(self, key: str) -> int:
        """A number of the object; raises Odd."""
        return fields.whole(self.object, key)

    def words(self, key: str) -> str:
        """A string of the object; raises Odd."""
        return fields.words(self.object, key)

    def told(
        self,
        peer_id: int,
        user_id: int,
        *,
        at: datetime | None = None,
        language: str | None = None,
    ) -> dict[str, Any]:
        """What everything that happened has; VK tells the time of messages only."""
        return {
            "event_id": self.id,
            "address": Address(NAME, self.account, str(peer_id)),
            "author": Author(str(user_id), language=language),
            "at": at or self.received_at,
            "in_group": in_chat(peer_id),
        }
