"""What became of a broadcast: every number is the same query (I12)."""

from collections import Counter
from decimal import Decimal

import pytest

from storage.database import Database
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import TELEGRAM, VK, route
from vestnik.address import SMS
from vestnik.outcome import Ambiguous, Rejected, Sent, Unreachable


@pytest.fixture
async def told(database: Database) -> Ledger:
    """A broadcast over Telegram, then SMS, that ended in every way but two."""
    ledger = Ledger(database)
    for _ in range(3):
        await ledger.customer(TELEGRAM)
    blocked, gone = await ledger.customer(TELEGRAM, SMS), await ledger.customer(TELEGRAM)
    rejected, unsure = await ledger.customer(TELEGRAM), await ledger.customer(TELEGRAM)
    await ledger.customer(VK)
    await ledger.writes(gone, TELEGRAM, "stop")
    post = ledger.post(TELEGRAM)
    post.answer(handle(blocked, TELEGRAM), Unreachable("blocked"))
    post.answer(handle(rejected, TELEGRAM), Rejected("914"))
    post.answer(handle(unsure, TELEGRAM), Ambiguous("timeout"))
    ledger.post(SMS).answer(handle(blocked, SMS), Sent("s1", segments=2, cost="4.1250"))
    await ledger.broadcast(route(TELEGRAM, SMS))
    await ledger.settle()
    await ledger.pass_time(61)
    return ledger


async def test_the_numbers_add_up(told: Ledger) -> None:
    async with told.database.read() as work:
        report = await work.reports.of(1)
        states = await work.reports.states([1, 2])
    assert report.audience == sum(report.states.values()) == 8
    assert report.states == {"accepted": 4, "failed": 1, "skipped": 2, "unknown": 1}
    assert report.channels == {"sms": 1, "telegram": 3}
    assert report.reached == {"sms": 1, "telegram": 3}
    assert sum(report.reached.values()) == report.states["accepted"]
    assert report.skipped == {"no_phone": 1, "opted_out": 1}
    assert report.failed == {"rejected:914": 1}
    assert (report.segments, report.cost, report.twice) == (2, Decimal("4.125"), 0)
    assert states == {1: dict(report.states)}


async def test_the_lines_are_the_numbers(told: Ledger) -> None:
    async with told.database.read() as work:
        report = await work.reports.of(1)
        first = await work.reports.lines(1, after=0, limit=3)
        rest = await work.reports.lines(1, after=first[-1].id, limit=100)
    lines = [*first, *rest]
    assert (len(first), len(lines)) == (3, report.audience)
    assert [line.id for line in lines] == sorted(line.id for line in lines)
    for state, count in report.states.items():
        assert len([line for line in lines if line.state == state]) == count
    tries = [it for line in lines for it in line.attempts]
    taken = [it for it in tries if it["reference"]]
    assert Counter(it["channel"] for it in taken) == report.channels
    assert sum(it["segments"] or 0 for it in tries) == report.segments
    assert sum(Decimal(str(it["cost"] or 0)) for it in tries) == report.cost
    reached = [line for line in lines if line.state == "accepted"]
    assert Counter(line.channel for line in reached) == report.reached
    cascade = next(line for line in lines if line.channel == "sms")
    assert [(it["channel"], it["state"], it["reason"]) for it in cascade.attempts] == [
        ("telegram", "failed", "blocked"),
        ("sms", "accepted", None),
    ]
    assert Decimal(str(cascade.attempts[1]["cost"])) == Decimal("4.125")


async def test_a_broadcast_that_there_is_not(told: Ledger) -> None:
    async with told.database.read() as work:
        report = await work.reports.of(99)
        assert await work.broadcasts.get(99) is None
    assert (report.audience, report.states, report.cost) == (0, {}, Decimal(0))
