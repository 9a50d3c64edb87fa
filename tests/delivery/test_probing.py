"""A half-open lane: a few messages of one worker try it, and the others wait for them."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from storage.lanes import PROBES
from storage.tables import attempts
from tests.delivery.ledger import Ledger
from tests.delivery.making import TELEGRAM, route
from tests.delivery.test_lane_pauses import crowd, standing, troubles
from vestnik.outbound import Send
from vestnik.outcome import ChannelDown, Temporary

SIZE = 30


async def test_a_few_try_and_then_all_go(ledger: Ledger) -> None:
    await crowd(ledger, SIZE, Temporary("503"))
    await ledger.broadcast(route(TELEGRAM))
    await ledger.settle()
    await ledger.pass_time(700)
    begun = Counter(row["started_at"] for row in await ledger.rows(attempts, number=2))
    assert [begun[at] for at in sorted(begun)] == [PROBES, SIZE - PROBES]
    assert await ledger.ends() == [("accepted", None)] * SIZE


async def test_while_it_fails_each_rest_costs_a_few_tries(ledger: Ledger) -> None:
    await crowd(ledger, SIZE, *[Temporary("503")] * 3)
    await ledger.broadcast(route(TELEGRAM))
    await ledger.settle()
    post = ledger.post(TELEGRAM)
    for openings in (1, 2, 3):
        [trouble] = await troubles(ledger)
        assert trouble.openings == openings
        assert len(post.taken) == SIZE + (openings - 1) * PROBES
        await ledger.pass_time(trouble.rest + 0.1 if openings > 1 else 20)
    assert {state for state, _ in await ledger.ends()} == {"planned"}


async def test_the_other_workers_wait(ledger: Ledger) -> None:
    await crowd(ledger, SIZE, ChannelDown("no funds"))
    await ledger.broadcast(route(TELEGRAM))
    await ledger.settle()
    await ledger.database.shift_clock(120)
    other = Ledger(ledger.database, "two")
    looks, looked = iter([other]), asyncio.Event()

    async def meanwhile(_batch: Sequence[Send]) -> None:
        for one in looks:
            await one.settle()
            assert one.post(TELEGRAM).taken == []
            looked.set()
        await looked.wait()

    ledger.post(TELEGRAM).while_sending = meanwhile
    await ledger.settle()
    assert await ledger.ends() == [("accepted", None)] * SIZE


async def test_who_is_turned_away_at_the_gate_uses_up_no_right(ledger: Ledger) -> None:
    [person] = await crowd(ledger, 1, ChannelDown("no funds"))
    await ledger.broadcast(route(TELEGRAM))
    await ledger.settle()
    async with ledger.database.begin() as work:
        await work.consents.withdraw(person, "advertising", actor="customer", evidence=None)
    await ledger.pass_time(120)
    assert [state for state, _ in await ledger.ends()] == ["skipped"]
    assert (await standing(ledger)).probes == PROBES
