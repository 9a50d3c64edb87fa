"""The acceptance log: all of it in a file, as much of it in memory as is wanted."""

from pathlib import Path
from typing import Any

import pytest

from emulators.accepted import AcceptanceLog, Accepted, read


def take(log: AcceptanceLog, number: int, **changed: Any) -> Accepted:
    told: dict[str, Any] = {
        "at": 1_700_000_000.5,
        "platform": "sms",
        "to": f"+7900{number}",
        "kind": "sms",
        "text": f"Акция {number}",
        "reference": str(number),
    }
    return log.append(**{**told, **changed})


def test_the_file_holds_every_entry_as_soon_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "accepted.jsonl"
    log = AcceptanceLog(path)
    entries = [
        take(log, 1, opaque="7", detail={"segments": 2}),
        take(log, 2, text="половина \ud83d пары"),
        take(log, 3, text="две\nстроки"),
    ]
    assert list(read(path)) == entries
    log.close()


def test_a_file_is_written_on(tmp_path: Path) -> None:
    path = tmp_path / "accepted.jsonl"
    for number in (1, 2):
        log = AcceptanceLog(path)
        take(log, number)
        log.close()
    assert [entry.reference for entry in read(path)] == ["1", "2"]


@pytest.mark.parametrize(
    ("remember", "kept"), [(None, ["1", "2", "3", "4"]), (2, ["3", "4"]), (0, [])]
)
def test_memory_holds_as_many_as_it_is_told_to(
    tmp_path: Path, remember: int | None, kept: list[str]
) -> None:
    log = AcceptanceLog(tmp_path / "accepted.jsonl", remember=remember)
    entries = [take(log, number) for number in (1, 2, 3, 4)]
    for entry in entries:
        log.report(entry.key, "delivered")
    assert [entry.reference for entry in log.find()] == kept
    assert [log.fate(entry).status for entry in log.find()] == ["delivered"] * len(kept)
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert (log.count(), log.count("delivered", platform="sms")) == (4, 4)
    assert log.count(platform="vk") == 0
    assert len(list(read(tmp_path / "accepted.jsonl"))) == 4
    log.close()


def test_what_is_forgotten_has_no_fate() -> None:
    log = AcceptanceLog(remember=1)
    first, second = take(log, 1), take(log, 2)
    for entry in (first, second):
        log.report(entry.key, "read")
    assert (log.fate(first).status, log.fate(second).status) == ("accepted", "read")


def test_an_id_that_is_used_again_keeps_its_newest_fate() -> None:
    log = AcceptanceLog(remember=2)
    first = take(log, 1)
    log.report(first.key, "delivered")
    again = take(log, 1, text="Ещё раз")
    log.report(again.key, "failed", "3")
    take(log, 2)
    assert log.fate(again).why == "3"


def test_find_narrows_and_gives_the_newest_in_order() -> None:
    log = AcceptanceLog()
    for number in range(4):
        take(log, number, platform="vk" if number % 2 else "sms", to="1")
    found = [entry.reference for entry in log.find(platform="sms", to="1", containing="Акция")]
    assert found == ["0", "2"]
    assert [entry.reference for entry in log.find(last=3)] == ["1", "2", "3"]
    assert [entry.reference for entry in log.find(last=1, platform="sms")] == ["2"]
    assert list(log.find(containing="другое")) == []
