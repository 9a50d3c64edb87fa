"""Customers subscribe, answer, change their minds and leave, on every messenger."""

import pytest

from app.demo.cast import Player
from app.demo.walking import walk
from tests.journeys.town import Town
from vestnik.address import SMS
from vestnik.consent import MESSENGERS, fingerprint

PEOPLE = {"telegram": "p000", "vk": "p001", "whatsapp": "p002"}
MESSENGER = pytest.mark.parametrize("messenger", PEOPLE)


def player(town: Town, messenger: str, who: str = "") -> Player:
    human = town.human(who or PEOPLE[messenger])
    return Player(human, messenger, "Казань", ("Кофе", "Десерты"))  # type: ignore[arg-type]


async def subscribed(town: Town, messenger: str, who: str = "") -> int:
    somebody = player(town, messenger, who)
    await walk(town.session, town.base, somebody)
    await town.quiet()
    return await town.person_id(somebody.human.id, messenger)


@MESSENGER
async def test_the_whole_dialog_by_buttons(town: Town, messenger: str) -> None:
    person_id = await subscribed(town, messenger)
    async with town.ledger() as work:
        answers = await work.people.answers(person_id)
        standings = await work.consents.standings(person_id)
        addresses = await work.people.addresses(person_id)
        entries = await work.consents.entries(person_id)
    assert answers == {"city": ["Казань"], "interests": ["Десерты", "Кофе"]}
    assert standings["personal_data"].granted
    assert standings["advertising"].channels == {MESSENGERS, SMS}
    assert town.human(PEOPLE[messenger]).phone in {it.address.handle for it in addresses}
    assert [entry.purpose for entry in entries] == ["personal_data", "advertising"]
    assert all(entry.evidence is not None for entry in entries)


@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_questions_take_each_others_place_and_consents_stay(
    town: Town, messenger: str
) -> None:
    await subscribed(town, messenger)
    bubbles = (await town.phone(PEOPLE[messenger], messenger).screen())["bubbles"]
    said = [bubble["text"] for bubble in bubbles if not bubble["mine"]]
    assert len([text for text in said if "согласие на обработку" in text]) == 1
    assert len([text for text in said if "рекламу" in text]) == 1
    assert not [text for text in said if "В каком городе" in text]


async def test_what_is_written_by_a_press_is_answered_below_it(town: Town) -> None:
    phone = town.phone("p001", "vk")
    await phone.does("client", inline_keyboard=False, callback=False)
    await phone.starts()
    for label in ("Даю согласие", "Да, присылайте", "Казань"):
        await phone.presses(label)
    await phone.sees("Что вам интересно")
    bubbles = (await phone.screen())["bubbles"]
    assert not [bubble for bubble in bubbles if bubble["edited"]]


async def test_the_ledger_keeps_the_words_that_were_shown(town: Town) -> None:
    phone = town.phone("p000", "telegram")
    person_id = await subscribed(town, "telegram")
    shown = await phone.sees("рекламу", anew=False)
    words, _, _ = shown["text"].partition("\n\n✓")
    async with town.ledger() as work:
        [_, advertising] = await work.consents.entries(person_id)
    assert advertising.text_hash == fingerprint(words)


async def test_a_refusal_of_personal_data_leaves_nothing_behind(town: Town) -> None:
    vera = town.phone("p000", "telegram")
    await vera.starts()
    await vera.sees("согласие на обработку")
    await vera.presses("Не даю")
    await vera.sees("Понимаем и уважаем")
    await town.quiet()
    person_id = await town.person_id("p000", "telegram")
    async with town.ledger() as work:
        assert await work.people.answers(person_id) == {}
        assert await work.consents.standings(person_id) == {}


@pytest.mark.parametrize(
    ("messenger", "word"),
    [("telegram", "/stop"), ("vk", "СТОП"), ("whatsapp", "stop!"), ("telegram", "CTOП")],
)
async def test_stop_withdraws_everywhere_at_once(town: Town, messenger: str, word: str) -> None:
    person_id = await subscribed(town, messenger)
    phone = town.phone(PEOPLE[messenger], messenger)
    await phone.says(word)
    await phone.sees("больше не будет")
    async with town.ledger() as work:
        assert not (await work.consents.standing(person_id, "advertising")).granted
        assert (await work.consents.standing(person_id, "personal_data")).granted


async def test_a_stop_is_undone_by_the_words_that_were_agreed_to(town: Town) -> None:
    person_id = await subscribed(town, "telegram")
    anna = town.phone("p000", "telegram")
    await anna.says("СТОП")
    await anna.sees("больше не будет")
    await anna.presses("Вернуть")
    await anna.sees("снова действует")
    async with town.ledger() as work:
        entries = await work.consents.entries(person_id)
    given, withdrawn, again = [it for it in entries if it.purpose == "advertising"]
    assert (withdrawn.action, again.action) == ("withdraw", "grant")
    assert (again.text_hash, again.channels) == (given.text_hash, given.channels)
    assert again.evidence not in (None, given.evidence, withdrawn.evidence)


async def test_a_stop_of_days_ago_is_undone_by_the_whole_question(town: Town) -> None:
    person_id = await subscribed(town, "telegram")
    anna = town.phone("p000", "telegram")
    await anna.says("СТОП")
    await anna.sees("больше не будет")
    await town.hours_pass(25)
    await anna.presses("Вернуть")
    await anna.sees("рекламу")
    async with town.ledger() as work:
        assert not (await work.consents.standing(person_id, "advertising")).granted
    await anna.presses("Да, присылайте")
    await town.quiet()
    async with town.ledger() as work:
        assert (await work.consents.standing(person_id, "advertising")).granted


async def test_an_ordinary_message_never_subscribes_again(town: Town) -> None:
    person_id = await subscribed(town, "vk")
    boris = town.phone("p001", "vk")
    await boris.says("стоп")
    await boris.sees("больше не будет")
    await boris.says("Привет! Есть ли латте?")
    await town.quiet()
    async with town.ledger() as work:
        assert not (await work.consents.standing(person_id, "advertising")).granted


async def test_whatsapps_own_stop_withdraws_too(town: Town) -> None:
    person_id = await subscribed(town, "whatsapp")
    await town.phone("p002", "whatsapp").does("stop_marketing")
    await town.quiet()
    async with town.ledger() as work:
        assert not (await work.consents.standing(person_id, "advertising")).granted


async def test_blocking_closes_that_address_only(town: Town) -> None:
    person_id = await subscribed(town, "telegram")
    await town.phone("p000", "telegram").does("block")
    await town.quiet()
    async with town.ledger() as work:
        addresses = {str(it.address.channel): it for it in await work.people.addresses(person_id)}
        standing = await work.consents.standing(person_id, "advertising")
    assert not addresses["telegram"].reachable
    assert addresses[SMS].reachable
    assert standing.granted


@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_a_block_may_be_made_to_end_all_advertising(
    town: Town, messenger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLOCK_MEANS", "all")
    await town.close()
    await town.open()
    person_id = await subscribed(town, messenger)
    await town.phone(PEOPLE[messenger], messenger).does("block")
    await town.quiet()
    async with town.ledger() as work:
        reachable = {
            it.address.channel: it.reachable for it in await work.people.addresses(person_id)
        }
        standings = await work.consents.standings(person_id)
    assert reachable == {messenger: False, SMS: True}
    assert not standings["advertising"].granted
    assert standings["personal_data"].granted


async def test_one_number_on_two_messengers_is_one_person(town: Town) -> None:
    first = await subscribed(town, "telegram", "p000")
    second = await subscribed(town, "vk", "p000")
    assert first == second
    async with town.ledger() as work:
        channels = {it.address.channel for it in await work.people.addresses(first)}
    assert channels == {"telegram", "vk", SMS}


async def test_somebody_elses_card_proves_nothing(town: Town) -> None:
    phone = town.phone("p000", "telegram")
    somebody = player(town, "telegram")
    await phone.starts()
    for label in ("Даю согласие", "Да, присылайте", somebody.city, "Кофе", "Готово"):
        await phone.presses(label)
    await phone.sees("номер телефона")
    await phone.does("contact", of="p003")
    await phone.sees("чужой")
    person_id = await town.person_id("p000", "telegram")
    async with town.ledger() as work:
        assert {it.address.channel for it in await work.people.addresses(person_id)} == {"telegram"}


async def test_a_dialog_survives_a_restart(town: Town) -> None:
    phone = town.phone("p001", "vk")
    await phone.starts()
    await phone.presses("Даю согласие")
    await phone.sees("рекламу")
    await town.close()
    await phone.presses("Да, присылайте")  # nobody listens: VK will bring it again
    await town.open()
    await town.hours_pass(0.02)
    await phone.sees("городе")


async def test_the_session_ends_with_a_day_of_silence(town: Town) -> None:
    phone = town.phone("p000", "telegram")
    await phone.starts()
    await phone.presses("Даю согласие")
    await phone.sees("рекламу")
    await town.hours_pass(25)
    await phone.says("я вернулся")
    await phone.sees("начнём сначала")


async def test_my_data_and_forgetting(town: Town) -> None:
    person_id = await subscribed(town, "telegram")
    anna = town.phone("p000", "telegram")
    await anna.says("/mydata")
    shown = await anna.sees("Что мы о вас")
    assert "Казань" in shown["text"]
    await anna.says("/forget")
    await anna.presses("Да, удалить")
    await anna.sees("удалены")
    await town.quiet()
    async with town.ledger() as work:
        assert await work.people.answers(person_id) == {}
        assert not (await work.consents.standing(person_id, "advertising")).granted
