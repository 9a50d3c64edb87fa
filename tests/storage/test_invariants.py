"""The audit: clean over a whole story, and each finding found when its row is broken by hand."""

import asyncio
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
import sqlalchemy as sa

from delivery.outbox import transact
from storage.database import Database
from storage.invariants import Finding, Invariants
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import ALL_LIMITS, NEWS, NOW, TELEGRAM, VK, WHATSAPP, route
from tests.servers import Servers
from tests.storage import broken_messages, broken_people
from tests.storage.breaking import UNBOUND, Break
from vestnik.address import SMS, Lane
from vestnik.outbound import Text
from vestnik.outcome import Ambiguous, Rejected, Sent, Unreachable
from vestnik.richtext import RichText

BREAKS = [*broken_messages.BREAKS, *broken_people.BREAKS]
RECEIPTS = {
    str(name): ALL_LIMITS[Lane(name, "main")].receipts for name in (TELEGRAM, WHATSAPP, SMS)
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest, servers: Servers) -> Iterator[str]:
    """A database in which something of everything has happened."""
    lite = request.param == "sqlite"
    with nullcontext(servers.sqlite()) if lite else servers.postgresql() as url:
        asyncio.run(happen(url))
        yield url


async def happen(url: str) -> None:
    """Somebody ends in every way, is answered, gets a code and talks to an operator."""
    database = Database(url)
    ledger = Ledger(database)
    reached = await ledger.customer(WHATSAPP)
    by_sms = await ledger.customer(TELEGRAM, SMS)
    rejected, unsure = await ledger.customer(TELEGRAM), await ledger.customer(TELEGRAM)
    gone = await ledger.customer(TELEGRAM)
    await ledger.customer(WHATSAPP)
    await ledger.customer(VK)
    await ledger.writes(reached, WHATSAPP, "say привет")
    await ledger.settle()
    await ledger.writes(reached, WHATSAPP, "person")
    await ledger.writes(gone, TELEGRAM, "stop")
    async with database.begin() as work:
        code = Text(RichText("1234"))
        await transact(work, by_sms, code, route(TELEGRAM), ground={"by": "api"})
        assert await work.conversations.hand_back(await work.conversations.of(1))
    ledger.post(TELEGRAM).answer(handle(by_sms, TELEGRAM), Sent("42"), Unreachable("blocked"))
    ledger.post(TELEGRAM).answer(handle(rejected, TELEGRAM), Rejected("MESSAGE_TOO_LONG"))
    ledger.post(TELEGRAM).answer(handle(unsure, TELEGRAM), Ambiguous("timeout"))
    ledger.post(SMS).answer(handle(by_sms, SMS), Sent("s1", segments=2, cost="4.1250"))
    await ledger.settle()
    broadcast_id = await ledger.broadcast(route(TELEGRAM, VK, WHATSAPP, SMS), template=NEWS)
    await ledger.settle()
    await ledger.pass_time(61)
    async with database.begin() as work:
        assert await work.broadcasts.close_report(broadcast_id)
    ends = sorted(state for state, _ in await ledger.ends())
    assert ends == ["accepted"] * 6 + ["failed", "skipped", "unknown"]
    await database.aclose()


async def findings(url: str, *breaks: Break) -> list[Finding]:
    """What the audit finds after rows were changed by hand; then all is as it was."""
    database = Database(url)
    async with database.opened(vestnik_writes=True) as connection:
        dialect = connection.dialect.name
        for statement in (*UNBOUND[dialect], *(it for one in breaks for it in one.on(dialect))):
            await connection.execute(sa.text(statement))
        audit = Invariants(connection, NOW, {"whatsapp": 24}, RECEIPTS)
        found = await audit.check()
        await connection.rollback()
    await database.aclose()
    return found


def told(found: list[Finding]) -> list[str]:
    return [f"{it.guarantee}: {it.what}" for it in found if it.broken]


async def test_the_story_is_clean_and_every_check_looked_at_something(story: str) -> None:
    found = await findings(story)
    assert told(found) == []
    assert [it.what for it in found if not it.checked] == []
    assert {it.guarantee for it in found} == {f"I{number}" for number in range(1, 15)}


@pytest.mark.parametrize("broken", [pytest.param(it, id=it.name) for it in BREAKS])
async def test_a_broken_row_is_found(story: str, broken: Break) -> None:
    found = await findings(story, broken)
    assert told(found) == list(broken.found)
    for it in found:
        assert len(it.examples) == min(it.broken, 5)


async def test_every_check_has_a_row_that_breaks_it(story: str) -> None:
    found = await findings(story)
    assert told(found) == [], "and all is as it was"
    checks = {f"{it.guarantee}: {it.what}" for it in found}
    assert checks - {name for it in BREAKS for name in it.found} == set()


async def test_the_examples_are_the_rows(story: str) -> None:
    breaking = Break("", ["UPDATE deliveries SET reason = NULL WHERE state = 'skipped'"], [])
    [found] = [it for it in await findings(story, breaking) if it.broken]
    database = Database(story)
    async with database.read() as work:
        [example] = found.examples
        delivery = await work.deliveries.get(example)
    await database.aclose()
    assert (found.table, found.broken) == ("deliveries", 1)
    assert delivery is not None
    assert delivery.state == "skipped"
