"""The house's own rules about files: size, opening sentences, names, and what an import does."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.test_contracts import PACKAGES, ROOT

MOST_LINES = 300
EMPTY_NAMES = {"core", "utils", "util", "common", "models", "services", "helpers", "misc"}


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "versions" not in path.parts and "__pycache__" not in path.parts:
                yield path


def test_no_file_is_two_things_in_one() -> None:
    texts = [*modules(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "emulators/page").rglob("*.*")]
    long = [
        str(path.relative_to(ROOT))
        for path in texts
        if "__pycache__" not in path.parts and len(path.read_text().splitlines()) > MOST_LINES
    ]
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_no_name_says_nothing() -> None:
    empty = [str(path.relative_to(ROOT)) for path in modules() if path.stem in EMPTY_NAMES]
    assert not empty


def test_the_words_need_only_the_standard_library() -> None:
    trees = [ast.parse(path.read_text()) for path in (ROOT / "vestnik").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    named = {it.module or "" for it in nodes if isinstance(it, ast.ImportFrom)}
    named |= {alias.name for it in nodes if isinstance(it, ast.Import) for alias in it.names}
    packages = {name.split(".")[0] for name in named}
    assert "vestnik" in packages
    assert packages - {"vestnik"} <= sys.stdlib_module_names


@pytest.mark.parametrize("module", ["bots.telegram", "bots.vk", "bots.whatsapp", "app.cli"])
def test_importing_costs_no_messenger_library(module: str) -> None:
    look = f"import sys, {module}; print(*(name for name in sys.modules if '.' not in name))"
    told = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"aiogram", "vkbottle"} & set(told.stdout.split())
