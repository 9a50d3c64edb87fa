"""`vestnik dead`: what took no effect is listed, and tries once more."""

import json

import pytest

from app.dead import redrive, show
from storage.database import Database
from storage.tables import events, inbox
from tests.delivery.ledger import Ledger
from tests.delivery.making import TELEGRAM


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)


@pytest.fixture
async def ledger(database: Database, here: None) -> Ledger:
    """An event that fails for good, and an item that nobody can read."""
    ledger = Ledger(database)
    person = await ledger.customer(TELEGRAM)
    await ledger.writes(person, TELEGRAM, "broken pipe")
    for _ in range(6):
        await database.shift_clock(700)
        await ledger.read_and_handle()
    await ledger.keeps(TELEGRAM, b'[{"is": "Nothing"}]')
    await ledger.read_and_handle()
    return ledger


async def test_both_kinds_are_listed_newest_first(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await show(10, as_json=True) == 0
    item, event = map(json.loads, capsys.readouterr().out.splitlines())
    assert (item["id"], item["channel"]) == ("item-1", "telegram")
    assert event["id"].startswith("event-")
    assert "broken pipe" in event["why"]
    assert event["what"] == "TextReceived"
    assert await show(1, as_json=False) == 0
    assert capsys.readouterr().out.startswith("item-1  ")


async def test_a_second_chance(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    await show(10, as_json=True)
    _, event = map(json.loads, capsys.readouterr().out.splitlines())
    assert await redrive([event["id"]], everything=False) == 0
    assert "1 events, 0 items" in capsys.readouterr().out
    await ledger.read_and_handle()
    # It fails as before, from its first pause on.
    [row] = [it for it in await ledger.rows(events) if it["state"] == "new"]
    assert row["tries"] == 1


async def test_all_of_them(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert await redrive([], everything=True) == 0
    assert "1 events, 1 items" in capsys.readouterr().out
    assert [it["id"] for it in await ledger.rows(inbox) if it["read_at"] is None]
    await ledger.read_and_handle()
    capsys.readouterr()
    await show(10, as_json=True)
    [item] = map(json.loads, capsys.readouterr().out.splitlines())
    assert item["id"].startswith("item-"), "it still cannot be read, and says so"


@pytest.mark.parametrize("ids", [["12"], ["event-x"], ["event-1", "letter-1"], []])
async def test_wrong_names_change_nothing(
    ledger: Ledger, ids: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await redrive(ids, everything=False) == 1
    assert "event-12 or item-3" in capsys.readouterr().err
    async with ledger.database.read() as work:
        assert len(await work.letters.newest(10)) == 2


async def test_nobody_is_dead(here: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert await show(10, as_json=False) == 0
    assert capsys.readouterr().out == "Nothing is dead.\n"
    assert await redrive(["event-7"], everything=False) == 1
