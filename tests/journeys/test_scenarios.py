"""The shipped clinic and bookshop, played on every messenger, with time passing."""

from datetime import timedelta
from typing import Any

import pytest

from emulators.handset import Handset
from tests.journeys.town import Town

PEOPLE = {"telegram": "p000", "vk": "p001", "whatsapp": "p002"}
MESSENGER = pytest.mark.parametrize("messenger", PEOPLE)


async def plays(town: Town, monkeypatch: pytest.MonkeyPatch, scenario: str) -> None:
    monkeypatch.setenv("SCENARIO", scenario)
    await town.close()
    await town.open()


@pytest.fixture
async def clinic(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    await plays(town, monkeypatch, "clinic")
    return town


@pytest.fixture
async def bookshop(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    await plays(town, monkeypatch, "nps")
    return town


async def happens(town: Town, key: str, person: int, event: str, **values: str) -> int:
    """The shop's own program tells of something."""
    url, told = f"{town.address}/api/v1/events", {"person": person, "event": event}
    headers = {"Authorization": "Bearer key-of-the-api", "Idempotency-Key": key}
    async with town.session.post(url, json={**told, "values": values}, headers=headers) as answer:
        body: dict[str, Any] = await answer.json()
        assert answer.status == 202, body
        number: int = body["id"]
        return number


async def at(town: Town, **ahead: float) -> str:
    """A time from now, as a program writes it."""
    async with town.ledger() as work:
        return (work.now + timedelta(**ahead)).isoformat()


async def answers(town: Town, messenger: str) -> dict[str, list[str]]:
    person_id = await town.person_id(PEOPLE[messenger], messenger)
    async with town.ledger() as work:
        return await work.people.answers(person_id)


async def registers(town: Town, messenger: str) -> Handset:
    """Somebody becomes a patient of the clinic."""
    phone = town.phone(PEOPLE[messenger], messenger)
    await phone.starts()
    await phone.sees("клиника «Липа»")
    await phone.presses("Даю согласие")
    await phone.sees("Кого записываем")
    await phone.presses("Меня")
    await phone.sees("дату рождения")
    await phone.says("31.12.2090")
    await phone.sees("Не позже")
    await phone.says("7.3.1990")
    await phone.sees("На какую почту")
    await phone.says("Anna@Example.com")
    if messenger != "whatsapp":  # there the number itself is the proof
        await phone.sees("номер телефона")
        await phone.presses("Пропустить")
    await phone.sees("Дата рождения пациента: 7 марта 1990")
    return phone


@MESSENGER
async def test_a_patient_registers_is_reminded_and_comes(clinic: Town, messenger: str) -> None:
    phone = await registers(clinic, messenger)
    assert await answers(clinic, messenger) == {
        "patient": ["Меня"],
        "born": ["1990-03-07"],
        "email": ["anna@example.com"],
    }
    person = await clinic.person_id(PEOPLE[messenger], messenger)
    told = {"doctor": "терапевт Орлова", "at": await at(clinic, hours=30)}
    first = await happens(clinic, "a-1", person, "appointment", **told)
    assert first == await happens(clinic, "a-1", person, "appointment", **told)
    await phone.sees("Вы записаны: терапевт Орлова")
    await clinic.hours_pass(7)
    await phone.sees("Напоминаем: терапевт Орлова")
    await clinic.hours_pass(2.1)
    await phone.sees("Подтвердите, пожалуйста")
    await phone.presses("Да, приду")
    await phone.sees("Спасибо, ждём вас")
    await clinic.hours_pass(19.5)
    await phone.sees("До встречи сегодня")
    bubbles = [it["text"] for it in (await phone.screen())["bubbles"] if not it["mine"]]
    assert len([text for text in bubbles if "Вы записаны" in text]) == 1
    assert len([text for text in bubbles if "До встречи" in text]) == 1


async def test_outside_the_window_a_template_asks_the_same(clinic: Town) -> None:
    phone = await registers(clinic, "whatsapp")
    person = await clinic.person_id("p002", "whatsapp")
    told = {"doctor": "хирург", "at": await at(clinic, hours=70)}
    await clinic.hours_pass(25)
    await happens(clinic, "a-5", person, "appointment", **told)
    await phone.sees("Вы записаны: хирург")
    await clinic.hours_pass(22)
    await phone.sees("Напоминаем о приёме: хирург")
    await phone.presses("Да, приду")
    await phone.sees("Спасибо, ждём вас")


async def test_outside_the_window_the_template_is_of_the_patients_language(clinic: Town) -> None:
    phone = await registers(clinic, "whatsapp")
    await phone.says("/settings")
    await phone.presses("English")
    await phone.sees("Now we speak: English")
    person = await clinic.person_id("p002", "whatsapp")
    told = {"doctor": "Dr Orlova", "at": await at(clinic, hours=50)}
    await clinic.hours_pass(25)
    await happens(clinic, "a-9", person, "appointment", **told)
    await phone.sees("You have an appointment: Dr Orlova")
    await clinic.hours_pass(2)
    await phone.sees("A reminder of your appointment: Dr Orlova")
    await phone.presses("Another time")
    await phone.sees("When would it suit you?")


@MESSENGER
async def test_another_time_is_a_matter_for_the_reception(clinic: Town, messenger: str) -> None:
    phone = await registers(clinic, messenger)
    person = await clinic.person_id(PEOPLE[messenger], messenger)
    told = {"doctor": "хирург", "at": await at(clinic, hours=25)}
    await happens(clinic, "a-2", person, "appointment", **told)
    await phone.sees("Напомним за сутки")
    await clinic.hours_pass(1.1)
    await phone.sees("Напоминаем: хирург")
    await phone.presses("Перенести")
    await phone.sees("Подберём другое время")
    await phone.sees("Позвал")
    await clinic.operator().sees("Перенести приём: хирург")
    await phone.presses("Отменить")
    await clinic.operator().sees("▸ Отменить")
    await phone.says("Можно в среду?")
    await clinic.operator().sees("Можно в среду?")


async def test_an_appointment_of_the_same_day_is_not_asked_about_at_once(clinic: Town) -> None:
    phone = await registers(clinic, "telegram")
    person = await clinic.person_id("p000", "telegram")
    told = {"doctor": "хирург", "at": await at(clinic, hours=20)}
    await happens(clinic, "a-6", person, "appointment", **told)
    await phone.sees("За два часа напомним")
    await clinic.hours_pass(18.1)
    await phone.sees("До встречи сегодня")
    told = {"doctor": "терапевт", "at": await at(clinic, hours=1)}
    await happens(clinic, "a-7", person, "appointment", **told)
    shown = await phone.sees("Возьмите с собой паспорт")
    assert "терапевт" in shown["text"]
    bubbles = [it["text"] for it in (await phone.screen())["bubbles"]]
    assert not [text for text in bubbles if "Напоминаем" in text]
    async with clinic.ledger() as work:
        assert await work.continuations.of(person) == []


async def test_who_confirms_after_the_time_is_promised_no_reminder(clinic: Town) -> None:
    phone = await registers(clinic, "telegram")
    person = await clinic.person_id("p000", "telegram")
    told = {"doctor": "хирург", "at": await at(clinic, hours=24.5)}
    await happens(clinic, "a-8", person, "appointment", **told)
    await clinic.hours_pass(0.6)
    await phone.sees("Напоминаем: хирург")
    await clinic.hours_pass(23)
    await phone.presses("Да, приду")
    await phone.sees("Спасибо, отметили")


@MESSENGER
async def test_a_flyer_opens_its_own_step(clinic: Town, messenger: str) -> None:
    phone = clinic.phone(PEOPLE[messenger], messenger)
    # A link of WhatsApp holds the words that are ready to send.
    await phone.starts("/start flyer-7" if messenger == "whatsapp" else "flyer-7")
    await phone.sees("со скидкой по коду")
    await phone.sees("клиника «Липа»")


async def test_who_is_busy_answering_hears_of_the_appointment_later(clinic: Town) -> None:
    phone = clinic.phone("p000", "telegram")
    await phone.starts()
    await phone.presses("Даю согласие")
    await phone.sees("Кого записываем")
    person = await clinic.person_id("p000", "telegram")
    told = {"doctor": "хирург", "at": await at(clinic, hours=48)}
    await happens(clinic, "a-3", person, "appointment", **told)
    await phone.presses("Меня")
    await phone.sees("дату рождения")
    for words in ("7.3.1990", "anna@example.com", "Пропустить"):
        await phone.says(words)
    await phone.sees("вы зарегистрированы")
    await clinic.hours_pass(0.3)
    await phone.sees("Вы записаны: хирург")


async def test_stop_ends_what_would_come_by_itself(clinic: Town) -> None:
    phone = await registers(clinic, "telegram")
    person = await clinic.person_id("p000", "telegram")
    told = {"doctor": "хирург", "at": await at(clinic, hours=30)}
    await happens(clinic, "a-4", person, "appointment", **told)
    await phone.sees("Вы записаны")
    await phone.says("СТОП")
    await phone.sees("не подписаны на нашу рекламу")
    async with clinic.ledger() as work:
        assert await work.continuations.of(person) == []


async def test_an_unanswered_question_comes_back_once(clinic: Town) -> None:
    phone = clinic.phone("p001", "vk")
    await phone.starts()
    await phone.presses("Даю согласие")
    await phone.sees("Кого записываем")
    await clinic.hours_pass(2.1)
    await phone.sees("остановились на полпути")
    await phone.sees("Кого записываем")
    await clinic.hours_pass(5)
    await phone.presses("Ребёнка")
    await phone.sees("дату рождения")
    bubbles = [it["text"] for it in (await phone.screen())["bubbles"]]
    assert len([text for text in bubbles if "на полпути" in text]) == 1


@MESSENGER
async def test_an_order_is_rated_two_hours_later(bookshop: Town, messenger: str) -> None:
    phone = bookshop.phone(PEOPLE[messenger], messenger)
    await phone.starts()
    await phone.sees("магазин «Полка»")
    await bookshop.quiet()
    person = await bookshop.person_id(PEOPLE[messenger], messenger)
    await happens(bookshop, "o-1", person, "order_done", order="1017")
    await phone.sees("Заказ № 1017 у вас")
    await bookshop.hours_pass(2.1)
    await phone.sees("Насколько вероятно")
    await phone.says("одиннадцать")
    await phone.sees("числом от 0 до 10")
    await phone.says("10")
    await phone.sees("10 из 10 — спасибо!")
    assert await answers(bookshop, messenger) == {"score": ["10"]}


async def test_where_nobody_asks_for_advertising_the_settings_do_not_offer_it(
    bookshop: Town,
) -> None:
    phone = bookshop.phone("p000", "telegram")
    await phone.says("/settings")
    shown = await phone.sees("Реклама: выключена")
    labels = [key["label"] for row in shown["keys"] for key in row]
    assert "Как часто" in labels
    assert "Включить рекламу" not in labels


@MESSENGER
async def test_a_bad_rating_brings_a_person(bookshop: Town, messenger: str) -> None:
    phone = bookshop.phone(PEOPLE[messenger], messenger)
    await phone.says("отзыв")
    await phone.sees("Насколько вероятно")
    await phone.says("3")
    await phone.sees("Что нам исправить")
    await phone.says("Мятая обложка")
    await phone.sees("Передаю ваши слова")
    await bookshop.operator().sees("Оценка 3 из 10: «Мятая обложка»")
    given = await answers(bookshop, messenger)
    assert given == {"score": ["3"], "what_went_wrong": ["Мятая обложка"]}


async def test_a_dialog_ends_by_the_version_it_began_with(
    bookshop: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = bookshop.phone("p000", "telegram")
    await phone.says("отзыв")
    await phone.sees("Насколько вероятно")
    # While the question stands, the house is given another scenario altogether.
    await plays(bookshop, monkeypatch, "clinic")
    await phone.says("8")
    await phone.sees("8 из 10 — спасибо!")
    await phone.says("запись")
    await phone.sees("клиника «Липа»")
