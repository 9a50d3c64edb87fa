"""The documents say what the code says, where they are printed from it, and their links lead on."""

import re
from pathlib import Path

import pytest

from app import capabilities
from app.discovery import gateways, messengers
from app.docs import renew, renewed
from app.env_example import printed as env_example
from bots.whatsapp.account import SUBSCRIPTIONS
from tests.house.test_contracts import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_is_printed_is_up_to_date(document: Path) -> None:
    told = document.read_text(encoding="utf-8")
    assert told == renewed(told), "run `make docs`"


def test_the_example_of_settings_is_up_to_date() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example(), "run `make docs`"


def test_the_tables_stand_where_people_look() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert capabilities.printed() in readme
    assert "## telegram" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_channel_has_a_column_and_every_limit_a_row() -> None:
    head, rule, *rows = capabilities.printed().splitlines()
    channels = [str(it.NAME) for it in messengers()] + [f"SMS: {name}" for name in gateways()]
    assert [cell.strip() for cell in head.split("|")[2:-1]] == channels
    assert {row.count(" | ") for row in (rule, *rows)} == {len(channels)}
    assert len(rows) == len(capabilities.ROWS)


def test_documents_are_renewed(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / ".env.example").write_text("OLD=1\n", encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    stale = readme.replace("| text |", "| txt |").replace(" UTF-16 ", " UTF-8 ")
    (tmp_path / "README.md").write_text(stale, encoding="utf-8")
    (tmp_path / "docs" / "plain.md").write_text("# Nothing printed\n", encoding="utf-8")
    assert {path.name for path in renew(tmp_path)} == {".env.example", "README.md"}
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == readme
    assert renew(tmp_path) == []


def test_a_block_that_nobody_prints_is_told() -> None:
    block = "<!-- printed by python -m app.nothing -->\n<!-- end of what is printed -->"
    with pytest.raises(ValueError, match=r"app\.nothing prints nothing: name one of"):
        renewed(block)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_within_the_repository_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_field_to_tick_in_metas_dashboard_is_told() -> None:
    told = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [field for field in SUBSCRIPTIONS if f"`{field}`" not in told] == []
