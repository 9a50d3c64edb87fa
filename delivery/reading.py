"""Reads what was kept into events: item by item, so that one bad item loses no other."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from delivery import hints
from storage.database import Database
from storage.inbox import Reading, Unread
from vestnik.address import Lane
from vestnik.channel import Channel, Unreadable
from vestnik.inbound import Inbound
from vestnik.record import Malformed, decode, encode

AT_ONCE = 100
LONGEST_ID = 255
LARGE_BYTES = 64 * 2**10
"""A body larger than this is read beside the loop, which has webhooks to answer meanwhile."""

log = structlog.get_logger(__name__)


class Reader:
    """The chore between the raw bytes and the events."""

    def __init__(self, database: Database, channels: Mapping[Lane, Channel]) -> None:
        self._database = database
        self._channels = channels

    async def read_due(self) -> float | None:
        """Read a batch of bodies; 0 when there may be more, None when all is read."""
        async with self._database.begin() as work:
            bodies = await work.inbox.unread(AT_ONCE)
            if not bodies:
                return None
            await work.inbox.were_read([await self._read(unread) for unread in bodies])
            work.hints.add(hints.HANDLE)
        return 0.0

    async def _read(self, unread: Unread) -> Reading:
        channel = self._channels.get(unread.lane)
        items: Sequence[Inbound | Unreadable]
        if channel is None:
            items = [Unreadable(f"{unread.lane} is switched off")]
        elif len(unread.kept.body) > LARGE_BYTES:
            items = await asyncio.to_thread(_items, channel, unread)
        else:
            items = _items(channel, unread)
        failed = [item for item in items if isinstance(item, Unreadable)]
        for item in failed:
            log.warning("quarantined", lane=str(unread.lane), inbox=unread.id, why=item.why)
        happened = [item for item in items if not isinstance(item, Unreadable)]
        return Reading(unread, happened, failed)


def _items(channel: Channel, unread: Unread) -> list[Inbound | Unreadable]:
    try:
        return [_sound(item) for item in channel.read(unread.kept)]
    except Exception as error:
        # A channel's mistake about one body must not keep all later ones waiting.
        log.exception("channel_cannot_read", lane=str(unread.lane), inbox=unread.id)
        return [Unreadable(_clean(repr(error)))]


def _sound(item: Inbound | Unreadable) -> Inbound | Unreadable:
    """The item without what no database can hold (NUL, half of a surrogate pair)."""
    if isinstance(item, Unreadable):
        return Unreadable(_clean(item.why), _clean(item.item))
    if len(item.event_id) > LONGEST_ID or len(item.address.handle) > LONGEST_ID:
        return Unreadable("an id is too long to be one", _clean(item.event_id))
    try:
        sound: Inbound = decode(Inbound, _clean(encode(item)))
    except Malformed as error:
        return Unreadable(_clean(f"not in our words: {error}"))
    return sound


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        value = value.replace("\0", "")
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return value
