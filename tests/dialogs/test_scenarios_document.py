"""Every example of docs/scenarios.md is one that Vestnik takes."""

import re

import pytest

from dialogs.scenario import Flawed, Scenario, parse
from dialogs.schema import schema
from tests.house.test_contracts import ROOT

DOCUMENT = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
AROUND = """
name: example
languages: [ru, en]
entries:
  leaving: {{ keywords: [пока], next: bye }}
steps:
{steps}
  bye:
    end: {{ ru: Пока, en: Bye }}
"""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split(":")[0].strip())
def test_an_example_is_right(example: str) -> None:
    text = example if example.startswith("name:") else AROUND.format(steps=example)
    try:
        assert isinstance(parse(text), Scenario)
    except Flawed as flawed:
        pytest.fail(str(flawed))


def test_every_key_is_told() -> None:
    told = schema()
    keys = set(told["properties"])
    for part in told["$defs"].values():
        for form in (part, *part.get("anyOf", ())):
            keys |= set(form.get("properties", ()))
    missing = [
        key for key in sorted(keys) if f"`{key}" not in DOCUMENT and f"{key}:" not in DOCUMENT
    ]
    assert missing == []
