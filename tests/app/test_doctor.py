"""`vestnik doctor` on a database that nobody has used yet."""

from pathlib import Path

import pytest

from app.inspection import doctor


async def test_a_new_sqlite_file_is_no_illness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")
    assert await doctor() == 0
    assert "tables come with `vestnik run`" in capsys.readouterr().out
