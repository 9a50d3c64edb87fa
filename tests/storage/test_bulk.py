"""Rows given along with a statement arrive as they were, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from storage.bulk import Given
from storage.database import Database
from storage.types import Id, Json, UtcDateTime

SHAPE = Given(
    id=Id,
    whole=sa.Integer(),
    text=sa.String(255),
    told=sa.Boolean(),
    at=UtcDateTime(),
    cost=sa.Numeric(12, 4),
    share=sa.Float(),
    record=Json,
)
NOTHING = {"whole": None, "text": None, "told": None, "at": None, "cost": None} | {
    "share": None,
    "record": None,
}
PRECISE = datetime(2026, 5, 1, 12, 0, 0, 1, tzinfo=UTC)


async def back(database: Database, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows as a statement sees them."""
    async with database.read() as work:
        given = SHAPE.table(work.connection.dialect.name)
        told = SHAPE.parameter(work.connection, [dict(it) for it in rows])
        found = await work.connection.execute(sa.select(given).order_by(given.c.id), told)
        return [dict(it) for it in found.mappings()]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("whole", 0),
        ("whole", -(2**31)),
        ("text", ""),
        ("text", "448"),
        ("text", "null"),
        ("text", '\'; DROP TABLE "x" -- \\ \x01 \x7f \u2028 Ж 👩‍👩‍👧 \U0010ffff'),
        ("text", "{{1}} :id $1 %s"),
        ("told", True),
        ("told", False),
        ("at", PRECISE),
        ("at", PRECISE.replace(microsecond=0)),
        ("at", PRECISE.replace(microsecond=999_999)),
        ("share", 0.1),
        ("record", {}),
        ("record", {"consent": 7, "why": 'Ж" \\ 👍', "deep": [None, True, {"a": 1.5}]}),
        ("record", []),
        ("record", ["123"]),
    ],
)
async def test_a_value_arrives_as_it_was(database: Database, name: str, value: object) -> None:
    row = {"id": 1, **NOTHING, name: value}
    assert await back(database, row) == [row]


async def test_the_largest_id(database: Database) -> None:
    row = {"id": 2**63 - 1, **NOTHING}
    assert await back(database, row) == [row]


@pytest.mark.parametrize("cost", ["0", "3.2000", "99999999.9999", "-1.5"])
async def test_money_arrives_to_the_last_digit(database: Database, cost: str) -> None:
    [row] = await back(database, {"id": 1, **NOTHING, "cost": cost})
    assert row["cost"] == Decimal(cost)


async def test_a_time_of_another_zone_is_the_same_moment(database: Database) -> None:
    """Quiet hours end by somebody's own clock; SQLite compares times as texts in UTC."""
    there = PRECISE.astimezone(timezone(timedelta(hours=3)))
    [row] = await back(database, {"id": 1, **NOTHING, "at": there})
    assert row["at"] == PRECISE


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        await back(database, {"id": 1, **NOTHING, "at": PRECISE.replace(tzinfo=None)})


async def test_no_rows_are_an_empty_table(database: Database) -> None:
    assert await back(database) == []
