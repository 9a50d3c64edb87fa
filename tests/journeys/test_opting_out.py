"""A "no" is kept: from a button during a take-over, and when two people turn out to be one."""

import pytest

from broadcast import campaign
from broadcast.campaign import Plan
from tests.journeys.test_subscribing import player, subscribed
from tests.journeys.town import Town
from vestnik.address import SMS, Address, ChannelName, Lane
from vestnik.outbound import Text
from vestnik.richtext import RichText
from vestnik.route import Step
from vestnik.segment import On

VK = Lane(ChannelName("vk"), "main")
HALF_AN_HOUR = 1800.0


async def advertised(town: Town, person_id: int) -> bool:
    await town.quiet()
    async with town.ledger() as work:
        return (await work.consents.standing(person_id, "advertising")).granted


async def test_the_settings_button_is_heard_during_a_take_over(town: Town) -> None:
    person_id = await subscribed(town, "telegram")
    customer, oleg = town.phone("p000", "telegram"), town.operator()
    await customer.says("/settings")
    await customer.sees_key("Отключить рекламу")
    await customer.says("оператор")
    await oleg.sees("просит человека")
    await oleg.says("/take")
    await oleg.sees("бот молчит")
    await customer.presses("Отключить рекламу")
    assert not await advertised(town, person_id)
    await customer.sees("больше не будет")


async def to_the_number(town: Town, answer: str) -> None:
    """Vera walks the dialog in VK up to the question for her number."""
    vera = player(town, "vk", "p000")
    phone = town.phone("p000", "vk")
    await phone.starts()
    for label in ("Даю согласие", answer, vera.city, vera.interests[0], "Готово"):
        await phone.presses(label)
    await phone.sees("номер телефона")


async def proves_the_number(town: Town) -> None:
    """She types it in VK, and the code that comes by SMS."""
    vk, sms = town.phone("p000", "vk"), town.phone("p000", "sms")
    await vk.says(town.human("p000").phone)
    bubble = await sms.sees("код")
    await vk.says("".join(filter(str.isdigit, bubble["text"])))
    await town.quiet()


async def test_a_no_outlives_an_older_yes_of_the_same_person(town: Town) -> None:
    owner = await subscribed(town, "telegram", "p000")
    await to_the_number(town, "Да, присылайте")
    telegram = town.phone("p000", "telegram")
    await telegram.says("СТОП")
    await telegram.sees("больше не будет")
    await proves_the_number(town)
    assert await town.person_id("p000", "vk") == owner
    assert not await advertised(town, owner)


async def test_forgetting_leaves_nothing_of_either(town: Town) -> None:
    await subscribed(town, "telegram", "p000")
    await to_the_number(town, "Да, присылайте")
    newcomer = await town.person_id("p000", "vk")
    await proves_the_number(town)
    async with town.ledger() as work:
        left = await work.people.person(newcomer)
        assert await work.people.answers(newcomer) == {}
    assert left is not None
    assert left.name == ""


async def test_a_yes_after_a_no_counts_for_the_same_person(town: Town) -> None:
    owner = await subscribed(town, "telegram", "p000")
    telegram = town.phone("p000", "telegram")
    await telegram.says("СТОП")
    await telegram.sees("больше не будет")
    await to_the_number(town, "Да, присылайте")
    await proves_the_number(town)
    assert await advertised(town, owner)


async def test_what_was_planned_for_one_of_two_stops_with_the_no_of_both(town: Town) -> None:
    await subscribed(town, "telegram", "p000")
    await to_the_number(town, "Да, присылайте")
    async with town.house.database.begin() as work:
        await work.lanes.pause(VK, HALF_AN_HOUR)
        plan = Plan(
            segment=On(VK.channel),
            content=Text(RichText("Круассаны!")),
            route=(Step(VK.channel),),
            templates={},
        )
        broadcast_id = await campaign.draft(work, plan, "telegram:1")
        assert await campaign.start(work, broadcast_id, "telegram:1") == "started"
    await proves_the_number(town)
    telegram = town.phone("p000", "telegram")
    await telegram.says("СТОП")
    await telegram.sees("больше не будет")
    await town.hours_pass(1)
    await town.finished_broadcast()
    screen = await town.phone("p000", "vk").screen()
    assert not any("Круассаны" in bubble["text"] for bubble in screen["bubbles"])


@pytest.mark.parametrize("says", ["Да, присылайте", "Нет, спасибо"])
async def test_what_was_answered_last_counts_for_both(town: Town, says: str) -> None:
    owner = await subscribed(town, "telegram", "p000")
    await to_the_number(town, says)
    await proves_the_number(town)
    assert await town.person_id("p000", "vk") == owner
    assert await advertised(town, owner) == says.startswith("Да")


async def test_a_number_that_writes_lives_again(town: Town) -> None:
    person_id = await subscribed(town, "telegram")
    number = Address(SMS, "main", town.human("p000").phone)
    async with town.house.database.begin() as work:
        known = await work.people.address(number)
        assert known is not None
        await work.people.close(known.id, "no_account")
    await town.phone("p000", "sms").says("СТОП")
    assert not await advertised(town, person_id)
    async with town.ledger() as work:
        known = await work.people.address(number)
    assert known is not None
    assert known.reachable
