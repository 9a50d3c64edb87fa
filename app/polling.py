"""Fetches news where webhooks cannot reach us; the cursor moves with the bytes it brought."""

import asyncio

import structlog

from delivery import hints
from storage.database import Database, DatabaseUnavailable
from vestnik.abilities import PollFailed, Polling
from vestnik.address import Lane
from vestnik.channel import Channel

AFTER_FAILURE_SECONDS = 1.0

log = structlog.get_logger(__name__)


async def poll_forever(database: Database, lane: Lane, channel: Polling) -> None:
    """Poll until cancelled."""
    while True:
        try:
            async with database.read() as work:
                cursor = await work.inbox.cursor(lane)
            polled = await channel.poll(cursor)
            async with database.begin() as work:
                await work.inbox.keep(lane, polled.bodies)
                await work.inbox.move_cursor(lane, polled.cursor)
                if polled.bodies:
                    work.hints.add(hints.READ)
        except PollFailed as failure:
            log.warning("poll_failed", lane=str(lane), why=str(failure), wait=failure.wait)
            await asyncio.sleep(failure.wait)
        except DatabaseUnavailable as error:
            log.error("poll_not_kept", lane=str(lane), why=str(error))
            await asyncio.sleep(AFTER_FAILURE_SECONDS)
        except Exception:
            # Nobody would start it again: the lane would be deaf until the next restart.
            log.exception("poll_broken", lane=str(lane))
            await asyncio.sleep(AFTER_FAILURE_SECONDS)


def polled(channel: Channel) -> Polling | None:
    """The channel as one that is to be polled, if its settings say so."""
    return channel if isinstance(channel, Polling) and channel.polls else None
