"""A scenario is published while the house runs: for new dialogs, in every process, and back."""

import asyncio
from pathlib import Path

import pytest

from app import roles
from app.publishing import publish, show_versions
from app.settings import load
from app.wiring import build
from storage.tables import audit_log
from tests.app.api_caller import Caller
from tests.app.api_people import at, hears
from tests.app.conftest import Furnish
from vestnik.inbound import Author, TextReceived
from vestnik.outbound import File

PATIENCE_SECONDS = 30.0
FIRST = """
name: shop
languages: [ru]
steps:
  name:
    ask: { ru: "Как вас зовут?" }
    answer: text
  bye:
    end: { ru: "Спасибо, первый!" }
"""
SECOND = FIRST.replace("Как вас зовут?", "Ваше имя?").replace("первый", "второй")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the scenario that a fresh house plays, with the next one beside it."""
    for name, text in (("shop", FIRST), ("next", SECOND), ("broken", SECOND + "  x: {}\n")):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCENARIOS", str(tmp_path))
    monkeypatch.setenv("SCENARIO", "shop")
    return tmp_path


@pytest.fixture
async def shop(files: Path, database_url: str, furnish: Furnish) -> Caller:
    """A house that has started on both databases; it looks for what is published when told to."""
    del files
    caller = await furnish(database_url)
    await looks(caller)
    async with caller.house.database.begin() as work:
        await caller.house.shelf.keep(work)
    return caller


async def looks(shop: Caller) -> None:
    async with shop.house.database.read() as work:
        await shop.house.shelf.look(work)


async def says(shop: Caller, who: str, text: str, event: str) -> str:
    """Somebody writes; gives what the bot answers."""
    async with shop.house.database.read() as work:
        now = work.now
    await hears(
        shop, TextReceived(event_id=event, address=at(who), author=Author(who), at=now, text=text)
    )
    async with shop.house.database.read() as work:
        known = await work.people.address(at(who))
        assert known is not None
    messages = await shop.get(f"/people/{known.person_id}/messages")
    return str(next(it["text"] for it in messages.items if it["direction"] == "out"))


async def test_new_dialogs_begin_with_it_and_others_end_as_they_began(shop: Caller) -> None:
    assert await says(shop, "1", "/start", "1") == "Как вас зовут?"
    assert await publish("next.yaml", "cli:marta") == 0
    await looks(shop)
    assert await says(shop, "2", "/start", "2") == "Ваше имя?"
    assert await says(shop, "1", "Анна", "3") == "Спасибо, первый!"
    assert await says(shop, "2", "Борис", "4") == "Спасибо, второй!"
    assert await says(shop, "1", "/start", "5") == "Ваше имя?"


async def test_an_older_version_comes_back_by_its_hash(
    shop: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    first = shop.house.scenario.version
    assert await publish("next.yaml", "cli:marta") == 0
    assert await publish(first, "cli:oleg") == 0
    await looks(shop)
    assert await says(shop, "1", "/start", "1") == "Как вас зовут?"
    capsys.readouterr()
    assert await show_versions(as_json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert [line.split()[1] for line in lines if line.startswith("*")] == [first]
    async with shop.house.database.read() as work:
        rows = list(await work.connection.execute(audit_log.select().order_by(audit_log.c.id)))
    assert [(row.actor, row.action) for row in rows] == [
        ("cli:marta", "scenario.publish"),
        ("cli:oleg", "scenario.publish"),
    ]
    assert rows[1].before == rows[0].after
    assert rows[1].after == {"version": first}


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("broken.yaml", "broken.yaml:10: steps.x"),
        ("missing.yaml", "neither a file missing.yaml nor such a version"),
        ("0123456789abcdef", "nor such a version"),
    ],
)
async def test_what_is_wrong_is_refused_and_changes_nothing(
    shop: Caller, capsys: pytest.CaptureFixture[str], what: str, told: str
) -> None:
    assert await publish(what, "cli:marta") == 1
    assert told in capsys.readouterr().err
    await looks(shop)
    assert await says(shop, "1", "/start", "1") == "Как вас зовут?"
    async with shop.house.database.read() as work:
        assert len(await work.scenarios.versions()) == 1
        assert await work.audit.count() == 0


async def test_what_is_published_stays_after_a_restart(shop: Caller, database_url: str) -> None:
    del database_url
    assert await publish("next.yaml", "cli:marta") == 0
    again = build(load(None), list(shop.house.channels.values()))
    async with roles.opened(again):
        assert again.scenario.source == SECOND


async def test_a_running_process_takes_it_up_by_itself(shop: Caller) -> None:
    running = build(load(None), list(shop.house.channels.values()))
    async with roles.opened(running), asyncio.timeout(PATIENCE_SECONDS):
        assert running.scenario.source == FIRST
        assert await publish("next.yaml", "cli:marta") == 0
        while running.scenario.source != SECOND:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.05)


async def test_one_that_cannot_be_read_any_more_changes_nothing(shop: Caller) -> None:
    async with shop.house.database.begin() as work:
        await work.scenarios.keep("newer", "shop", "name: [")
        await work.scenarios.publish("newer")
    await looks(shop)
    assert await says(shop, "1", "/start", "1") == "Как вас зовут?"


async def test_the_files_beside_it_are_kept_with_it(
    shop: Caller, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = '    end: { ru: "Спасибо, второй!" }\n'
    shown = SECOND.replace(said, f"{said}    media: [{{ image: menu.png }}]\n")
    (files / "next.yaml").write_text(shown, encoding="utf-8")
    assert await publish("next.yaml", "cli:marta") == 1
    assert "next.yaml:10: steps.bye.media.0.image:" in capsys.readouterr().err
    (files / "menu.png").write_bytes(b"the menu")
    assert await publish("next.yaml", "cli:marta") == 0
    (files / "menu.png").unlink()
    await looks(shop)
    published = shop.house.scenario
    [key] = published.files.values()
    assert published.contents == {}
    async with shop.house.database.read() as work:
        kept = (await work.files.get([key]))[key]
    assert kept.content == File("menu.png", "image/png", b"the menu")
    # Back by its hash, and forth again, without the file.
    assert await publish("shop.yaml", "cli:marta") == 0
    assert await publish(published.version, "cli:marta") == 0
    await looks(shop)
    assert shop.house.scenario.version == published.version
