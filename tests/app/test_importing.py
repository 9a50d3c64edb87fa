"""`vestnik people import`: what a table changes of what is known, on both databases."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.importing import bringing
from app.importing.order import Order, import_people
from app.importing.spreadsheet import Table
from storage.database import Database
from storage.tables import audit_log, consents, people, profile
from tests.app.api_people import arrives
from tests.app.conftest import SETTINGS
from tests.app.workbooks import table
from tests.delivery.ledger import Ledger

ANNA, BORIS, VERA = "8 (916) 123-45-67", "+7 916 123-45-68", "79161234569"


@pytest.fixture
async def database(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Database:
    """Anna and Boris proved their numbers; Vera writes from hers in WhatsApp."""
    for name, value in {**SETTINGS, "DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    await arrives(database, "501", phone="+79161234567")
    await arrives(database, "502", phone="+79161234568")
    await arrives(database, "+79161234569", channel="whatsapp")
    return database


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


async def bring(path: Path, **asked: object) -> int:
    return await import_people(Order(table=Table(path), actor="cli:marina", **asked))  # type: ignore[arg-type]


async def known(database: Database) -> dict[int, dict[str, list[str]]]:
    async with database.read() as work:
        told = {number: await work.profiles.of(number) for number in (1, 2, 3)}
    return {number: columns for number, columns in told.items() if columns}


async def times(database: Database) -> list[datetime]:
    async with database.read() as work:
        return list((await work.connection.execute(sa.select(profile.c.at))).scalars())


async def test_columns_come_to_the_people_they_are_about(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(
        tmp_path,
        "Телефон;city;LTV;Дата рождения;Теги",
        f"{ANNA};Казань;1 000,50;31.12.1990;vip, new",
        f"{BORIS};;5;;",
        f"{VERA};Самара;;;",
    )
    assert await bring(path) == 0
    assert await known(database) == {
        1: {
            "birthday": ["1990-12-31"],
            "city": ["Казань"],
            "ltv": ["1000.5"],
            "tags": ["new", "vip"],
        },
        2: {"ltv": ["5"]},
        3: {"city": ["Самара"]},
    }
    assert capsys.readouterr().out.splitlines()[:4] == [
        "rows: 3, of people who are known: 3",
        "  city: 2 new",
        "  ltv: 2 new",
        "  birthday: 1 new",
    ]
    (deed,) = await Ledger(database).rows(audit_log)
    assert (deed["actor"], deed["action"], deed["subject"]) == (
        "cli:marina",
        "people.import",
        "people.csv",
    )
    assert deed["after"] == {"rows": [2, 4], "values": 6}


async def test_run_again_it_changes_nothing(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "phone,city,tags", f"{ANNA},Казань,vip")
    await bring(path)
    before = await times(database)
    capsys.readouterr()
    assert await bring(path) == 0
    assert "  city: 1 same\n" in capsys.readouterr().out
    assert await times(database) == before
    assert len(await Ledger(database).rows(audit_log)) == 1


async def test_a_filled_cell_replaces_and_an_empty_one_changes_nothing(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await bring(written(tmp_path, "phone,city,tags,note", f"{ANNA},Казань,a;b,x"))
    capsys.readouterr()
    path = written(tmp_path, "phone,city,tags,note", f"{ANNA},Москва,b,", f"{ANNA},Пермь,,")
    assert await bring(path) == 0
    assert await known(database) == {1: {"city": ["Пермь"], "note": ["x"], "tags": ["b"]}}
    assert "  № 1 city: Казань → Пермь\n" in capsys.readouterr().out


async def test_a_dry_run_tells_and_changes_nothing(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "phone,city", f"{ANNA},Казань", "123,Уфа")
    assert await bring(path, dry_run=True) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "rows: 2, of people who are known: 1",
        "  city: 1 new",
        "  № 1 city: — → Казань",
        "refused rows: 1; --report FILE lists them all",
        "This was a dry run: nothing was changed.",
    ]
    assert told.err == "row 3, phone: no mobile number\n"
    assert await known(database) == {}
    assert await Ledger(database).rows(audit_log) == []


async def test_each_refused_row_is_reported(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "CHUNK", 2)
    path = written(
        tmp_path,
        "phone,ltv,birthday,note",
        f"{ANNA},много,31.02.1990,первая",
        "+7 916 000-00-00,5,,",
        ",5,,",
        "=cmd|' /C calc'!A0,5,,",
        f"{BORIS},7,,@SUM(1)",
    )
    report = tmp_path / "refused.csv"
    assert await bring(path, report=report) == 0
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["row", "column", "cell", "why"],
            ["2", "ltv", "много", "no number"],
            ["2", "birthday", "31.02.1990", "no date like 2026-12-31 or 31.12.2026"],
            ["3", "phone", "'+7 916 000-00-00", "nobody here is known by it"],
            ["4", "phone", "", "it does not say who it is"],
            ["5", "phone", "'=cmd\\|' /C calc'!A0", "no mobile number"],
        ]
    assert await known(database) == {2: {"ltv": ["7"], "note": ["@SUM(1)"]}}


async def test_a_workbook_by_the_handle_on_a_channel(database: Database, tmp_path: Path) -> None:
    rows = ["telegram", "Покупки"], [501, 12.0], [777, 3]
    path = table(tmp_path / "people.xlsx", *rows)
    assert await bring(path, match="telegram", mapped=["покупки=purchases:number"]) == 0
    assert await known(database) == {1: {"purchases": ["12"]}}


async def test_by_our_number(database: Database, tmp_path: Path) -> None:
    path = written(tmp_path, "Клиент,city", "№ 2,Казань", "9,Уфа", "x,Уфа")
    assert await bring(path, match="id", key="клиент") == 0
    assert await known(database) == {2: {"city": ["Казань"]}}


async def test_nobody_is_added_and_no_consent_is_given(database: Database, tmp_path: Path) -> None:
    there = await Ledger(database).rows(people)
    path = written(tmp_path, "phone,consent,advertising", f"{ANNA},yes,yes", "89160000000,yes,yes")
    assert await bring(path) == 0
    assert await Ledger(database).rows(people) == there
    assert await Ledger(database).rows(consents) == []


@pytest.mark.parametrize(
    ("content", "asked", "why"),
    [
        (b"", {}, "is empty: its first row has to name the columns."),
        (b"\n \n", {}, "is empty"),
        (b"phone,city\n", {}, "names columns and has no rows below."),
        (b"phone,city\n+79161234567,\xca\xe0\n", {}, "is not utf-8"),
        (b'phone,city\n+79161234567,a\n+79161234568,"b\n', {}, "is no CSV"),
        (b"name,city\nx,y\n", {}, "There is no column 'phone' to find people by"),
        (b"phone,city\n+79161234567,y\n", {"match": "pigeon"}, "write one of phone, id, telegram"),
        (b"phone,city\n+79161234567,y\n", {"mapped": ["x=y"]}, "There is no column 'x'"),
        (b"phone,city\n+79161234567,y\n", {"report": Path("/no/where.csv")}, "cannot be written"),
    ],
)
async def test_a_file_that_cannot_be_used_changes_nothing(
    database: Database,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    content: bytes,
    asked: dict[str, object],
    why: str,
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    assert await bring(path, **asked) == 1
    assert why in capsys.readouterr().err
    assert await known(database) == {}


async def test_what_was_brought_goes_when_a_person_is_forgotten(
    database: Database, tmp_path: Path
) -> None:
    await bring(written(tmp_path, "phone,city", f"{ANNA},Казань"))
    async with database.begin() as work:
        await work.people.forget(1)
    assert await known(database) == {}


async def test_what_was_brought_moves_when_two_people_are_one(
    database: Database, tmp_path: Path
) -> None:
    await bring(written(tmp_path, "phone,city,ltv", f"{ANNA},Казань,", f"{BORIS},Москва,5"))
    async with database.begin() as work:
        await work.profiles.move(2, 1)
    assert await known(database) == {1: {"city": ["Казань"], "ltv": ["5"]}}
