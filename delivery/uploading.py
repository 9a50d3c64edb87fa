"""Sends messages with files: a file goes up once, with the first message that shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from delivery.attaching import files_of, with_ids
from storage.database import Database
from storage.files import Kept
from vestnik.abilities import FileMissing, Files
from vestnik.address import Lane
from vestnik.channel import Channel
from vestnik.delivery import Delivery
from vestnik.outbound import File, Message, Send, Text
from vestnik.outcome import ChannelDown, Rejected, SendResult, Sent, Temporary, Throttled, Upload

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attached:
    """What there is of the files of some messages: ids that the channel knows, else contents."""

    uploads: Mapping[str, Upload] = field(default_factory=dict)
    contents: Mapping[str, File] = field(default_factory=dict)

    def lacks(self, message: Message) -> bool:
        """Whether a file of the message is nowhere to be had."""
        return any(
            key not in self.uploads and key not in self.contents for key in files_of(message)
        )


NOTHING_ATTACHED = Attached()


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call: the results in order, ids of files that went up, ids that are stale."""

    results: Sequence[SendResult]
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()


class Attachments:
    """Gathers the files of messages before they are sent."""

    def __init__(self, database: Database, channels: Mapping[Lane, Channel]) -> None:
        self._database = database
        self._channels = channels

    async def gather(self, lane: Lane, deliveries: Sequence[Delivery]) -> Attached:
        """What the lane's channel needs for these; files that people sent are fetched now."""
        keys = frozenset[str]().union(*(files_of(it.content) for it in deliveries))
        if not keys:
            return NOTHING_ATTACHED
        async with self._database.read() as work:
            uploads = await work.files.uploads(lane, keys)
            kept = await work.files.get(keys - uploads.keys())
        contents = {key: await self._content(key, it) for key, it in kept.items()}
        return Attached(uploads, {key: file for key, file in contents.items() if file})

    async def _content(self, key: str, kept: Kept) -> File | None:
        if kept.content is not None or kept.lane is None or kept.media_id is None:
            return kept.content
        source = self._channels.get(kept.lane)
        if source is None or not isinstance(source, Files):
            return None
        try:
            file = await source.fetch(kept.media_id)
        except FileMissing as missing:
            log.warning("file_missing", lane=str(kept.lane), why=str(missing))
            return None
        async with self._database.begin() as work:
            await work.files.fetched(key, file)
        return file


async def call(channel: Channel, sends: Sequence[Send], attached: Attached) -> Called:
    """Send, and tell what came of it.

    Of the messages that show a file which the channel does not know, one goes ahead with it. When
    it fails, the others are not tried one after another: nothing of them was sent. A refusal of a
    message that named a file by an id we had kept may be the id's fault: it is tried anew without.
    """
    known, fresh = dict(attached.uploads), dict[str, Upload]()
    results: dict[int, SendResult] = {}
    stale: set[str] = set()

    async def go(places: Sequence[int]) -> None:
        batch = [_with_files(sends[place], known, attached.contents) for place in places]
        for place, answer in zip(places, await channel.send(batch), strict=True):
            result = answer
            kept = _files_of(sends[place]) & attached.uploads.keys()
            if isinstance(result, Rejected) and kept:
                stale.update(kept)
                result = Temporary("file_id_refused")
            results[place] = result
            if isinstance(result, Sent):
                fresh.update(result.uploads)

    leaders = _leaders(sends, known)
    ahead = [
        place
        for place, send in enumerate(sends)
        if place in leaders.values() or not _unknown(send, known)
    ]
    await go(ahead)
    known |= fresh
    behind = [place for place in range(len(sends)) if place not in results]
    for place in behind:
        if unknown := _unknown(sends[place], known):
            results[place] = _held_up(results[leaders[min(unknown)]])
    if following := [place for place in behind if place not in results]:
        await go(following)
    return Called([results[place] for place in range(len(sends))], fresh, frozenset(stale))


def _leaders(sends: Sequence[Send], known: Mapping[str, Upload]) -> dict[str, int]:
    """For each file that the channel does not know, the place of the first message with it."""
    leaders: dict[str, int] = {}
    for place, send in enumerate(sends):
        for key in _unknown(send, known):
            leaders.setdefault(key, place)
    return leaders


def _files_of(send: Send) -> frozenset[str]:
    return files_of(send.outbound) if isinstance(send.outbound, Text) else frozenset()


def _unknown(send: Send, known: Mapping[str, Upload]) -> frozenset[str]:
    return _files_of(send) - known.keys()


def _with_files(send: Send, known: Mapping[str, Upload], contents: Mapping[str, File]) -> Send:
    if not isinstance(send.outbound, Text):
        return send
    files = {key: contents[key] for key in _unknown(send, known) if key in contents}
    return replace(send, outbound=with_ids(send.outbound, known), files=files)


def _held_up(result: SendResult) -> SendResult:
    """What it means for a message that its file did not go up with another one."""
    if isinstance(result, Throttled | Temporary | Rejected | ChannelDown):
        return result
    return Temporary("file_not_uploaded")
