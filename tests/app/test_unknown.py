"""`vestnik unknown`: what nobody can account for is listed, and settled by decision."""

import json

import pytest

from app.unknown import resolve, show
from storage.database import Database
from storage.tables import attempts, audit_log, broadcasts, deliveries
from tests.delivery.ledger import Ledger, handle
from tests.delivery.making import TELEGRAM, route
from vestnik.outcome import Ambiguous

ACTOR = "cli:marina"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("TELEGRAM_TOKEN", "123456789:AAF-made_up_token_of_35_characters_")


@pytest.fixture
async def ledger(database: Database, here: None) -> Ledger:
    """A broadcast to four people, of whom three are unknown; its end was told."""
    ledger = Ledger(database)
    for _ in range(4):
        person = await ledger.customer(TELEGRAM)
        if person > 1:
            ledger.post(TELEGRAM).answer(handle(person, TELEGRAM), Ambiguous("timeout"))
    await ledger.broadcast(route(TELEGRAM))
    await ledger.settle()
    await ledger.pass_time(61)
    async with database.begin() as work:
        assert await work.broadcasts.close_report(1)
    return ledger


async def test_they_are_listed_page_by_page(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await show(2, "", as_json=True) == 0
    page = json.loads(capsys.readouterr().out)
    assert page["counts"] == {"telegram": 3}
    assert [it["person"] for it in page["items"]] == [2, 3]
    first = page["items"][0]
    assert (first["broadcast"], first["channel"], first["to"]) == (1, "telegram", "telegram-2")
    assert (first["policy"], first["reason"]) == ("park", "unknown:timeout")
    assert first["may_resolve"] == "a press on it, a reply or a reaction"
    [tried, *_] = await ledger.rows(attempts, delivery_id=first["id"])
    assert first["handle"] == tried["handle"]
    assert first["since"] == tried["started_at"].isoformat()
    assert await show(2, page["next"], as_json=True) == 0
    rest = json.loads(capsys.readouterr().out)
    assert ([it["person"] for it in rest["items"]], rest["next"]) == ([4], None)


async def test_for_people(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert await show(2, "", as_json=False) == 0
    out = capsys.readouterr().out
    assert "telegram:main telegram-2  broadcast 1, person 2" in out
    assert "In all: telegram 3." in out
    assert out.endswith("There are more: --after 3\n")
    assert await show(2, "x", as_json=False) == 1
    assert "none of ours" in capsys.readouterr().err


async def test_staff_decide(ledger: Ledger) -> None:
    assert await resolve([2], "accepted", ACTOR) == 0
    assert await resolve([3], "failed", ACTOR) == 0
    assert await resolve([4], "again", ACTOR) == 0
    [broadcast] = await ledger.rows(broadcasts)
    assert broadcast["reported_at"] is None, "it is not finished any more"
    assert await ledger.broken() == []
    await ledger.settle()
    assert await ledger.ends(broadcast_id=1) == [
        ("accepted", None),
        ("accepted", None),
        ("failed", "resolved:failed"),
        ("accepted", None),
    ]
    first, second = await ledger.rows(attempts, delivery_id=4)
    assert (first["state"], second["state"]) == ("unknown", "accepted")
    assert first["handle"] != second["handle"]
    async with ledger.database.read() as work:
        report = await work.reports.of(1)
    assert report.channels == report.reached == {"telegram": 3}
    assert await ledger.broken() == []


async def test_the_log_says_who_decided(ledger: Ledger) -> None:
    assert await resolve([2], "again", ACTOR) == 0
    [deed] = await ledger.rows(audit_log, actor=ACTOR)
    [tried] = await ledger.rows(attempts, delivery_id=2)
    assert (deed["action"], deed["subject"]) == ("unknown.resolve", "delivery:2")
    assert deed["before"] == {"state": "unknown", "handles": [tried["handle"]]}
    assert deed["after"] == {"as": "again", "state": "planned"}


@pytest.mark.parametrize(
    ("other", "why"), [(1, "is not unknown but accepted"), (99, "there is no")]
)
async def test_all_or_none(
    ledger: Ledger, other: int, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = await ledger.rows(deliveries)
    assert await resolve([2, other], "failed", ACTOR) == 1
    assert why in capsys.readouterr().err
    assert await ledger.rows(deliveries) == before
    assert await ledger.rows(audit_log, actor=ACTOR) == []


async def test_what_was_cancelled_is_not_sent_again(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    async with ledger.database.begin() as work:
        assert await work.broadcasts.move(1, to="cancelled", only_from=["running"])
    assert await resolve([2], "again", ACTOR) == 1
    assert "was cancelled" in capsys.readouterr().err
    assert await resolve([2], "failed", ACTOR) == 0


async def test_nobody_is_unknown(here: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert await show(10, "", as_json=False) == 0
    assert capsys.readouterr().out == "Every message is accounted for.\n"
