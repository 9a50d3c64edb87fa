"""The floors hold, and each contract is seen to break when somebody climbs over it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "app",
    "bots",
    "broadcast",
    "delivery",
    "dialogs",
    "emulators",
    "fallback",
    "storage",
    "vestnik",
)

# A module, what it must not import, and the contract that says so.
TRESPASSES = [
    ("delivery/pace.py", "import dialogs.engine", "floors"),
    ("emulators/clock.py", "import vestnik.window", "honest-emulators"),
    ("delivery/pace.py", "import emulators.clock", "rehearsals-only"),
    ("dialogs/optout.py", "import bots.telegram", "channels-by-mapping"),
    ("delivery/pace.py", "import sqlalchemy", "sql-in-storage"),
    ("delivery/pace.py", "import taskiq", "engine-in-app"),
    ("app/runner.py", "import aiogram", "messengers-in-bots"),
    ("vestnik/window.py", "import pydantic", "words-are-pure"),
]


def lint(folder: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    if contract:
        command += ["--contract", contract]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house in which one may do wrong."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        ignore = shutil.ignore_patterns("__pycache__", "*.js", "*.css")
        shutil.copytree(ROOT / package, folder / package, ignore=ignore)
    return folder


def test_the_house_stands(house: Path) -> None:
    linted = lint(house)
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize(("module", "trespass", "contract"), TRESPASSES)
def test_a_trespass_is_seen(house: Path, module: str, trespass: str, contract: str) -> None:
    path = house / module
    clean = path.read_text()
    path.write_text(f"{clean}\n\n{trespass}\n")
    try:
        linted = lint(house, contract)
    finally:
        path.write_text(clean)
    assert linted.returncode == 1, linted.stdout
    assert "BROKEN" in linted.stdout


def test_every_contract_has_its_trespass() -> None:
    told = (ROOT / "pyproject.toml").read_text()
    contracts = [line.split('"')[1] for line in told.splitlines() if line.startswith("id = ")]
    assert sorted(contracts) == sorted({contract for _, _, contract in TRESPASSES})
