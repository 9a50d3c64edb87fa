"""A broadcast is made in the admin chat: text, people, template, preview."""

from datetime import timedelta

import sqlalchemy as sa

from storage.tables import drafts
from tests.broadcast.office import Office
from tests.broadcast.post import ADMIN_CHAT, LIMITS, TELEGRAM, VK, WHATSAPP
from tests.broadcast.town import TEXT, previewed, town
from vestnik.address import Lane
from vestnik.fit import fit
from vestnik.outbound import Button, Media, Text
from vestnik.preferences import Preferences
from vestnik.richtext import Span


async def test_from_the_command_to_the_preview(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")

    (await marina.says("/broadcast")).sees(
        "Пришлите текст", "С картинкой или видео", "ответом на это сообщение"
    )
    (await marina.says(TEXT)).sees("Завтра дегустация", "Кто получит?", "6 человек", "Telegram 2")
    looks = marina.last[0]
    assert looks.body.spans == (Span(7, 17, "bold"),), "it is shown as it will look"

    (await marina.presses("Город")).sees(
        "6 человек", "☐ Москва · 3", "☐ Казань · 2", "☐ Самара · 1"
    )
    (await marina.presses("Москва")).sees("• Город: Москва", "3 человека", "☑ Москва · 3")
    (await marina.presses("Казань")).sees("• Город: Москва или Казань", "5 человек", "☑ Казань")
    (await marina.presses("Самара")).sees("6 человек")
    (await marina.presses("Самара")).sees("5 человек", "☐ Самара · 1")
    (await marina.presses("Готово")).sees("Кто получит?", "5 человек", "[✅ Эти люди]")

    (await marina.presses("Интересы")).sees("☐ Кофе · 4", "☐ Чай · 1")
    (await marina.presses("Чай")).sees("• Город: Москва или Казань", "• Интересы: Чай", "1 человек")
    await marina.presses("Готово")
    (await marina.presses("Город")).sees("☑ Москва · 1")
    (await marina.presses("Готово")).sees("1 человек")

    (await marina.presses("Эти люди")).sees("WhatsApp", "шаблон news", "1 человек")
    (await marina.presses("Без шаблона")).sees(
        "Завтра дегустация",
        "Предпросмотр рассылки № 1",
        "• Город: Москва или Казань",
        "• Интересы: Чай",
        "Аудитория: 1 человек",
        "→ VK: 1",
        "Маршрут",
        "1. мессенджер",
        "2. SMS",
        "SMS: 1 часть на человека, всего 0",
        "[🚀 Отправить: 1 человек]",
        "[✏️ Другой текст]",
        "[👥 Другие получатели]",
        "[✖️ Отменить черновик]",
    )
    assert await office.states() == {1: "draft"}


async def test_what_it_is_about_is_chosen_at_the_preview(office: Office) -> None:
    await town(office)
    async with office.database.begin() as work:
        await work.choices.choose(1, Preferences(topics_off=frozenset(("menu",))))
    marina = await previewed(office)
    marina.sees("[🏷 Новое в меню]").sees_no("Тема:")
    (await marina.presses("Новое в меню")).sees(
        "🏷 Тема: Новое в меню", "• тема отключена: 1", "[● Новое в меню]"
    )
    (await marina.presses("Акции и скидки")).sees("🏷 Тема: Акции и скидки").sees_no("отключена")
    (await marina.presses("● Акции и скидки")).sees_no("Тема:")


async def test_the_dry_run_says_who_gets_it_and_who_does_not(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    marina.sees(
        "6 человек",
        "→ SMS: 2",  # the closed window and the block
        "→ Telegram: 1",
        "→ VK: 1",
        "→ WhatsApp: 1",
        "не получат: 1",
        "• нет согласия",
        "всего 2",
    ).sees_no("шаблоном")


async def test_with_a_template_the_window_does_not_matter(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    await marina.says("/broadcast Две\nстроки и [ссылка](https://utro.example)")
    await marina.presses("Все")
    (await marina.presses("С шаблоном")).sees("→ WhatsApp: 2", "из них шаблоном: 1", "всего 1–2")
    async with office.database.read() as work:
        broadcast = await work.broadcasts.get(1)
    assert broadcast is not None
    template = broadcast.templates[WHATSAPP]
    assert template.name == "news"
    assert template.values == ("Две строки и ссылка (https://utro.example)",)


async def test_without_a_template_in_the_settings_nobody_asks_for_one(office: Office) -> None:
    office.template = ""
    office.__post_init__()
    await office.customer("Вера", WHATSAPP)
    marina = office.colleague("2", "Марина")
    await marina.says("/broadcast Привет")
    (await marina.presses("Все")).sees("Предпросмотр").sees_no("шаблон")


async def test_a_text_too_long_for_a_channel_cannot_be_sent(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    (await marina.says("/broadcast " + "я" * 1100)).sees("⛔ SMS", "17", "10", "Кто получит?")
    await marina.presses("Все")
    (await marina.presses("С шаблоном")).sees(
        "⛔ SMS: текст слишком длинный, 17 при наибольших 10",
        "⛔ WhatsApp: текст слишком длинный, 1100 при наибольших 1024",
        "[✏️ Другой текст]",
    ).sees_no("Отправить")
    await marina.presses("Другой текст")
    (await marina.says("Короче")).sees("Короче", "Предпросмотр", "[🚀 Отправить").sees_no("⛔")
    assert await office.states() == {1: "cancelled", 2: "draft"}


async def test_nobody_to_send_to(office: Office) -> None:
    marina = await previewed(office)
    marina.sees("Аудитория: 0 человек").sees_no("Отправить")
    await marina.presses("Другие получатели")
    (await marina.presses("Город")).sees("ещё никто не ответил", "[Готово]")


async def test_a_changed_text_makes_a_new_preview(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    old = await marina.payload_of("Отправить")
    (await marina.presses("Другой текст")).sees("Пришлите текст")
    (await marina.says("Послезавтра")).sees("Послезавтра", "Предпросмотр рассылки № 2", "6 человек")
    assert await marina.payload_of("Отправить") != old
    assert await office.states() == {1: "cancelled", 2: "draft"}
    (await marina.presses_payload(old)).sees("предпросмотр устарел", "Предпросмотр рассылки № 3")
    assert await office.states() == {1: "cancelled", 2: "cancelled", 3: "draft"}


async def test_other_people_make_a_new_preview_too(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    (await marina.presses("Другие получатели")).sees("Кто получит?", "6 человек")
    await marina.presses("Город")
    await marina.presses("Самара")
    await marina.presses("Готово")
    await marina.presses("Эти люди")
    (await marina.presses("Без шаблона")).sees("№ 2", "• Город: Самара", "Аудитория: 1 человек")
    assert await office.states() == {1: "cancelled", 2: "draft"}


async def test_a_new_command_begins_anew(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    old = await marina.payload_of("Другой текст")
    (await marina.says("/broadcast")).sees("Пришлите текст")
    assert await office.states() == {1: "cancelled"}
    (await marina.presses_payload(old)).sees("не от вашего черновика")


async def test_a_draft_is_given_up(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    (await marina.presses("Отменить черновик")).sees("ничего не отправлено")
    assert await office.states() == {1: "cancelled"}
    (await marina.presses("Другой текст")).sees("не от вашего черновика")
    await marina.says("/broadcast Ещё раз")
    (await marina.says("/cancel")).sees("ничего не отправлено")


async def test_colleagues_have_drafts_of_their_own(office: Office) -> None:
    await town(office)
    marina, olga = office.colleague("2", "Марина"), office.colleague("1", "Ольга")
    await marina.says("/broadcast")
    (await olga.says("Я тут просто разговариваю")).sees_no("Кто получит?")
    await olga.says("/broadcast")
    (await olga.says("Текст Ольги")).sees("Текст Ольги")
    (await marina.says("Текст Марины")).sees("Текст Марины")
    (await olga.presses("Город")).sees("не от вашего черновика")


async def test_talk_among_colleagues_is_left_alone(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    await marina.says("/broadcast Привет")
    await marina.says("Коллеги, как вам?")
    assert marina.last == []


async def test_answers_may_be_typed_where_there_is_no_room_for_buttons(office: Office) -> None:
    for number in range(12):
        await office.customer(f"№ {number}", VK, city=f"Город {number:02}")
    masha = office.colleague("7", "Маша", None)
    masha.channel = VK
    await masha.says("/broadcast Привет")
    await masha.presses("Город")
    shown = fit(masha.last[-1], LIMITS[masha.place.lane])
    assert isinstance(shown, Text)
    assert "2. ☐ Город 01 · 1" in shown.body.text
    (await masha.says("2")).sees("• Город: Город 01", "1 человек", "☑ Город 01")
    (await masha.says("готово")).sees("Кто получит?")
    (await masha.says("что-то ещё")).sees("Нажмите, пожалуйста, кнопку")
    (await masha.presses("Эти люди")).sees("шаблон")
    (await masha.presses("Без шаблона")).sees("Предпросмотр")
    (await masha.says("1")).sees("Нажмите, пожалуйста, кнопку")


async def test_ticks_are_redrawn_in_place(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    await marina.says("/broadcast Привет")
    await marina.presses("Город")
    await marina.presses("Москва")
    [edit] = office.edits
    assert edit.address == marina.place
    assert await marina.looks() is marina
    assert marina.last == [], "nothing new was posted"


async def test_a_draft_left_lying_is_forgotten(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина", None)
    await marina.says("/broadcast")
    await office.database.shift_clock(timedelta(hours=13).total_seconds())
    assert not (await marina.says("Привет")).heard, "the normal dialog goes on"
    assert marina.last == []


async def test_a_draft_of_another_version_is_forgotten(office: Office) -> None:
    marina = office.colleague("2", "Марина", None)
    await marina.says("/broadcast")
    async with office.database.begin() as work:
        await work.connection.execute(sa.update(drafts).values(body={"is": "Draft", "old": 1}))
    assert not (await marina.says("Привет")).heard


async def test_a_long_text_is_shown_in_parts(office: Office) -> None:
    await office.customer("Анна", TELEGRAM)
    marina = office.colleague("2", "Марина")
    await marina.says("/broadcast " + "слово " * 1000)
    shown = [text.body.text for text in marina.last]
    assert len(shown) == 3
    assert max(map(len, shown)) <= 4096
    marina.sees("⛔ Telegram: текст слишком длинный, 5999 при наибольших 4096")


async def test_a_picture_with_its_caption_is_a_broadcast(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    await marina.says("/broadcast")
    (await marina.sends("document", "Прайс")).sees("картинки и видео")
    (await marina.sends("image", "")).sees("с текстом в подписи")
    (await marina.sends("image", "Новое **меню**")).sees("Новое меню", "Кто получит")
    (await marina.presses("Все")).sees("Картинка с шаблоном не уйдёт")
    await marina.presses("Без шаблона")
    await marina.presses("Отправить")
    await office.works()
    taken = office.post[Lane(TELEGRAM, "main")].taken
    [anna] = [it for it in taken if it.address != ADMIN_CHAT]
    assert isinstance(anna.outbound, Text)
    assert anna.outbound.media == (Media("image", id="photo-1"),)


async def test_a_button_that_opens_the_scenario_is_ticked_in_the_preview(office: Office) -> None:
    await town(office)
    marina = await previewed(office)
    marina.sees("☐ Кнопка: Обновить анкету")
    assert marina.last[0].buttons == ()
    (await marina.presses("Кнопка: Обновить")).sees(
        "дегустация", "[Обновить анкету]", "Предпросмотр", "[☑ Кнопка: Обновить анкету]"
    )
    (await marina.presses("Кнопка: Обновить")).sees("[☐ Кнопка: Обновить анкету]")
    assert marina.last[0].buttons == ()
    await marina.presses("Кнопка: Обновить")
    await marina.presses("Отправить")
    async with office.database.read() as work:
        [sent] = await work.broadcasts.started(1)
    assert sent.content.buttons == (Button("Обновить анкету", "go:profile"),)


async def test_where_a_template_carries_the_text_there_is_no_button(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    await marina.says(f"/broadcast {TEXT}")
    await marina.presses("Все")
    (await marina.presses("С шаблоном")).sees_no("кнопки нет")
    (await marina.presses("Кнопка: Обновить")).sees("В шаблоне кнопки нет.")
