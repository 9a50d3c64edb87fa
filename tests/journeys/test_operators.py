"""A customer of any messenger asks for a person, is answered from the group, and handed back."""

import pytest

from tests.journeys.test_subscribing import MESSENGER, PEOPLE, subscribed
from tests.journeys.town import Town


@MESSENGER
async def test_a_person_answers_and_hands_back(town: Town, messenger: str) -> None:
    who = PEOPLE[messenger]
    await subscribed(town, messenger)
    customer, oleg = town.phone(who, messenger), town.operator()
    await customer.says("позвать оператора")
    await customer.sees("Позвал коллегу")
    call = await oleg.sees("просит человека")
    await oleg.says("Здравствуйте! Чем помочь?", reply_to=call["id"])
    await customer.sees("Чем помочь?")
    await customer.says("Где мой кофе?")
    await oleg.sees("Где мой кофе?")
    await oleg.says("/close")
    await oleg.sees("снова говорит бот")
    await customer.says("/help")
    await customer.sees("понимаю в любой момент")


async def test_the_bot_is_silent_while_a_person_talks(town: Town) -> None:
    await subscribed(town, "telegram")
    customer, oleg = town.phone("p000", "telegram"), town.operator()
    await customer.says("оператор")
    await oleg.sees("просит человека")
    await oleg.says("/take")
    await oleg.sees("бот молчит")
    await customer.says("/settings")
    await oleg.sees("/settings")
    await town.quiet()
    screen = await customer.screen()
    assert "Настройки" not in screen["bubbles"][-1]["text"]


async def test_files_pass_on_and_what_cannot_is_told_by_a_sign(town: Town) -> None:
    await subscribed(town, "telegram")
    customer, oleg = town.phone("p000", "telegram"), town.operator()
    await customer.says("оператор")
    call = await oleg.sees("просит человека")
    await customer.does("photo", caption="вот чашка")
    bubble = await oleg.sees("вот чашка")
    assert bubble["image"]
    assert bubble["text"].splitlines()[1:] == ["вот чашка"]
    await customer.does("media", kind="sticker")
    await oleg.sees("🏷")
    await oleg.does("photo", caption="а вот ваша", reply_to=call["id"])
    assert (await customer.sees("а вот ваша"))["image"]


async def test_an_opt_out_is_heard_during_a_take_over(town: Town) -> None:
    person_id = await subscribed(town, "telegram")
    customer, oleg = town.phone("p000", "telegram"), town.operator()
    await customer.says("оператор")
    await oleg.sees("просит человека")
    await oleg.says("/take")
    await oleg.sees("бот молчит")
    await customer.says("СТОП")
    await town.quiet()
    async with town.ledger() as work:
        assert not (await work.consents.standing(person_id, "advertising")).granted


async def test_two_operators_one_owner(town: Town) -> None:
    await subscribed(town, "telegram")
    customer, oleg, marina = (
        town.phone("p000", "telegram"),
        town.operator(),
        town.operator("marina"),
    )
    await customer.says("оператор")
    call = await oleg.sees("просит человека")
    await oleg.says("/take", reply_to=call["id"])
    await oleg.sees("бот молчит")
    await marina.says("Это я, Марина", reply_to=call["id"])
    await marina.sees("другой оператор")
    screen = await customer.screen()
    assert not any("Марина" in bubble["text"] for bubble in screen["bubbles"])


async def test_an_answer_outside_whatsapps_window_is_refused_in_words(town: Town) -> None:
    await subscribed(town, "whatsapp")
    customer, oleg = town.phone("p002", "whatsapp"), town.operator()
    await customer.says("оператор")
    call = await oleg.sees("просит человека")
    await town.hours_pass(25)
    await oleg.says("Вы ещё здесь?", reply_to=call["id"])
    await oleg.sees("окно закрыто")
    screen = await customer.screen()
    assert not any("Вы ещё здесь?" in bubble["text"] for bubble in screen["bubbles"])


@pytest.mark.parametrize("told", ["/take", "/close"])
async def test_a_command_about_nobody_is_asked_back(town: Town, told: str) -> None:
    oleg = town.operator()
    await oleg.says(told)
    await oleg.sees("Чей диалог?")


async def test_whoever_waits_for_a_person_may_still_see_to_their_own_data(town: Town) -> None:
    await subscribed(town, "telegram")
    customer, oleg = town.phone("p000", "telegram"), town.operator()
    await customer.says("оператор")
    await oleg.sees("просит человека")
    await customer.says("/mydata")
    await customer.sees("Что мы о вас храним")
    await customer.says("Вы где?")
    await oleg.sees("Вы где?")


async def test_nobody_came_so_the_bot_answers_again(town: Town) -> None:
    await subscribed(town, "telegram")
    customer, oleg = town.phone("p000", "telegram"), town.operator()
    await customer.says("оператор")
    await oleg.sees("просит человека")
    await town.hours_pass(1.1)
    await customer.says("Ау?")
    await customer.sees("Я бот")
