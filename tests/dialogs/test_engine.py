"""Stories told with a phone: somebody joins, and what the engine lets be known."""

import pytest

from dialogs.facts import (
    ConsentGiven,
    ConsentRefused,
    PhoneConfirmed,
)
from dialogs.markup import parse as markup
from dialogs.scenario import parse
from tests.dialogs.phone import (
    COFFEE,
    NUMBER,
    PLAIN,
    SMALL,
    TELEGRAM,
    WHATSAPP,
    Phone,
    at_the_city,
)
from vestnik.address import SMS
from vestnik.consent import MESSENGERS
from vestnik.outbound import Button


def test_somebody_joins_in_telegram() -> None:
    phone = Phone(TELEGRAM)
    phone.starts().sees("клуб друзей", "персональных данных", "[Даю согласие]", "[Не даю]")
    phone.presses("Даю согласие").sees("рекламу", "мессенджерах", "SMS", "[Да, присылайте]")
    phone.presses("Да, присылайте").sees("В каком городе", "[Москва]", "[Казань]", "[Другой город]")
    phone.presses("Казань").sees("Что вам интересно", "[☐ Кофе]", "[☐ Чай]", "[Готово]")
    phone.presses("Чай").sees("[☐ Кофе]", "[☑ Чай]")
    phone.presses("Кофе").sees("[☑ Кофе]", "[☑ Чай]")
    phone.presses("Готово").sees("номер телефона", "(Поделиться номером)", "[Пропустить]")
    phone.shares("79161234567").sees("Готово, вы в клубе!")
    assert phone.answers == {"city": ("Казань",), "interests": ("Кофе", "Чай")}
    assert phone.facts[-1] == PhoneConfirmed(NUMBER, "contact")
    assert phone.session is not None
    assert phone.session.finished


def test_the_consents_are_two_and_carry_the_exact_words() -> None:
    phone = Phone().starts()
    personal = phone.last.says[-1].body.text
    advertising = phone.presses("Даю согласие").last.says[-1].body.text
    phone.presses("Да, присылайте")
    assert phone.facts == [
        ConsentGiven("personal_data", (), "1", personal),
        ConsentGiven("advertising", (MESSENGERS, SMS), "1", advertising),
    ]


def test_the_words_that_were_shown_count_when_the_language_changes() -> None:
    phone = Phone(language="en").starts()
    shown = phone.last.says[-1].body.text
    phone.language = "ru"
    phone.presses("I agree").sees("И отдельный вопрос")
    assert phone.facts == [ConsentGiven("personal_data", (), "1", shown)]


def test_the_words_above_the_pressed_button_count_when_both_were_shown() -> None:
    phone = Phone(language="en").starts()
    shown = phone.last.says[-1].body.text
    phone.language = "ru"
    phone.says("что?").sees("[Даю согласие]")
    phone.presses("I agree").sees("И отдельный вопрос")
    assert phone.facts == [ConsentGiven("personal_data", (), "1", shown)]


def test_nobody_agrees_to_other_words_than_those_above_the_button() -> None:
    phone = Phone().starts()
    older = phone.last.says[-1].buttons[0]
    assert isinstance(older, Button)
    consent = COFFEE.consent("personal_data")
    assert consent is not None
    other = consent.model_copy(update={"text": {"ru": markup("Даю согласие на всё.")}})
    steps = {**COFFEE.steps, consent.id: other}
    phone.scenario = COFFEE.model_copy(update={"version": "newer", "steps": steps})
    phone.says("что?").sees("Даю согласие на всё.", "[Даю согласие]")
    phone.presses_payload(older.payload).sees("ничего не изменилось", "Даю согласие на всё.")
    assert phone.facts == []
    phone.presses("Даю согласие")
    assert phone.facts == [ConsentGiven("personal_data", (), "1", "Даю согласие на всё.")]


def test_somebody_refuses_personal_data_and_nothing_is_known() -> None:
    phone = Phone().starts().presses("Не даю")
    phone.sees("уважаем ваше решение", "ничего о вас не сохранили", "/start")
    assert phone.facts == [ConsentRefused("personal_data")]
    phone.starts().sees("персональных данных", "[Даю согласие]")


def test_somebody_refuses_advertising_and_goes_on() -> None:
    phone = Phone().starts().presses("Даю согласие").presses("Нет, спасибо")
    phone.sees("В каком городе").presses("Самара").presses("Готово").presses("Пропустить")
    phone.sees("вы в клубе")
    assert ConsentRefused("advertising") in phone.facts
    assert phone.answers["city"] == ("Самара",)


def test_everything_can_be_typed() -> None:
    phone = Phone(PLAIN, language="en", sends_codes=False).says("club").sees("consent")
    phone.says("yes").sees("advertising").says("2").sees("Which city")
    phone.says("kazan!").sees("What do you like")
    phone.says("1, 3").sees("☑ Coffee", "☐ Tea", "☑ Breakfasts")
    phone.says("tea, coffee").sees("☐ Coffee", "☑ Tea")
    phone.says("done").sees("you are in the club")
    assert phone.answers == {"city": ("Казань",), "interests": ("Чай", "Завтраки")}
    assert set(phone.granted) == {"personal_data"}


def test_a_number_of_the_list_is_an_answer() -> None:
    assert at_the_city(WHATSAPP).says("3").answers["city"] == ("Казань",)


def test_a_label_in_the_other_language_is_an_answer() -> None:
    assert at_the_city().says("kazan").answers["city"] == ("Казань",)


@pytest.mark.parametrize("text", ["Казан", "10", "0", "-1", "", "🙂", "1 2", "х" * 5000])
def test_what_is_no_answer_brings_a_hint_and_the_question(text: str) -> None:
    phone = at_the_city().says(text)
    phone.sees("Выберите, пожалуйста, один из ответов", "В каком городе", "[Казань]")
    assert phone.answers == {}


def test_one_unknown_word_in_a_list_ticks_nothing() -> None:
    phone = at_the_city().presses("Казань").says("кофе, пиво").sees("нажмите «Готово»", "☐ Кофе")
    assert "interests" not in phone.answers


def test_a_consent_is_given_by_a_clear_answer_only() -> None:
    phone = Phone().starts().says("ну давайте").sees("Здесь нужен ясный ответ", "[Даю согласие]")
    phone.sends_a_photo().sees("Здесь нужен ясный ответ", "[Даю согласие]")
    assert phone.facts == []


def test_an_album_is_answered_once() -> None:
    phone = Phone().starts().sends_a_photo().sees("Здесь нужен ясный ответ")
    for _ in range(9):
        assert phone.waits(seconds=4).sends_a_photo().last.says == ()
    phone.waits(seconds=6).sends_a_photo().sees("Здесь нужен ясный ответ")


def test_a_photo_after_words_is_answered() -> None:
    phone = Phone().starts().sends_a_photo().says("вот").sees("Здесь нужен ясный ответ")
    phone.sends_a_photo().sees("Здесь нужен ясный ответ")


def test_somebody_without_a_session_can_switch_advertising_on() -> None:
    phone = Phone().is_asked_again_for("advertising").presses("Да, присылайте").sees("записали")
    assert phone.granted == {"advertising": "1"}


def test_an_answer_in_ones_own_words() -> None:
    phone = Phone(scenario=parse(SMALL.format(steps=""))).starts().says("  ").sees("your name")
    phone.says("x" * 501).sees("your name").says(" <b>_*[ ").sees("Goodbye")
    assert phone.answers == {"name": ("<b>_*[",)}
