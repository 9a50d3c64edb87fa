"""What comes in at once is claimed without looking at all of it each time anew."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.tables import events, inbox
from vestnik.address import Address, ChannelName
from vestnik.inbound import Author, DeliveryReported, Inbound, Started
from vestnik.record import encode

BURST = 1_000
PEOPLE = 150
CLAIMED = 10
MOST_PAGES = 200
"""So many may be looked at for a claim of ten; a look at each that waits takes thousands."""

BEGUN: dict[str, Any] = {
    "event_id": "1",
    "address": Address(ChannelName("telegram"), "main", "1"),
    "author": Author("1"),
    "at": datetime(2026, 5, 1, tzinfo=UTC),
}


@pytest.mark.parametrize(
    "waiting", [Started(**BEGUN), DeliveryReported(**BEGUN, state="read")], ids=["said", "reports"]
)
async def test_a_claim_in_a_burst_looks_at_what_it_claims(
    postgresql_url: str, waiting: Inbound
) -> None:
    database = Database(postgresql_url)
    async with database.begin() as work:
        kept = {"channel": "telegram", "account": "main", "received_at": work.now}
        body = sa.insert(inbox).values(**kept, body=b"{}").returning(inbox.c.id)
        inbox_id = (await work.connection.execute(body)).scalar_one()
        rows = [
            {
                **kept,
                "external_id": str(number),
                "handle": str(number % PEOPLE),
                "kind": type(waiting).__name__,
                "body": encode(waiting),
                "at": work.now,
                "inbox_id": inbox_id,
                "due_at": work.now,
            }
            for number in range(BURST)
        ]
        await work.connection.execute(sa.insert(events), rows)

    asked: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, told: Any, *_: Any) -> None:
        asked.append((statement, told))

    async with database.begin() as work:
        claim = work.inbox.due if isinstance(waiting, Started) else work.inbox.reports_due
        engine = work.connection.engine.sync_engine
        sa.event.listen(engine, "before_cursor_execute", note)
        assert len(await claim(CLAIMED)) == CLAIMED
        sa.event.remove(engine, "before_cursor_execute", note)
        [(statement, told)] = asked
        explained = await work.connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", told
        )
        plan = explained.scalar_one()
    [explained_plan] = json.loads(plan) if isinstance(plan, str) else plan
    top = explained_plan["Plan"]
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < MOST_PAGES
    await database.aclose()
