"""What people deploy is well-formed: the compose file, the lock file, the scripts."""

import re
import subprocess
import sys
from pathlib import Path

from tests.house.test_contracts import ROOT


def test_the_compose_file_is_valid() -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"
    command = [str(checker), "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_lock_file_has_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pinned = re.findall(r"^[A-Za-z0-9_.\-\[\]]+==\S+", lock, re.MULTILINE)
    assert len(pinned) > 50
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "://" not in lock


def test_every_dependency_is_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text().lower()
    told = (ROOT / "pyproject.toml").read_text()
    block = told[told.index("dependencies = [") : told.index("[project.scripts]")]
    wanted = re.findall(r'^\s+"([A-Za-z0-9_-]+)', block, re.MULTILINE)
    missing = [name for name in wanted if f"\n{name.lower()}==" not in f"\n{lock}"]
    assert len(wanted) > 30
    assert not missing
