"""Sends messages with files: a file goes up once, with the first message that shows it."""

import asyncio
import time
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
from vestnik.fit import Unfit, fit
from vestnik.outbound import File, Send
from vestnik.outcome import ChannelDown, Rejected, SendResult, Sent, Temporary, Throttled, Upload

FETCH_SECONDS = 30.0
"""All that a batch shows is fetched within this time, half the lease of its claims, or later."""

FETCHES_AT_ONCE = 4
"""Each may be 20 MB long and is held in memory."""

FOLLOW_SECONDS = 5.0
"""When a file takes longer to go up, the messages that wait for it go another time: what is sent
in the second place must be settled within the same lease."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attached:
    """What there is of the files of some messages: ids that the channel knows, else contents."""

    uploads: Mapping[str, Upload] = field(default_factory=dict)
    contents: Mapping[str, File] = field(default_factory=dict)

    @property
    def at_hand(self) -> frozenset[str]:
        """The files that can be shown now."""
        return frozenset((*self.uploads, *self.contents))


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
        self._fetching = asyncio.Semaphore(FETCHES_AT_ONCE)

    async def gather(self, lane: Lane, deliveries: Sequence[Delivery]) -> Attached:
        """What the lane's channel shows of these; files that people sent are fetched now."""
        limits = self._channels[lane].limits
        # Many of them say the same. What the channel leaves out anyway is not asked for.
        told = {it.content for it in deliveries if files_of(it.content)}
        fitted = [fit(message, limits) for message in told]
        keys = {key for it in fitted if not isinstance(it, Unfit) for key in files_of(it)}
        if not keys:
            return NOTHING_ATTACHED
        async with self._database.read() as work:
            uploads = await work.files.uploads(lane, keys)
            kept = await work.files.get(keys - uploads.keys())
        contents = await asyncio.gather(*(self._content(key, it) for key, it in kept.items()))
        return Attached(
            uploads, {key: it for key, it in zip(kept, contents, strict=True) if it is not None}
        )

    async def _content(self, key: str, kept: Kept) -> File | None:
        if kept.content is not None or kept.lane is None or kept.media_id is None:
            return kept.content
        source = self._channels.get(kept.lane)
        if source is None or not isinstance(source, Files):
            return None
        try:
            async with asyncio.timeout(FETCH_SECONDS), self._fetching:
                file = await source.fetch(kept.media_id)
        except Exception as error:
            # Even a channel's mistake must not keep the other messages waiting. Only what it says
            # of itself is for logs: other errors may hold an address, and with it a token.
            why = str(error) if isinstance(error, FileMissing) else type(error).__name__
            log.warning("file_missing", lane=str(kept.lane), why=why)
            return None
        async with self._database.begin() as work:
            await work.files.fetched(key, file)
        return file


async def call(
    channel: Channel, sends: Sequence[Send], attached: Attached, patience: float = FOLLOW_SECONDS
) -> Called:
    """Send, and tell what came of it; within `patience` seconds also in the second place.

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
            kept = files_of(sends[place].outbound) & attached.uploads.keys()
            if isinstance(result, Rejected) and kept:
                stale.update(kept)
                result = Temporary("file_id_refused")
            results[place] = result
            if isinstance(result, Sent):
                fresh.update(result.uploads)

    began = time.monotonic()
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
    following = [place for place in behind if place not in results]
    if time.monotonic() - began > patience:
        results |= dict.fromkeys(following, Temporary("file_took_long"))
    elif following:
        await go(following)
    return Called([results[place] for place in range(len(sends))], fresh, frozenset(stale))


def _leaders(sends: Sequence[Send], known: Mapping[str, Upload]) -> dict[str, int]:
    """For each file that the channel does not know, the place of the first message with it."""
    leaders: dict[str, int] = {}
    for place, send in enumerate(sends):
        for key in _unknown(send, known):
            leaders.setdefault(key, place)
    return leaders


def _unknown(send: Send, known: Mapping[str, Upload]) -> frozenset[str]:
    return files_of(send.outbound) - known.keys()


def _with_files(send: Send, known: Mapping[str, Upload], contents: Mapping[str, File]) -> Send:
    files = {key: contents[key] for key in _unknown(send, known) if key in contents}
    return replace(send, outbound=with_ids(send.outbound, known), files=files)


def _held_up(result: SendResult) -> SendResult:
    """What it means for a message that its file did not go up with another one."""
    if isinstance(result, Throttled | Temporary | Rejected | ChannelDown):
        return result
    return Temporary("file_not_uploaded")
