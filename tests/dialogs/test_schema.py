"""The JSON Schema knows what Vestnik knows, and stands in the documents as it is."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from dialogs.scenario import SHIPPED
from dialogs.schema import schema
from tests.dialogs.test_check import SOUND
from tests.dialogs.test_scenario import WHOLE
from tests.house.test_contracts import ROOT

SCHEMA = Draft202012Validator(schema())


def flaws(text: str) -> list[str]:
    return [error.message for error in SCHEMA.iter_errors(yaml.safe_load(text))]


def test_it_stands_in_the_documents() -> None:
    told = json.loads((ROOT / "docs" / "scenario.schema.json").read_text(encoding="utf-8"))
    assert told == schema(), "run `make docs`"
    Draft202012Validator.check_schema(told)


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_are_right(file: Path) -> None:
    assert flaws(file.read_text(encoding="utf-8")) == []


def test_what_is_sound_is_right() -> None:
    assert flaws(SOUND) == []
    assert flaws(WHOLE) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title:", "titel:"),
        ("    phone:", "    fone:"),
        ("personal_data", "world_domination"),
        ("steps:", "stages:"),
        ("  number:", "  Number!:"),
        ('    version: "1"\n', ""),
        ("en: Hello", 'en: ""'),
    ],
)
def test_what_is_misspelt_is_wrong(old: str, new: str) -> None:
    assert old in WHOLE
    assert flaws(WHOLE.replace(old, new, 1))
