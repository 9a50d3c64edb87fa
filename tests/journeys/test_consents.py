"""A question of consent after it was answered: its words stay, its buttons go where they can."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.emulators.stagehand import plan_fault
from tests.journeys.test_subscribing import PEOPLE
from tests.journeys.town import Town
from vestnik.consent import fingerprint

DATA, ADVERTISING = "согласие на обработку", "рекламу"
EDITING = pytest.mark.parametrize("messenger", ["telegram", "vk"])


async def bubble(town: Town, messenger: str, words: str) -> Mapping[str, Any]:
    """The one message with these words."""
    screen = await town.phone(PEOPLE[messenger], messenger).screen()
    [found] = [it for it in screen["bubbles"] if not it["mine"] and words in it["text"]]
    return dict(found)


@EDITING
async def test_what_was_chosen_takes_the_place_of_the_buttons(town: Town, messenger: str) -> None:
    phone = town.phone(PEOPLE[messenger], messenger)
    await phone.starts()
    await phone.presses("Даю согласие")
    await phone.sees("✓ Согласие дано, ")
    await phone.presses("Нет, спасибо")
    await phone.sees("✗ Согласие не дано")
    await phone.sees_key("Казань")
    data, advertising = [await bubble(town, messenger, it) for it in (DATA, ADVERTISING)]
    assert data["keys"] == advertising["keys"] == []
    async with town.ledger() as work:
        person_id = await town.person_id(PEOPLE[messenger], messenger)
        [entry, *_] = await work.consents.entries(person_id)
        day = town.house.languages.date("ru", work.now.astimezone(work.zone))
    words, line = data["text"].split("\n\n✓ ")
    assert line == f"Согласие дано, {day}"
    assert (entry.purpose, entry.text_hash) == ("personal_data", fingerprint(words))
    asked = town.house.scenario.consent("advertising")
    assert asked is not None
    assert advertising["text"] == f"{asked.text['ru'].text}\n\n✗ Согласие не дано"


@EDITING
async def test_a_consent_asked_for_in_the_settings_too(town: Town, messenger: str) -> None:
    phone = town.phone(PEOPLE[messenger], messenger)
    await phone.starts()
    await phone.presses("Даю согласие")
    await phone.presses("Нет, спасибо")
    await phone.sees("✗ Согласие не дано")
    await phone.says("/settings")
    await phone.presses("Включить рекламу")
    await phone.sees(ADVERTISING)
    await phone.presses("Да, присылайте")
    await phone.sees("✓ Согласие дано")
    screen = await phone.screen()
    asked = [it for it in screen["bubbles"] if ADVERTISING in it["text"] and not it["mine"]]
    chosen = [it["text"].rpartition("\n\n")[2][:1] for it in asked if "присылать" in it["text"]]
    assert chosen == ["✗", "✓"]
    assert [it["keys"] for it in asked] == [[], []]


async def test_whatsapp_edits_nothing_and_old_buttons_still_answer(town: Town) -> None:
    phone = town.phone("p002", "whatsapp")
    await phone.starts()
    await phone.presses("Даю согласие")
    await phone.presses("Нет, спасибо")
    await phone.sees("В каком городе")
    for words in (DATA, ADVERTISING):
        shown = await bubble(town, "whatsapp", words)
        assert shown["keys"]
        assert not shown["edited"]
    await town.hours_pass(0.01)
    await phone.presses("Да, присылайте")
    await phone.sees("уже не действует")
    async with town.ledger() as work:
        person_id = await town.person_id("p002", "whatsapp")
        assert not (await work.consents.standing(person_id, "advertising")).granted


async def test_what_is_written_by_a_key_below_the_field_edits_nothing(town: Town) -> None:
    phone = town.phone("p001", "vk")
    await phone.does("client", inline_keyboard=False, callback=False)
    await phone.starts()
    await phone.presses("Даю согласие")
    await phone.sees(ADVERTISING)
    assert not (await bubble(town, "vk", DATA))["edited"]


@EDITING
async def test_buttons_that_stayed_because_the_edit_was_lost_still_answer(
    town: Town, messenger: str
) -> None:
    method = {"telegram": "editMessageText", "vk": "messages.edit"}[messenger]
    code = {"telegram": 400, "vk": 909}[messenger]
    phone = town.phone(PEOPLE[messenger], messenger)
    await plan_fault(
        town.session, town.base, messenger, kind="error", method=method, code=code, times=100
    )
    await phone.starts()
    await phone.presses("Даю согласие")
    await phone.presses("Нет, спасибо")
    await phone.sees_key("Казань")
    shown = await bubble(town, messenger, ADVERTISING)
    assert shown["keys"]
    assert "✗" not in shown["text"]
    await town.hours_pass(0.01)
    await phone.presses("Да, присылайте")
    await phone.sees("уже не действует")
    async with town.ledger() as work:
        person_id = await town.person_id(PEOPLE[messenger], messenger)
        assert not (await work.consents.standing(person_id, "advertising")).granted
