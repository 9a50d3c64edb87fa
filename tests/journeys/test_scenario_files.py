"""A picture beside a scenario reaches people on every messenger, also when the file is gone."""

from pathlib import Path

import pytest

from emulators.picture import plain_picture
from tests.journeys.test_scenarios import MESSENGER, PEOPLE, plays
from tests.journeys.town import Town

MENU = """
name: menu
languages: [ru]
steps:
  city:
    ask: { ru: "В каком вы городе?" }
    answer: text
  menu:
    end: { ru: "Наше меню" }
    media: [{ image: menu.jpg }]
"""


@MESSENGER
async def test_a_picture_is_sent_with_the_version_that_named_it(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, messenger: str
) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "menu.yaml").write_text(MENU, encoding="utf-8")
    (folder / "menu.jpg").write_bytes(plain_picture(40, 30, (90, 60, 30)))
    monkeypatch.setenv("SCENARIOS", str(folder))
    await plays(town, monkeypatch, "menu")
    phone = town.phone(PEOPLE[messenger], messenger)
    await phone.starts()
    await phone.sees("В каком вы городе")
    # The house starts anew with other words and without the file; the dialog goes on as it began.
    (folder / "menu.jpg").unlink()
    (folder / "menu.yaml").write_text(MENU.partition("    media")[0], encoding="utf-8")
    await plays(town, monkeypatch, "menu")
    await phone.says("Казань")
    assert (await phone.sees("Наше меню"))["image"] is not None
