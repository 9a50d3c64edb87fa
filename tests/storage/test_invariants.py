"""The audit: clean over a whole story, and each finding found when its row is broken by hand."""

import asyncio
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.invariants import Invariants
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import NEWS, NOW, TELEGRAM, WHATSAPP, route
from tests.servers import Servers
from vestnik.address import SMS
from vestnik.outcome import Rejected, Unreachable

# Foreign keys are looked at when the transaction ends, or not at all: here it never commits.
UNBOUND = {
    "sqlite": "PRAGMA defer_foreign_keys = ON",
    "postgresql": "SET LOCAL session_replication_role = replica",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest, servers: Servers) -> Iterator[str]:
    """A database in which something of everything has happened."""
    lite = request.param == "sqlite"
    with nullcontext(servers.sqlite()) if lite else servers.postgresql() as url:
        asyncio.run(happen(url))
        yield url


async def happen(url: str) -> None:
    """One is reached, one by SMS, one refused, one opted out; a reply, and a template."""
    database = Database(url)
    ledger = Ledger(database)
    reached = await ledger.customer(WHATSAPP)
    by_sms = await ledger.customer(TELEGRAM, SMS)
    rejected = await ledger.customer(TELEGRAM)
    gone = await ledger.customer(TELEGRAM)
    await ledger.customer(WHATSAPP)
    await ledger.writes(reached, WHATSAPP, "say привет")
    await ledger.writes(gone, TELEGRAM, "stop")
    ledger.post(TELEGRAM).answer(handle(by_sms, TELEGRAM), Unreachable("blocked"))
    ledger.post(TELEGRAM).answer(handle(rejected, TELEGRAM), Rejected("MESSAGE_TOO_LONG"))
    await ledger.broadcast(route(TELEGRAM, WHATSAPP, SMS), template=NEWS)
    await ledger.settle()
    await ledger.pass_time(61)
    ends = sorted(state for state, _ in await ledger.ends())
    assert ends == ["accepted"] * 4 + ["failed", "skipped"]
    await database.aclose()


async def broken(url: str, *statements: str) -> list[str]:
    """What the audit finds after rows were changed by hand; then all is as it was."""
    database = Database(url)
    async with database.opened(vestnik_writes=True) as connection:
        for statement in (UNBOUND[connection.dialect.name], *statements):
            await connection.execute(sa.text(statement))
        found = await Invariants(connection, NOW, {"whatsapp": 24}).check()
        await connection.rollback()
    await database.aclose()
    assert all(it.checked for it in found)
    return [f"{it.guarantee}: {it.what}" for it in found if it.broken]


async def test_the_story_is_clean(story: str) -> None:
    assert await broken(story) == []


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        pytest.param(
            ["UPDATE broadcasts SET audience = audience + 1"],
            "I1: the states of a broadcast add up to its frozen audience",
            id="I1: somebody is missing",
        ),
        pytest.param(
            ["UPDATE broadcasts SET audience = NULL"],
            "I1: the states of a broadcast add up to its frozen audience",
            id="I1: nobody was counted",
        ),
        pytest.param(
            ["UPDATE deliveries SET reason = NULL WHERE state = 'failed'"],
            "I2: what failed, was skipped or expired has a reason",
            id="I2: no reason",
        ),
        pytest.param(
            ["UPDATE deliveries SET reason = '' WHERE state = 'skipped'"],
            "I2: what failed, was skipped or expired has a reason",
            id="I2: an empty reason",
        ),
        pytest.param(
            ["DELETE FROM attempts WHERE channel = 'sms'"],
            "I3: every try has its attempt row",
            id="I3: an attempt is missing",
        ),
        pytest.param(
            ["UPDATE deliveries SET attempts = 0 WHERE attempts = 1"],
            "I3: every try has its attempt row",
            id="I3: an attempt that was never counted",
        ),
        pytest.param(
            [
                "UPDATE attempts SET handle = (SELECT handle FROM attempts ORDER BY id LIMIT 1),"
                " address_id = (SELECT address_id FROM attempts ORDER BY id LIMIT 1),"
                " channel = 'whatsapp' WHERE reference IS NOT NULL"
            ],
            "I4: no provider accepted two copies under one handle",
            id="I4: two copies",
        ),
        pytest.param(
            ["UPDATE consents SET action = 'withdraw', channels = '[]'"],
            "I5: no broadcast was tried without advertising consent in force",
            id="I5: it had been withdrawn",
        ),
        pytest.param(
            ["UPDATE consents SET at = '2099-01-01 00:00:00.000000'"],
            "I5: no broadcast was tried without advertising consent in force",
            id="I5: it was given later",
        ),
        pytest.param(
            ["UPDATE attempts SET state = 'sending' WHERE step = 0 AND state = 'failed'"],
            "I6: a step began only after the earlier ones had ended",
            id="I6: the step before had not ended",
        ),
        pytest.param(
            ["UPDATE attempts SET started_at = '2020-01-01 00:00:00.000000' WHERE step > 0"],
            "I6: a step began only after the earlier ones had ended",
            id="I6: the step before began later",
        ),
        pytest.param(
            ["UPDATE deliveries SET state = 'read' WHERE state = 'accepted'"],
            "I7: a delivery that reached somebody has an attempt that did",
            id="I7: nobody read it",
        ),
        pytest.param(
            ["UPDATE attempts SET state = 'delivered' WHERE reason LIKE 'rejected%'"],
            "I7: nobody who has the message is told to have missed it",
            id="I7: it arrived",
        ),
        pytest.param(
            ["DELETE FROM inbox"],
            "I8: every event comes from bytes that were kept",
            id="I8: the bytes are gone",
        ),
        pytest.param(
            ["UPDATE standings SET granted = true WHERE NOT granted"],
            "I9: the present state of consent is its ledger's last entry",
            id="I9: granted, says the present",
        ),
        pytest.param(
            ["DELETE FROM standings WHERE NOT granted"],
            "I9: the present state of consent is its ledger's last entry",
            id="I9: no present",
        ),
        pytest.param(
            ["UPDATE standings SET channels = '[\"vk\"]' WHERE granted"],
            "I9: the present state of consent is its ledger's last entry",
            id="I9: other channels",
        ),
        pytest.param(
            [
                "UPDATE standings SET entry_id = (SELECT min(id) FROM consents AS c"
                " WHERE c.person_id = standings.person_id), granted = true WHERE NOT granted"
            ],
            "I9: the present state of consent is its ledger's last entry",
            id="I9: an older entry",
        ),
        pytest.param(
            ["UPDATE deliveries SET ground = NULL WHERE kind = 'reply'"],
            "I9: every delivery that was tried stores its ground",
            id="I9: no ground",
        ),
        pytest.param(
            ["UPDATE attempts SET form = 'free' WHERE form = 'template'"],
            "I10: no free-form message on whatsapp outside its 24-hour window",
            id="I10: nobody had written",
        ),
        pytest.param(
            ["UPDATE events SET received_at = '2020-01-01 00:00:00.000000'"],
            "I10: no free-form message on whatsapp outside its 24-hour window",
            id="I10: it was long ago",
        ),
        pytest.param(
            ["UPDATE audit_log SET actor = 'telegram:666' WHERE id = 1"],
            "I14: the log of what staff did is unbroken",
            id="I14: somebody else did it",
        ),
    ],
)
async def test_a_broken_row_is_found(story: str, statements: list[str], found: str) -> None:
    assert found in await broken(story, *statements)
    assert await broken(story) == []
