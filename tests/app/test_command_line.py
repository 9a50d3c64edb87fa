"""The command line as people type it: options, exit codes, and who did it."""

import os
import pwd
import subprocess
import sys
from collections.abc import Sequence

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.commands.given import operator


def test_who_gives_commands_is_not_what_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody else")
    assert operator() == f"cli:{pwd.getpwuid(os.getuid()).pw_name}"


@pytest.mark.parametrize(
    "typed",
    [
        ["broadcast", "show", "0"],
        ["broadcast", "show", str(2**63)],
        ["broadcast", "list", "--limit", "0"],
        ["unknown", "resolve", "1", "--as", "perhaps"],
        ["unknown", "resolve", "--as", "failed"],
        ["unknown", "resolve", "x", "--as", "failed"],
    ],
)
def test_what_is_typed_wrongly_is_refused(typed: Sequence[str]) -> None:
    result = CliRunner().invoke(app, typed)
    assert result.exit_code == 2
    assert "Usage" in result.output


def test_through_a_process(sqlite_url: str, tmp_path: os.PathLike[str]) -> None:
    environment = {**os.environ, "DATABASE_URL": sqlite_url, "PYTHONPATH": os.getcwd()}

    def vestnik(*typed: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app", *typed]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    assert (done := vestnik("broadcast", "create", "--text", "Скидки")).returncode == 0, done.stderr
    assert vestnik("broadcast", "start", "1").returncode == 0
    assert (refused := vestnik("unknown", "resolve", "5", "--as", "failed")).returncode == 1
    assert "there is no message 5" in refused.stderr
    audit = vestnik("audit")
    assert audit.returncode == 0, audit.stdout
    assert "ok  I14" in audit.stdout
