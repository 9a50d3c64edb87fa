"""People look after themselves in /settings, on every messenger, by pressing and by typing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from dialogs.linking import code_in
from storage.tables import audit_log
from tests.journeys.test_subscribing import MESSENGER, PEOPLE, player, subscribed
from tests.journeys.town import Town
from vestnik.preferences import Cap, Preferences, QuietHours


async def chosen(town: Town, person_id: int) -> Preferences:
    await town.quiet()
    async with town.ledger() as work:
        return await work.choices.of(person_id)


@MESSENGER
async def test_settings_by_pressing_and_typing(town: Town, messenger: str) -> None:
    person_id = await subscribed(town, messenger)
    phone = town.phone(PEOPLE[messenger], messenger)
    await phone.says("/settings")
    await phone.sees("Тихие часы: нет")
    await phone.presses("Тихие часы")
    await phone.sees("на ваших часах")
    await phone.presses("Часовой пояс")
    await phone.sees("нажмите город")
    await phone.says("Омск")
    await phone.sees("Омск, UTC+6")
    await phone.says("23-7")
    await phone.sees("Тихие часы: 23:00–07:00")
    await phone.presses("Темы")
    await phone.sees("о чём вам писать")
    await phone.says("2")
    await phone.sees_key("☐ Новое в меню")
    await phone.says("назад")
    await phone.sees("Темы: Акции и скидки, События в кофейне")
    await phone.presses("Как часто")
    await phone.sees("не чаще")
    await phone.says("2 в неделю")
    await phone.sees("Как часто: 2 раза в неделю")
    assert await chosen(town, person_id) == Preferences(
        zone="Asia/Omsk",
        quiet=QuietHours(23 * 60, 7 * 60),
        cap=Cap(2, 7),
        topics_off=frozenset(("menu",)),
    )
    await phone.says("/mydata")
    shown = await phone.sees("Что мы о вас")
    assert "Тихие часы: 23:00–07:00" in shown["text"]


async def test_a_pause_and_its_end(town: Town) -> None:
    person_id = await subscribed(town, "telegram")
    anna = town.phone("p000", "telegram")
    await anna.says("/settings")
    await anna.presses("Пауза")
    await anna.presses("на 30 дней")
    await anna.sees("Пауза до")
    async with town.ledger() as work:
        until = work.now + timedelta(days=30)
    paused = (await chosen(town, person_id)).paused_until
    assert paused is not None
    assert abs(paused - until) < timedelta(minutes=1)
    await anna.presses("Закончить паузу")
    await anna.sees_key("Пауза")
    assert await chosen(town, person_id) == Preferences()


async def test_one_of_two_messengers_is_written_to_first(town: Town) -> None:
    await subscribed(town, "telegram", "p000")
    person_id = await subscribed(town, "vk", "p000")
    vera = town.phone("p000", "vk")
    await vera.says("/settings")
    await vera.presses("Мои мессенджеры")
    await vera.presses("Telegram")
    await vera.sees("Сначала в: Telegram")
    assert (await chosen(town, person_id)).channel == "telegram"


async def test_a_question_that_waits_is_still_answered_afterwards(town: Town) -> None:
    phone, somebody = town.phone("p001", "vk"), player(town, "vk")
    await phone.starts()
    for label in ("Даю согласие", "Да, присылайте", somebody.city):
        await phone.presses(label)
    await phone.sees("Что вам интересно")
    await phone.says("/settings")
    await phone.sees("Настройки")
    await phone.says("кофе")
    await phone.sees_key("☑ Кофе")
    # The first of the question's list, not "advertising off", the first of the settings.
    await phone.says("1")
    await phone.sees_key("☐ Кофе")
    person_id = await town.person_id("p001", "vk")
    assert await chosen(town, person_id) == Preferences()
    async with town.ledger() as work:
        assert (await work.consents.standing(person_id, "advertising")).granted


async def test_who_has_not_joined_has_nothing_to_set(town: Town) -> None:
    phone = town.phone("p000", "telegram")
    await phone.says("/settings")
    await phone.sees("ещё не с нами")
    await phone.says("my:set:pause:30")
    person_id = await town.person_id("p000", "telegram")
    assert await chosen(town, person_id) == Preferences()


@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_the_screens_take_each_others_place(town: Town, messenger: str) -> None:
    await subscribed(town, messenger)
    phone = town.phone(PEOPLE[messenger], messenger)
    await phone.says("/settings")
    await phone.presses("Как часто")
    await phone.presses("1 раз в неделю")
    await phone.sees("Как часто: 1 раз в неделю")
    bubbles = (await phone.screen())["bubbles"]
    said = [bubble["text"] for bubble in bubbles if not bubble["mine"]]
    assert len([text for text in said if text.startswith("Настройки")]) == 1
    assert not [text for text in said if "не чаще" in text]


async def code_shown(town: Town, who: str) -> str:
    """The code that links another messenger, as Telegram shows it."""
    phone = town.phone(who, "telegram")
    await phone.says("/settings")
    await phone.presses("Мои мессенджеры")
    await phone.presses("Привязать ещё один")
    bubble = await phone.sees("отправьте ему этот код")
    return next(it for it in str(bubble["text"]).split() if code_in(it))


async def test_a_code_links_two_messengers_and_they_are_parted_again(town: Town) -> None:
    owner = await subscribed(town, "telegram", "p000")
    code = await code_shown(town, "p000")
    vk = town.phone("p000", "vk")
    await vk.says(code.lower())
    await vk.sees("Связать этот мессенджер")
    assert await town.person_id("p000", "vk") != owner, "nothing is linked without a yes"
    await vk.presses("Да, это я")
    await vk.sees("Готово")
    assert await town.person_id("p000", "vk") == owner
    await vk.says("/settings")
    await vk.presses("Мои мессенджеры")
    await vk.presses("Отвязать Telegram")
    # The screen reads as it did before the press.
    stranger = await town.until(
        lambda: town.person_id("p000", "telegram"), lambda person: person != owner
    )
    assert await town.person_id("p000", "vk") == owner
    async with town.ledger() as work:
        assert (await work.consents.standing(owner, "advertising")).granted
        assert await work.consents.standings(stranger) == {}
        logged = await work.connection.execute(sa.select(audit_log.c.action))
        assert list(logged.scalars()) == ["person.link", "person.unlink"]
        assert await work.audit.broken_at() is None


async def test_a_code_links_once(town: Town) -> None:
    owner = await subscribed(town, "telegram", "p000")
    code = await code_shown(town, "p000")
    for who in ("p001", "p002"):
        phone = town.phone(who, "vk")
        await phone.says(code)
        await phone.sees("Связать этот мессенджер")
    for who, answer in (("p001", "Готово"), ("p002", "не действует")):
        phone = town.phone(who, "vk")
        await phone.presses("Да, это я")
        await phone.sees(answer)
    assert await town.person_id("p001", "vk") == owner
    assert await town.person_id("p002", "vk") != owner
