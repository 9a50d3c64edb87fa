"""Every channel has a table, and every table has the rows that no channel may do without."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bots.registry import FEWEST_ROWS, OBLIGATORY, Table, flaws, load, packages

WHOLE = Table(
    {
        "INCOMING": dict.fromkeys(["text", "repeated", *(f"in_{n}" for n in range(30))]),
        "REQUESTS": dict.fromkeys(OBLIGATORY["REQUESTS"]),
        "ANSWERS": dict.fromkeys(OBLIGATORY["ANSWERS"]),
        "FORGED": dict.fromkeys(["missing", "wrong", "non_ascii", "another_account"]),
    },
    frozenset({"text"}),
)


@pytest.mark.parametrize("channel", packages())
def test_a_channel_has_its_table(channel: str) -> None:
    assert not list(flaws(load(packages()[channel])))


def test_the_tables_of_all_channels_are_demanded() -> None:
    wanted = {"telegram", "vk", "whatsapp", "smsc"}
    assert wanted <= set(packages())
    assert packages()["vk"] == "tests.bots.vk"
    assert packages()["smsc"] == "tests.fallback.smsc"


def test_a_whole_table_has_no_flaws() -> None:
    assert sum(map(len, WHOLE.rows.values())) >= FEWEST_ROWS
    assert list(flaws(WHOLE)) == []


@pytest.mark.parametrize(
    ("mapping", "row"),
    [(mapping, row) for mapping, rows in OBLIGATORY.items() for row in sorted(rows)],
)
def test_a_missing_row_is_seen(mapping: str, row: str) -> None:
    rows = {name: value for name, value in WHOLE.rows[mapping].items() if name != row}
    rows |= dict.fromkeys(["instead"])
    lacking = replace(WHOLE, rows={**WHOLE.rows, mapping: rows}, payloads=frozenset())
    assert list(flaws(lacking)) == [f"{mapping} has no row {row!r}"]


def test_other_flaws_are_seen() -> None:
    few = {**WHOLE.rows, "INCOMING": dict.fromkeys(["text", "repeated"])}
    assert "at least 40" in next(flaws(replace(WHOLE, rows=few)))
    trusting = {**WHOLE.rows, "FORGED": dict.fromkeys(["missing"])}
    assert "FORGED has fewer than 4 rows" in list(flaws(replace(WHOLE, rows=trusting)))
    odd = {**WHOLE.rows, "FORGED": {**WHOLE.rows["FORGED"], "no secret": 403}}
    assert list(flaws(replace(WHOLE, rows=odd))) == ["the name 'no secret' is not in snake_case"]
    stray = replace(WHOLE, payloads=frozenset({"text", "voice"}))
    assert list(flaws(stray)) == ["no row names voice.json"]


def test_a_channel_without_a_table_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    bare = tmp_path / "tables_of_pigeon"
    bare.mkdir()
    (bare / "__init__.py").touch()
    with pytest.raises(ImportError):
        load("tables_of_pigeon")
    (bare / "rows.py").write_text("INCOMING = REQUESTS = ANSWERS = {}\n")
    with pytest.raises(AttributeError, match="FORGED"):
        load("tables_of_pigeon")
    (bare / "rows.py").write_text("INCOMING = REQUESTS = ANSWERS = FORGED = {'a': 1}\n")
    (bare / "voice.json").touch()
    del sys.modules["tables_of_pigeon.rows"]
    table = load("tables_of_pigeon")
    assert table.payloads == {"voice"}
    assert table.rows["FORGED"] == {"a": 1}
