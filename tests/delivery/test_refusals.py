"""Refusals of a broadcast are counted in the transaction that settles them, and cost no more."""

from datetime import UTC, datetime

import pytest

from broadcast import campaign
from delivery.refusals import MOST_REFUSED, RECENT
from storage.database import Database
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import TELEGRAM, VK, route
from vestnik.address import Address
from vestnik.inbound import Author, DeliveryReported
from vestnik.outcome import Cause, Rejected, SendResult, Temporary, Unreachable
from vestnik.sample import EMPTY, Sample

WRONG = Rejected("BUTTON_INVALID")


async def answered(ledger: Ledger, *results: SendResult | None) -> int:
    """A broadcast whose every message got one of these answers; None: it was taken."""
    for result in results:
        person = await ledger.customer(TELEGRAM)
        if result is not None:
            ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), result)
    broadcast = await ledger.broadcast(route(TELEGRAM))
    await ledger.settle()
    return broadcast


async def sample(ledger: Ledger, broadcast: int) -> Sample:
    async with ledger.database.read() as work:
        return (await work.broadcasts.samples([broadcast]))[broadcast]


async def refused(ledger: Ledger) -> list[int]:
    async with ledger.database.read() as work:
        return list(await work.broadcasts.refused(MOST_REFUSED))


async def test_what_is_refused_is_counted(ledger: Ledger) -> None:
    broadcast = await answered(ledger, *[WRONG] * 3, *[None] * 7)
    assert await sample(ledger, broadcast) == Sample(10, 3)
    assert await refused(ledger) == []


async def test_a_tenth_refusal_is_one_too_many(ledger: Ledger) -> None:
    broadcast = await answered(ledger, *[WRONG] * MOST_REFUSED)
    assert await refused(ledger) == [broadcast]


async def test_a_few_odd_addresses_stop_nobody(ledger: Ledger) -> None:
    """A twentieth of the newest: twelve in three hundred are less."""
    broadcast = await answered(ledger, *([WRONG, *[None] * 24] * 12))
    counted = await sample(ledger, broadcast)
    assert counted.answers <= RECENT
    assert 0 < counted.failures < MOST_REFUSED
    assert await refused(ledger) == []


async def test_people_who_are_gone_are_no_refusals(ledger: Ledger) -> None:
    broadcast = await answered(ledger, *[Unreachable("blocked")] * 20, *[Temporary("503")] * 4)
    assert await sample(ledger, broadcast) == EMPTY


async def test_refusals_are_counted_anew_when_staff_go_on(ledger: Ledger) -> None:
    broadcast = await answered(ledger, *[WRONG] * MOST_REFUSED)
    async with ledger.database.begin() as work:
        # It is over by now, and nothing else would pause it.
        await work.broadcasts.note(broadcast, state="paused")
        assert await campaign.resume(work, broadcast, "telegram:1")
    assert await sample(ledger, broadcast) == EMPTY
    assert await refused(ledger) == []


async def test_each_broadcast_has_its_own(ledger: Ledger) -> None:
    first = await answered(ledger, WRONG, None)
    second = await answered(ledger, None)
    assert await sample(ledger, first) == Sample(2, 1)
    assert await sample(ledger, second) == EMPTY


async def test_whoever_changes_the_broadcast_is_not_waited_for(postgresql_url: str) -> None:
    """Otherwise a cancel, which waits for deliveries, and a flush, which holds some, might lock."""
    database = Database(postgresql_url)
    ledger = Ledger(database)
    person = await ledger.customer(TELEGRAM)
    ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), WRONG)
    broadcast = await ledger.broadcast(route(TELEGRAM))
    await ledger.planner.route_due()
    async with database.begin() as work:
        await work.broadcasts.note(broadcast, reason="somebody is at it")
        await ledger.send(TELEGRAM)
        assert await ledger.ends() == [("failed", "rejected:BUTTON_INVALID")]
    assert await sample(ledger, broadcast) == EMPTY
    await database.aclose()


@pytest.mark.parametrize(("cause", "refusals"), [(WRONG, 1), (None, 0), (Temporary("1"), 0)])
async def test_a_refusal_may_come_as_a_report(
    ledger: Ledger, cause: Cause | None, refusals: int
) -> None:
    person = await ledger.customer(VK)
    broadcast = await ledger.broadcast(route(VK))
    await ledger.settle()
    [send] = ledger.post(VK).taken
    failed = DeliveryReported(
        event_id="r1",
        address=Address(VK, "main", handle(person, VK)),
        author=Author(""),
        at=datetime.now(UTC),
        reference=f"1{send.handle}",
        state="failed",
        cause=cause,
    )
    await ledger.hears(failed)
    assert [state for state, _ in await ledger.ends()] == ["failed"]
    assert (await sample(ledger, broadcast)).failures == refusals
