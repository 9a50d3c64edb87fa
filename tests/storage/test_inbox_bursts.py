"""What comes in at once is claimed one by one without looking at all of it each time anew."""

import json
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.tables import events, inbox

BURST = 1_000
PEOPLE = 150
PAGES_AN_EVENT = 20
"""So many pages may be looked at for each event that waits; comparing all with all takes 500."""


async def test_a_claim_in_a_burst_does_not_compare_all_with_all(postgresql_url: str) -> None:
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
                "kind": "Started",
                "body": {"is": "Started"},
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
        engine = work.connection.engine.sync_engine
        sa.event.listen(engine, "before_cursor_execute", note)
        await work.inbox.due(1)
        sa.event.remove(engine, "before_cursor_execute", note)
        [(statement, told), *_] = asked
        explained = await work.connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", told
        )
        plan = explained.scalar_one()
    [explained_plan] = json.loads(plan) if isinstance(plan, str) else plan
    top = explained_plan["Plan"]
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < BURST * PAGES_AN_EVENT
    await database.aclose()
