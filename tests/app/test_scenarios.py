"""The commands about scenarios, as a marketer runs them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from app.cli import app
from dialogs.scenario import SHIPPED
from tests.dialogs.test_check import MANY, SOUND


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield
    # A command sets up the logs of its process, whose output is closed by now.
    structlog.reset_defaults()


def runs(*words: str) -> Result:
    return CliRunner().invoke(app, ["dialogs", *words])


def written(tmp_path: Path, text: str = SOUND) -> str:
    file = tmp_path / "shop.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_fit_every_messenger(file: Path) -> None:
    result = runs("check", str(file))
    assert result.exit_code == 0, result.output
    assert "Looked at for telegram, vk, whatsapp." in result.output


def test_a_finding_fails_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path)
    result = runs("check", file)
    assert result.exit_code == 1
    assert f"{file}:43: steps.stock.call: CALLS does not allow this address" in result.output
    monkeypatch.setenv("CALLS", "https://crm.example/hooks/")
    assert runs("check", file).exit_code == 0


def test_a_missing_file_fails_the_check() -> None:
    result = runs("check", "nowhere.yaml")
    assert result.exit_code == 1
    assert "nowhere.yaml:1: cannot be read" in result.output


def test_a_step_is_shown_on_every_messenger(tmp_path: Path) -> None:
    text = SOUND.replace("      msk:", MANY + "\n      msk:")
    result = runs("preview", "city", "--file", written(tmp_path, text), "--language", "ru")
    assert result.exit_code == 0
    for words in ("telegram · ru", "vk · ru", "whatsapp · ru", "[ Казань ]", "2. Город 0"):
        assert words in result.output
    assert "14 buttons become numbered lines, since it takes 10" in " ".join(result.output.split())


def test_a_file_beside_it_is_shown_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "menu.png").write_bytes(b"the menu")
    said = 'say: { ru: "Здравствуйте, {{ name }}!", en: "Hello, {{ name }}!" }\n'
    shown = SOUND.replace(said, f"{said}    media: [{{ image: menu.png }}]\n")
    result = runs("preview", "hello", "--file", written(tmp_path, shown))
    assert result.exit_code == 0
    assert result.output.count("▒ image: menu.png") == 6


def test_an_unknown_step_is_told(tmp_path: Path) -> None:
    result = runs("preview", "town", "--file", written(tmp_path))
    assert result.exit_code == 1
    assert "There is no step town; there are hello, data" in result.output


def test_a_graph_is_drawn_in_two_formats_and_always_alike(tmp_path: Path) -> None:
    drawings = []
    for folder in ("one", "two"):
        result = runs("graph", written(tmp_path), "--to", str(tmp_path / folder))
        assert result.exit_code == 0, result.output
        drawings.append((tmp_path / folder / "shop.svg").read_text(encoding="utf-8"))
        picture = (tmp_path / folder / "shop.png").read_bytes()
        assert picture.startswith(b"\x89PNG")
    assert drawings[0] == drawings[1]
    for words in ("hello · say", "Здравствуйте, {name}!", "city = Казань"):
        assert words in drawings[0]


def test_what_is_no_scenario_is_not_drawn(tmp_path: Path) -> None:
    result = runs("graph", written(tmp_path, "name: x"), "--to", str(tmp_path))
    assert result.exit_code == 1
    assert "`steps` is missing" in result.output
    assert not list(tmp_path.glob("*.svg"))
