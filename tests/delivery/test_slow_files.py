"""While a file is fetched, which may take long: nobody else waits, and stops hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from broadcast import campaign
from storage.tables import attempts
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import TELEGRAM, VK, route
from tests.delivery.test_files import LANE, Darkroom, dark, news, referred
from vestnik.address import Lane
from vestnik.outbound import File

THEIRS = Lane(VK, "main")


class SlowRoom(Darkroom):
    """Fetches when it is let to."""

    def __init__(self) -> None:
        super().__init__(THEIRS)
        self.asked, self.ready = asyncio.Event(), asyncio.Event()

    async def fetch(self, media_id: str) -> File:
        self.asked.set()
        await self.ready.wait()
        return await super().fetch(media_id)


@asynccontextmanager
async def fetching(ledger: Ledger) -> AsyncIterator[Darkroom]:
    """While a broadcast with a file that somebody sent waits for it; afterwards it goes on."""
    room = dark(ledger)
    slow = ledger.posts[THEIRS] = SlowRoom()
    await ledger.broadcast(route(TELEGRAM), text=news(await referred(ledger, THEIRS)))
    await ledger.planner.route_due()
    sending = asyncio.create_task(ledger.sender.send_due(LANE))
    await slow.asked.wait()
    yield room
    slow.ready.set()
    await sending
    await ledger.sender.landed()


async def test_a_reply_does_not_wait_for_a_file(ledger: Ledger) -> None:
    person = await ledger.customer(TELEGRAM)
    async with fetching(ledger) as room:
        await ledger.writes(person, TELEGRAM, "say сразу")
        assert await ledger.sender.send_due(LANE) is not None
        await ledger.sender.landed()
        assert room.said(handle(person, TELEGRAM)) == ["сразу"]
    assert await ledger.ends() == [("accepted", None)] * 2
    assert await ledger.broken() == []


async def test_nothing_goes_when_the_lane_was_paused_meanwhile(ledger: Ledger) -> None:
    await ledger.customer(TELEGRAM)
    async with fetching(ledger) as room, ledger.database.begin() as work:
        await work.lanes.pause(LANE, 30)
    assert (room.taken, await ledger.rows(attempts)) == ([], [])
    await ledger.pass_time(31)
    assert len(room.taken) == 1


async def test_nothing_goes_when_the_broadcasts_were_held_back_meanwhile(ledger: Ledger) -> None:
    await ledger.customer(TELEGRAM)
    async with fetching(ledger) as room, ledger.database.begin() as work:
        await work.lanes.pause(LANE, 30, bulk=True)
    assert (room.taken, await ledger.rows(attempts)) == ([], [])
    await ledger.pass_time(31)
    assert len(room.taken) == 1


async def test_nothing_goes_when_the_broadcast_was_paused_meanwhile(ledger: Ledger) -> None:
    await ledger.customer(TELEGRAM)
    async with fetching(ledger) as room, ledger.database.begin() as work:
        assert await campaign.pause(work, 1, "telegram:1")
    assert (room.taken, await ledger.rows(attempts)) == ([], [])
