"""Broadcasts that run at the same time share a lane evenly."""

import pytest

from broadcast import campaign
from delivery.sending import LEASE
from delivery.turns import Turns
from tests.delivery.ledger import Ledger
from tests.delivery.making import TELEGRAM, route
from vestnik.address import Lane

LANE = Lane(TELEGRAM, "main")


@pytest.fixture
async def crowd(ledger: Ledger) -> Ledger:
    """Six people."""
    for _ in range(6):
        await ledger.customer(TELEGRAM)
    return ledger


async def started(ledger: Ledger) -> int:
    """A broadcast that only waits for its turns."""
    broadcast_id = await ledger.broadcast(route(TELEGRAM))
    await ledger.planner.route_due()
    return broadcast_id


async def take(ledger: Ledger, turns: Turns, most: int) -> list[tuple[int | None, int]]:
    """Take messages on for a while; broadcast and id of each."""
    async with ledger.database.begin() as work:
        claimed = [it.delivery for it in await turns.claim(work, most)]
        await work.claims.lease(claimed, LEASE)
    return [(it.broadcast_id, it.id) for it in claimed]


async def by_turns(ledger: Ledger, turns: Turns, most: int) -> list[list[int | None]]:
    """Whose messages come, batch by batch, until nothing is due."""
    batches = []
    while batch := await take(ledger, turns, most):
        batches.append([broadcast_id for broadcast_id, _ in batch])
    return batches


async def test_a_batch_each(crowd: Ledger) -> None:
    first, second = await started(crowd), await started(crowd)
    batches = await by_turns(crowd, Turns(LANE), 2)
    assert batches == [[first] * 2, [second] * 2] * 3


async def test_what_has_ended_takes_no_turn(crowd: Ledger) -> None:
    first, second = await started(crowd), await started(crowd)
    turns = Turns(LANE)
    await take(crowd, turns, 6)
    assert await by_turns(crowd, turns, 4) == [[second] * 4, [second] * 2]
    assert first != second


async def test_a_broadcast_that_was_paused_takes_no_turn(crowd: Ledger) -> None:
    first, second = await started(crowd), await started(crowd)
    turns = Turns(LANE)
    await take(crowd, turns, 2)
    async with crowd.database.begin() as work:
        assert await campaign.pause(work, second, "telegram:1")
    assert await by_turns(crowd, turns, 2) == [[first] * 2] * 2
    async with crowd.database.begin() as work:
        assert await campaign.resume(work, second, "telegram:1")
    assert await by_turns(crowd, turns, 6) == [[second] * 6]


async def test_what_became_due_behind_its_place_is_not_forgotten(crowd: Ledger) -> None:
    await started(crowd)
    turns = Turns(LANE)
    ids = [id_ for _, id_ in await take(crowd, turns, 2)]
    async with crowd.database.begin() as work:
        await work.claims.let_go(ids)
    rest = [id_ for _ in range(3) for _, id_ in await take(crowd, turns, 2)]
    assert rest[-2:] == ids
    assert len({*rest}) == 6
