"""`vestnik broadcast`: what the command line drafts, foresees and steers, on both databases."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import broadcasting
from app.api.steering import Verb
from storage.database import Database
from storage.tables import audit_log, broadcasts
from tests.app.api_people import arrives
from tests.app.conftest import SETTINGS
from tests.delivery.ledger import Ledger

ACTOR = "cli:marina"
ASKED: dict[str, str | None] = {
    "segment": "{}",
    "route": None,
    "template": None,
    "topic": None,
}

Said = Callable[[], Any]


@pytest.fixture
async def database(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Database:
    """Three people, two of whom agreed to advertising; one has a phone."""
    for name, value in {**SETTINGS, "DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    await arrives(database, "501", agrees=True, phone="+79990000001")
    await arrives(database, "502", city="Казань", agrees=True)
    await arrives(database, "503")
    return database


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """The JSON that was printed last."""
    return lambda: json.loads(capsys.readouterr().out)


async def create(
    text: str = "Скидки", file: Path | None = None, *, dry_run: bool = False, **asked: str
) -> int:
    return await broadcasting.create(
        text, file, {**ASKED, **asked}, ACTOR, dry_run=dry_run, as_json=True
    )


async def test_a_dry_run_tells_all_and_stores_nothing(database: Database, said: Said) -> None:
    text = "Ы" * 71
    assert await create(text, dry_run=True, route="telegram 60s delivered > sms") == 0
    assert said() == {
        "audience": 3,
        "channels": {"sms": 1, "telegram": 3},
        "route": "telegram 60s delivered > sms",
        "looked_at": 3,
        "first": {"telegram": 2},
        "templates": 0,
        "free_templates": 0,
        "held": 0,
        "quiet": 0,
        "skipped": {"no_consent": 1},
        "sms_parts": {"a_person": 2, "least": 0, "most": 2},
    }
    assert await Ledger(database).rows(broadcasts) == []


async def test_a_dry_run_for_people(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {**ASKED, "route": "telegram 60s delivered > sms"}
    assert await broadcasting.create("Скидки", None, asked, ACTOR, dry_run=True, as_json=False) == 0
    assert capsys.readouterr().out.splitlines() == [
        "audience: 3",
        "  reachable by sms: 1",
        "  reachable by telegram: 3",
        "route: telegram 60s delivered > sms",
        "if it went out now:",
        "  telegram: 2",
        "  left out: 1",
        "    no_consent: 1",
        "SMS parts: 1 a person, 0 to 1 in all",
    ]


async def test_from_draft_to_cancelled(database: Database, said: Said) -> None:
    segment = '{"question": "city", "in": ["Казань"]}'
    assert await create(segment=segment, route="telegram") == 0
    drafted = said()
    assert (drafted["state"], drafted["audience"], drafted["text"]) == ("draft", 1, "Скидки")
    acts: list[tuple[Verb, str]] = [
        ("start", "running"),
        ("pause", "paused"),
        ("resume", "running"),
        ("cancel", "cancelled"),
    ]
    for verb, state in acts:
        assert await broadcasting.steer(drafted["id"], verb, ACTOR, as_json=True) == 0
        assert said()["state"] == state
    assert await broadcasting.show(drafted["id"], as_json=True) == 0
    assert said()["states"] == {"cancelled": 1}
    deeds = await Ledger(database).rows(audit_log)
    assert {it["actor"] for it in deeds} == {ACTOR}
    assert [it["action"] for it in deeds] == [
        f"broadcast.{act}" for act in ("draft", "start", "pause", "resume", "cancel")
    ]


async def test_whom_a_query_means(database: Database, said: Said) -> None:
    assert await create(segment='city = "Казань" and consent = advertising') == 0
    drafted = said()
    assert drafted["audience"] == 1
    assert drafted["segment"] == {"all": [{"query": 'city = "Казань"'}, {"consent": "advertising"}]}


async def test_the_newest_come_first(database: Database, said: Said) -> None:
    for text in ("one", "two", "three"):
        await create(text)
        said()
    assert await broadcasting.show_all(2, None, as_json=True) == 0
    page = said()
    assert [it["text"] for it in page["items"]] == ["three", "two"]
    assert await broadcasting.show_all(2, page["next"], as_json=True) == 0
    assert [it["text"] for it in said()["items"]] == ["one"]


async def test_a_text_from_a_file(database: Database, said: Said, tmp_path: Path) -> None:
    file = tmp_path / "text.md"
    file.write_text("**Скидки** до пятницы", encoding="utf-8")
    assert await create("", file) == 0
    assert said()["text"] == "Скидки до пятницы"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"text": ""}, "--text or --file"),
        ({"text": " \n"}, "text: The text is empty."),
        ({"text": "ы" * 5000, "route": "telegram"}, "telegram: "),
        ({"segment": "{"}, "--segment is no JSON"),
        ({"segment": "city = "}, "--segment: Line 1, column 7: the query ends too early"),
        ({"segment": "city ~ Казань"}, "\ncity ~ Казань\n     ^\n"),
        ({"segment": '{"city": "Казань"}'}, "segment.city: "),
        ({"route": "pigeon"}, "route: There is no channel pigeon here"),
        ({"route": ""}, "route: "),
        ({"topic": "weather"}, "topic: The scenario has no topic weather; it has: offers, menu"),
    ],
)
async def test_what_is_wrong_is_told_and_changes_nothing(
    database: Database, asked: dict[str, str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {**ASKED, **asked}
    text = given.pop("text", None)
    said = "Скидки" if text is None else text
    assert await broadcasting.create(said, None, given, ACTOR, dry_run=False, as_json=True) == 1
    told = capsys.readouterr()
    assert why in told.err
    assert told.out == ""
    assert await Ledger(database).rows(broadcasts) == []


@pytest.mark.parametrize(
    ("content", "why"), [(None, "cannot be read: No such file"), (b"\xff\xfe", "is not UTF-8")]
)
async def test_a_file_that_is_no_text(
    database: Database,
    content: bytes | None,
    why: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "text.md"
    if content is not None:
        file.write_bytes(content)
    assert await create("", file) == 1
    assert why in capsys.readouterr().err


async def test_what_does_not_follow_is_refused(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await create()
    capsys.readouterr()
    assert await broadcasting.steer(1, "pause", ACTOR, as_json=False) == 1
    told = capsys.readouterr()
    assert told.err == "Only a running one can be paused; broadcast 1 is draft.\n"
    assert await broadcasting.show(7, as_json=False) == 1
    assert capsys.readouterr().err == "There is no broadcast 7.\n"
    assert await broadcasting.show_all(5, "x", as_json=False) == 1
    assert "cursor is none of ours" in capsys.readouterr().err


async def test_for_people(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert await broadcasting.show_all(5, None, as_json=False) == 0
    assert "no broadcasts yet" in capsys.readouterr().out
    await create()
    capsys.readouterr()
    assert await broadcasting.show(1, as_json=False) == 0
    assert "`vestnik broadcast start 1` sends it." in capsys.readouterr().out
    assert await broadcasting.steer(1, "start", ACTOR, as_json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1  running  ")
    assert lines[0].endswith("3 people  Скидки")
    assert "  planned: 3" in lines


async def test_a_button_opens_an_entry_of_the_scenario(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    del database
    for typed, told in (("profile", "Обновить анкету"), ("profile=О себе", "О себе")):
        asked = {**ASKED, "buttons": [typed]}
        drafted = broadcasting.create("Скидки", None, asked, ACTOR, dry_run=False, as_json=False)
        assert await drafted == 0
        assert f"  button: {told} (profile)" in capsys.readouterr().out
    asked = {**ASKED, "buttons": ["nothing"]}
    assert await broadcasting.create("Скидки", None, asked, ACTOR, dry_run=False, as_json=True) == 1
    assert "has profile" in capsys.readouterr().err
