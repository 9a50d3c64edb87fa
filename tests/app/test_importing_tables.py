"""Tables of a CRM: what is read of CSV and XLSX, and what the columns and cells mean."""

from pathlib import Path

import pytest

from app.importing.columns import BadColumns, Column, Kind, Refused, columns
from app.importing.spreadsheet import Row, Table, Unreadable
from tests.app.workbooks import table, workbook


def rows(path: Path, encoding: str = "utf-8-sig") -> list[Row]:
    return list(Table(path, encoding).rows())


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("phone,city\n1,Казань\n", "utf-8-sig"),
        ("\ufeffphone;city\r\n1;Казань\r\n", "utf-8-sig"),
        ("phone\tcity\n1\tКазань", "utf-8-sig"),
        ("phone;city\n1;Казань\n", "cp1251"),
        ("phone,city\n1,Казань\n", "utf-16"),
        ('"phone","city"\n" 1 ","Ка\0зань"\n', "utf-8-sig"),
    ],
)
def test_csv_as_programs_write_it(tmp_path: Path, content: str, encoding: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content.encode(encoding.removesuffix("-sig")))
    assert rows(path, encoding) == [Row(1, ("phone", "city")), Row(2, ("1", "Казань"))]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text('\nphone,note\n,\n1,"two\nlines"\n2,x\n', encoding="utf-8")
    assert [(it.number, it.cells[0]) for it in rows(path)] == [(2, "phone"), (4, "1"), (5, "2")]


def test_a_workbook(tmp_path: Path) -> None:
    path = table(
        tmp_path / "people.xlsx",
        ["phone", "ltv", "bought"],
        [79161234567, 1000.1, ("date", 46022)],
        ["=1+1", 0.1, "2026-12-31"],
    )
    assert rows(path) == [
        Row(1, ("phone", "ltv", "bought")),
        Row(2, ("79161234567", "1000.1", "2025-12-31")),
        Row(3, ("=1+1", "0.1", "2026-12-31")),
    ]


def test_a_workbook_that_does_not_begin_at_the_top(tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx", ("B3", "phone"), ("B4", 5))
    assert rows(path) == [Row(3, ("phone",)), Row(4, ("5",))]


@pytest.mark.parametrize(
    ("content", "encoding", "why"),
    [
        (b"phone\n\xca\xe0\xe7\xe0\xed\xfc\n", "utf-8-sig", "is not utf-8: save it as UTF-8"),
        (b'phone\n"1\n', "utf-8-sig", "is no CSV: unexpected end of data"),
        (b'phone\n"1"2\n', "utf-8-sig", "is no CSV: "),
        (b"phone\n" + b"1" * 200_000, "utf-8-sig", "is no CSV: field larger"),
        (b"phone\n1\n", "latin-99", "no such --encoding"),
        (b"PK\x03\x04 and nothing more", "utf-8-sig", "is no XLSX that can be read"),
        (None, "utf-8-sig", "cannot be read: No such file"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes | None, encoding: str, why: str) -> None:
    path = tmp_path / "people.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Unreadable, match=why):
        rows(path, encoding)


def test_a_cell_far_away_costs_no_memory(tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx", ("A1", "phone"), ("XFD1048576", 1))
    with pytest.raises(Unreadable, match="too many cells"):
        rows(path)


HEADERS = ["Телефон", "Город", "Дата рождения", "LTV", "", "Теги"]


def test_every_column_under_its_own_name() -> None:
    place, found = columns(HEADERS, (), "phone")
    assert place == 0
    assert [(it.place, it.name, it.kind) for it in found] == [
        (1, "город", "text"),
        (2, "birthday", "date"),
        (3, "ltv", "number"),
        (5, "tags", "tags"),
    ]


def test_columns_as_they_are_asked_for() -> None:
    place, found = columns(HEADERS, ["город=city", "LTV=spent:number"], "Город")
    assert place == 1
    assert found == [Column(1, "Город", "city", "text"), Column(3, "LTV", "spent", "number")]


@pytest.mark.parametrize(
    ("headers", "asked", "key", "why"),
    [
        (["phone", "City", "city"], (), "phone", "Several columns are called City, city"),
        (["city"], (), "phone", "no column 'phone' to find people by.* there are: city"),
        (["phone"], (), "phone", "no column besides"),
        (["phone", "city"], ["sity=city"], "phone", "no column 'sity'; there are: phone, city"),
        (["phone", "city"], ["city"], "phone", "'city' maps no column"),
        (["phone", "city"], ["city=city:colour"], "phone", "a kind of text, number, date, tags"),
        (["phone", "city"], ["city=:text"], "phone", "is no name"),
        (["phone", "?"], (), "phone", "'?' is no name"),
        (["phone", "я" * 65], (), "phone", "is no name"),
    ],
)
def test_columns_that_cannot_be_used(
    headers: list[str], asked: list[str], key: str, why: str
) -> None:
    with pytest.raises(BadColumns, match=why.replace("?", r"\?")):
        columns(headers, asked, key)


@pytest.mark.parametrize(
    ("kind", "cell", "values"),
    [
        ("text", "Казань", {"Казань"}),
        ("text", "", set()),
        ("number", "1 000,50", {"1000.5"}),
        ("number", "1\u00a0000", {"1000"}),
        ("number", "-5", {"-5"}),
        ("number", "-0", {"0"}),
        ("number", "0.333333333333333", {"0.333333"}),
        ("number", "12345678901.23456", {"12345678901.235"}),
        ("date", "31.12.2026", {"2026-12-31"}),
        ("date", "2026-12-31", {"2026-12-31"}),
        ("date", "2026-12-31 10:00:00", {"2026-12-31"}),
        ("date", "1/2/2026", {"2026-02-01"}),
        ("tags", "vip, постоянный;vip", {"vip", "постоянный"}),
    ],
)
def test_a_cell(kind: Kind, cell: str, values: set[str]) -> None:
    assert Column(0, "x", "x", kind).read(cell) == values


@pytest.mark.parametrize(
    ("kind", "cell", "why"),
    [
        ("number", "много", "no number"),
        ("number", "1e999999", "no number"),
        ("number", "NaN", "no number"),
        ("number", "1234567890123456", "at most 15 digits"),
        ("date", "вчера", "no date like"),
        ("date", "31.02.2026", "no date like"),
        ("text", "я" * 256, "longer than 255"),
        ("tags", "vip," + "я" * 256, "longer than 255"),
    ],
)
def test_a_cell_that_is_something_else(kind: Kind, cell: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        Column(0, "x", "x", kind).read(cell)
