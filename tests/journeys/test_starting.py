"""What somebody reads who starts it with something missing."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from app.discovery import switched_on
from app.settings import BadSettings, load
from app.wiring import House, build


async def started(folder: Path, *command: str, **settings: str) -> tuple[int, str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        *command,
        cwd=folder,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await process.communicate()
    return process.returncode or 0, told.decode().strip()


WRONG = [
    ({"PORT": "many"}, "PORT"),
    ({"DATABASE_URL": "mysql://root@localhost/db"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://root:pa55word@127.0.0.1:1/none"}, "does not answer"),
    ({"DATABASE_URL": "sqlite:////no/such/folder/v.sqlite3"}, "/no/such/folder"),
    ({"DEFAULT_REGION": "Russia"}, "DEFAULT_REGION"),
    ({"DEFAULT_TIMEZONE": "Moscow"}, "DEFAULT_TIMEZONE"),
    ({"STAFF": "marina=owner"}, "STAFF"),
    ({"SMS_GATEWAY": "pigeon"}, "SMS_GATEWAY"),
    ({"SCENARIO": "missing"}, "SCENARIO"),
    ({"BROADCAST_ROUTE": "telegram for ever"}, "BROADCAST_ROUTE"),
    ({"DEFAULT_LANGUAGE": "tlh"}, "DEFAULT_LANGUAGE"),
    ({"BLOCK_MEANS": "everything"}, "BLOCK_MEANS"),
    ({"TELEGRAM_TOKEN": "no token"}, "TELEGRAM_TOKEN"),
]


PLAYED = 4
"""So many are played with a process each."""


@pytest.mark.parametrize(("settings", "names"), WRONG[:PLAYED])
async def test_a_wrong_setting_is_one_sentence_and_exit_code_2(
    tmp_path: Path, settings: dict[str, str], names: str
) -> None:
    code, told = await started(tmp_path, "run", **settings)
    assert code == 2
    assert names in told
    assert "Traceback" not in told
    assert "pa55word" not in told


@pytest.mark.parametrize(("settings", "names"), WRONG[PLAYED:])
def test_a_wrong_setting_is_found_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], names: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=names):
        _built()


def _built() -> House:
    settings = load(None)
    return build(settings, switched_on(settings, None))


async def test_separate_roles_need_a_broker(tmp_path: Path) -> None:
    code, told = await started(tmp_path, "worker", DATABASE_URL=f"sqlite:///{tmp_path}/v.sqlite3")
    assert code == 2
    assert "BROKER_URL" in told


async def test_a_broker_of_no_kind_we_know_is_one_sentence(tmp_path: Path) -> None:
    settings = {"BROKER_URL": "kafka://user:pa55word@127.0.0.1:1", "SECRET_KEY": "k" * 32}
    code, told = await started(tmp_path, "worker", **settings)
    assert code == 2
    assert "BROKER_URL" in told
    assert "Traceback" not in told
    assert "pa55word" not in told


async def test_the_story_that_plays_itself_knows_one_scenario(tmp_path: Path) -> None:
    code, told = await started(tmp_path, "demo", "--once", SCENARIO="clinic")
    assert code == 2
    assert "SCENARIO is clinic" in told
    assert "Traceback" not in told
