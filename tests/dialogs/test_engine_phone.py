"""Stories of the phone step: how a number is asked for and proven on each channel."""

import pytest

from dialogs.facts import (
    CodeWanted,
    PhoneConfirmed,
)
from tests.dialogs.phone import (
    CODE,
    NUMBER,
    TELEGRAM,
    VK,
    WHATSAPP,
    Phone,
    at_the_city,
    at_the_phone,
)


def test_whatsapp_knows_the_number_and_does_not_ask() -> None:
    phone = at_the_city(WHATSAPP, number=NUMBER).presses("Казань").presses("Готово")
    phone.sees("вы в клубе").sees_nothing_of("номер телефона.")
    assert phone.facts[-1] == PhoneConfirmed(NUMBER, "provider")


def test_whatsapp_without_a_number_asks_for_the_contact() -> None:
    at_the_phone(WHATSAPP).sees("(Поделиться номером)").shares(NUMBER).sees("вы в клубе")


def test_somebody_elses_contact_proves_nothing() -> None:
    phone = at_the_phone().shares("+79991234567", own=False).sees("Это чужой номер", "[Пропустить]")
    assert phone.confirmed is None


def test_vk_types_the_number_and_proves_it_by_a_code() -> None:
    phone = at_the_phone(VK).sees("Напишите номер сюда", "[Пропустить]")
    phone.says("8 916 123-45-67").sees("код на +7 916 123-45-67", "[Прислать ещё раз]")
    assert CodeWanted(NUMBER) in phone.facts
    assert phone.confirmed is None
    phone.says("000000").sees("Код не подошёл", "Мы отправили код")
    phone.says(f"{CODE[:3]} {CODE[3:]}").sees("вы в клубе")
    assert phone.facts[-1] == PhoneConfirmed(NUMBER, "code")
    assert phone.session is not None
    assert (phone.session.phone, phone.session.code) == (None, None)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("привет", "не похоже на номер"),
        ("8 495 123-45-67", "городской номер"),
        ("8 800 555 35 35", "бесплатная линия"),
        ("8 809 123 45 67", "SMS не придёт"),
    ],
)
def test_a_number_that_takes_no_sms_is_refused_in_words(typed: str, answer: str) -> None:
    phone = at_the_phone(VK).says(typed).sees(answer, "[Пропустить]")
    assert not any(isinstance(fact, CodeWanted) for fact in phone.facts)


def test_three_wrong_codes_void_the_right_one() -> None:
    phone = at_the_phone(VK).says(NUMBER)
    phone.says("000000").says("000001").says("000002").sees("Проверьте, пожалуйста, номер")
    phone.says(CODE).sees("не похоже на номер")
    assert phone.confirmed is None


def test_a_code_grows_old() -> None:
    phone = at_the_phone(VK).says(NUMBER).waits(minutes=10).says(CODE)
    phone.sees("код уже не действует", "[Прислать ещё раз]")
    phone.presses("Прислать ещё раз").says(CODE).sees("вы в клубе")


def test_codes_are_not_sent_without_end() -> None:
    phone = at_the_phone(VK).says(NUMBER).says("+79991234567").presses("Прислать ещё раз")
    phone.presses("Другой номер").sees("Напишите номер сюда")
    phone.says("+79997654321").sees("кодов достаточно", "вы в клубе")
    phone.starts().presses("Готово").presses("Казань").presses("Готово").says(NUMBER)
    assert sum(isinstance(fact, CodeWanted) for fact in phone.facts) == 3


def test_a_typed_number_also_counts_beside_the_contact_button() -> None:
    phone = (
        at_the_phone(TELEGRAM).says(NUMBER).sees("Мы отправили код").says(CODE).sees("вы в клубе")
    )
    assert phone.confirmed == NUMBER


def test_where_no_number_can_be_proven_none_is_asked_for() -> None:
    phone = at_the_city(VK)
    phone.sends_codes = False
    phone.presses("Казань").presses("Готово").sees("вы в клубе")


def test_where_no_code_can_be_sent_a_typed_number_is_not_taken() -> None:
    phone = at_the_phone(TELEGRAM)
    phone.sends_codes = False
    phone.says(NUMBER).sees("нажмите, пожалуйста, кнопку".capitalize(), "[Пропустить]")


def test_a_contact_shared_at_another_time_is_kept() -> None:
    phone = at_the_city().shares(NUMBER).sees("номер записали", "В каком городе")
    phone.presses("Казань").presses("Готово").sees("вы в клубе")
    assert phone.confirmed == NUMBER


def test_a_contact_shared_before_the_consent_is_not_kept() -> None:
    phone = Phone().starts().shares(NUMBER).sees("Здесь нужен ясный ответ")
    assert phone.confirmed is None
