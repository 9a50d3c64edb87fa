"""A window that closes: said once for each window, where it may be said, and shown to staff."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from delivery import hints
from tests.app.api_caller import Caller
from tests.app.api_people import at, hears
from tests.app.conftest import Furnish
from vestnik.inbound import Author, TextReceived

MINUTE, HOUR = 60.0, 3600.0
SCENARIO = """
name: shop
languages: [ru]
entries:
  closing: { window_closing: 30m, next: nudge }
steps:
  welcome:
    say: { ru: Здравствуйте! }
  city:
    ask: { ru: "Где вы?" }
    answer: text
  thanks:
    end: { ru: Спасибо! }
  nudge:
    end: { ru: "Остались вопросы? Напишите сейчас." }
"""


@pytest.fixture
async def shop(
    database_url: str, furnish: Furnish, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Caller:
    """A house whose scenario speaks when a window closes, on both databases."""
    (tmp_path / "shop.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.setenv("SCENARIOS", str(tmp_path))
    monkeypatch.setenv("SCENARIO", "shop")
    monkeypatch.setenv("TELEGRAM_OPERATORS_CHAT", "-1001")
    return await furnish(database_url)


async def writes(
    shop: Caller, text: str, *, event: str, channel: str = "whatsapp", ago: float = 0
) -> int:
    """The person writes, so many seconds before it comes in; gives their id."""
    async with shop.house.database.read() as work:
        moment = work.now - timedelta(seconds=ago)
    address = at("79161234567", channel)
    author = Author(address.handle, name="Аня", language="ru")
    await hears(
        shop, TextReceived(event_id=event, address=address, author=author, at=moment, text=text)
    )
    async with shop.house.database.read() as work:
        known = await work.people.address(address)
        assert known is not None
        return known.person_id


async def passes(shop: Caller, seconds: float) -> None:
    """Time passes, and four workers look at once, until nothing is left."""
    await shop.house.database.shift_clock(seconds)
    chore = shop.house.chores[hints.CONTINUE]
    while any(it is not None for it in await asyncio.gather(*(chore() for _ in range(4)))):
        pass


async def nudges(shop: Caller, person: int) -> int:
    """How often the person was told that the window closes."""
    messages = await shop.get(f"/people/{person}/messages")
    return sum("Остались вопросы" in (it["text"] or "") for it in messages.items)


async def test_it_is_said_once_a_window(shop: Caller) -> None:
    anna = await writes(shop, "/start", event="1")
    await passes(shop, 23 * HOUR)
    assert await nudges(shop, anna) == 0
    await passes(shop, 40 * MINUTE)
    assert await nudges(shop, anna) == 1
    await passes(shop, 10 * MINUTE)
    await passes(shop, 24 * HOUR)
    assert await nudges(shop, anna) == 1


async def test_it_moves_when_the_person_writes_again(shop: Caller) -> None:
    anna = await writes(shop, "/start", event="1")
    await passes(shop, 20 * HOUR)
    await writes(shop, "Казань", event="2")
    await passes(shop, 4 * HOUR)
    assert await nudges(shop, anna) == 0
    await passes(shop, 19.6 * HOUR)
    assert await nudges(shop, anna) == 1


async def test_each_window_has_its_own(shop: Caller) -> None:
    anna = await writes(shop, "/start", event="1")
    await passes(shop, 23.6 * HOUR)
    await writes(shop, "Казань", event="2")
    await passes(shop, 23.6 * HOUR)
    assert await nudges(shop, anna) == 2


async def test_who_said_stop_is_left_alone(shop: Caller) -> None:
    anna = await writes(shop, "/start", event="1")
    await writes(shop, "СТОП", event="2")
    await passes(shop, 23.6 * HOUR)
    assert await nudges(shop, anna) == 0
    await writes(shop, "Казань", event="3")
    await passes(shop, 23.6 * HOUR)
    assert await nudges(shop, anna) == 0


@pytest.mark.parametrize(
    ("back_after", "nudged"),
    [(23.6 * HOUR, 1), (23.99 * HOUR, 0)],
    ids=["in time", "when it is closed"],
)
async def test_who_talks_to_an_operator_is_not_disturbed(
    shop: Caller, back_after: float, nudged: int
) -> None:
    anna = await writes(shop, "/start", event="1")
    database = shop.house.database
    async with database.begin() as work:
        [known] = await work.people.addresses(anna)
        await work.conversations.hold(await work.conversations.of(known.id), "telegram:7")
    await passes(shop, back_after)
    assert await nudges(shop, anna) == 0
    async with database.begin() as work:
        await work.conversations.hand_back(await work.conversations.of(known.id))
    await passes(shop, 11 * MINUTE)
    assert await nudges(shop, anna) == nudged
    async with database.read() as work:
        assert await work.continuations.of(anna) == []


async def test_what_came_in_late_is_not_answered_and_nudged_in_one_breath(shop: Caller) -> None:
    anna = await writes(shop, "/start", event="1", ago=23.6 * HOUR)
    await passes(shop, 0)
    assert await nudges(shop, anna) == 0
    await passes(shop, 11 * MINUTE)
    assert await nudges(shop, anna) == 1


async def test_a_channel_without_windows_has_nothing_to_close(shop: Caller) -> None:
    anna = await writes(shop, "/start", event="1", channel="telegram")
    async with shop.house.database.read() as work:
        assert await work.continuations.of(anna) == []
