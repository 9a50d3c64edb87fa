"""Files beside a scenario: found, refused by line and channel, and part of its version."""

from dataclasses import replace
from pathlib import Path

import pytest

import bots.telegram
import bots.vk.settings
import bots.whatsapp.settings
from dialogs.checking import check
from dialogs.languages import Languages
from dialogs.pictures import LONGEST
from dialogs.scenario import Flawed, load, parse
from storage.files import key_of
from tests.dialogs.phone import Phone
from vestnik.outbound import File, Media

CHANNELS = {
    "telegram": bots.telegram.LIMITS,
    "vk": bots.vk.settings.LIMITS,
    "whatsapp": bots.whatsapp.settings.LIMITS,
}
SHOP = """\
name: shop
languages: [ru]
steps:
  menu:
    end: { ru: "Наше меню" }
    media:
      - { image: "pictures/menu.jpg" }
"""
MENU = File("menu.jpg", "image/jpeg", b"menu")


def written(folder: Path, text: str = SHOP, **files: bytes) -> Path:
    """A scenario in a folder, with files in `pictures`; `_` in their names is a dot."""
    (folder / "pictures").mkdir()
    for name, content in files.items():
        (folder / "pictures" / name.replace("_", ".")).write_bytes(content)
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def found(path: Path) -> list[tuple[int, str | None, str]]:
    findings = check(path, CHANNELS, Languages(), lambda _url: True)
    return [(it.line, it.channel, it.what) for it in findings]


def test_a_picture_beside_the_scenario_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, menu_jpg=MENU.content)
    assert found(path) == []
    phone = Phone(scenario=load(path)).starts()
    assert phone.last.says[0].media == (Media("image", file=key_of(MENU)),)


def test_another_picture_is_another_version(tmp_path: Path) -> None:
    path = written(tmp_path, menu_jpg=b"one")
    first = load(path)
    (tmp_path / "pictures" / "menu.jpg").write_bytes(b"two")
    assert load(path).version != first.version
    assert load(path).source == first.source


def test_what_was_kept_is_read_again_without_its_folder(tmp_path: Path) -> None:
    scenario = load(written(tmp_path, menu_jpg=MENU.content))
    again = parse(scenario.source, "kept", scenario.files)
    assert again.version == scenario.version
    assert again.steps == scenario.steps
    with pytest.raises(Flawed, match=r"kept:7: .*publish the scenario's file"):
        parse(scenario.source, "kept")


def test_words_alone_keep_their_version(tmp_path: Path) -> None:
    words = SHOP.partition("    media")[0]
    assert load(written(tmp_path, words)).version == parse(words).version


MANY = 6 * 2**20
TABLE = {
    "no such file": ("pictures/menu.jpg", {}, None, "No such file or directory): put it there"),
    "a folder": ("pictures", {}, None, "cannot be read"),
    "outside": ("../menu.jpg", {}, None, "outside the scenario's folder: copy it there"),
    "absolute": ("/etc/passwd", {}, None, "outside the scenario's folder"),
    "empty": ("pictures/menu.jpg", {"menu_jpg": b""}, None, "is empty"),
    "too long for us": ("pictures/a.jpg", {"a_jpg": b"x" * (LONGEST + 1)}, None, "20.0 MB: make"),
    "no picture": ("pictures/a.pdf", {"a_pdf": b"x"}, None, "is no image (application/pdf)"),
    "too long": ("pictures/a.jpg", {"a_jpg": b"x" * MANY}, "whatsapp", "6.0 MB, 5.0 MB go"),
    "a kind refused": ("pictures/a.gif", {"a_gif": b"x"}, "whatsapp", "image/jpeg, image/png"),
    "no address": ("htps://a.jpg", {}, None, "begins with https://, or the name of a file"),
}


@pytest.mark.parametrize("case", TABLE)
def test_what_is_wrong_with_a_file_is_told_by_line_and_channel(tmp_path: Path, case: str) -> None:
    name, files, channel, what = TABLE[case]
    path = written(tmp_path, SHOP.replace("pictures/menu.jpg", name), **files)
    [(line, where, told)] = found(path)
    assert (line, where) == (7, channel)
    assert what in told


def test_a_key_of_our_store_is_not_written_by_hand(tmp_path: Path) -> None:
    path = written(tmp_path, SHOP.replace("image:", "key: aa, image:"), menu_jpg=b"x")
    [(_, _, told)] = found(path)
    assert "name one file" in told


def test_a_channel_that_names_no_bounds_takes_what_we_take(tmp_path: Path) -> None:
    path = written(tmp_path, menu_jpg=b"x" * MANY)
    free = {"new": replace(bots.telegram.LIMITS, files={})}
    assert check(path, free, Languages(), lambda _url: True) == []
