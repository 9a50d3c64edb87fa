"""Stories of old buttons, long silences, new starts and changed scenarios."""

from dialogs.facts import (
    Answer,
)
from dialogs.scenario import parse
from dialogs.wishes import Wish
from tests.dialogs.phone import SMALL, Phone, at_the_city, joined


def test_an_old_button_changes_the_answer_and_the_question_stays() -> None:
    phone = at_the_city().presses("Казань").waits(seconds=5).presses("Самара")
    phone.sees("Записали. Город: Самара", "Что вам интересно")
    assert phone.answers["city"] == ("Самара",)


def test_an_old_tick_changes_the_answer() -> None:
    phone = joined().presses("Чай").sees("Записали. Интересы: Чай").sees_nothing_of("[")
    phone.waits(days=3).presses("Кофе").sees("Записали. Интересы: Кофе, Чай")
    assert phone.answers["interests"] == ("Кофе", "Чай")


def test_an_old_consent_button_grants_nothing() -> None:
    phone = Phone().starts().presses("Даю согласие").presses("Нет, спасибо").waits(minutes=1)
    phone.presses("Да, присылайте").sees("уже не действует", "/settings", "В каком городе")
    assert set(phone.granted) == {"personal_data"}


def test_an_old_answer_is_not_kept_without_the_consent() -> None:
    phone = at_the_city()
    phone.granted = {}
    phone.starts().presses("Казань").sees("прежнего разговора", "[Даю согласие]")
    assert phone.answers == {}


def test_a_double_press_is_one_press() -> None:
    phone = at_the_city().presses("Казань").waits(seconds=1).presses("Казань")
    assert phone.last.says == ()
    assert phone.facts.count(Answer("city", ("Казань",))) == 1
    phone.waits(seconds=4).presses("Казань").sees("Записали", "Что вам интересно")


def test_two_quick_ticks_are_two() -> None:
    assert at_the_city().presses("Казань").presses("Чай").presses("Чай").answers["interests"] == ()


def test_only_ticks_redraw_the_question() -> None:
    phone = at_the_city().presses("Казань")
    assert not phone.last.redraws
    assert phone.presses("Чай").last.redraws
    assert not phone.says("чай").last.redraws
    assert not phone.presses("Готово").last.redraws


def test_a_button_that_nobody_knows_is_answered() -> None:
    phone = (
        at_the_city().presses_payload("no such thing").sees("прежнего разговора", "В каком городе")
    )
    phone.presses_payload("city:atlantis").sees("прежнего разговора", "В каком городе")


def test_after_a_day_the_dialog_begins_again_politely() -> None:
    phone = at_the_city().waits(hours=23, minutes=59).says("?").sees("Выберите")
    phone.waits(hours=24).says("Казань").sees("давно не общались", "клуб друзей", "В каком городе")
    assert phone.answers == {}


def test_an_answer_pressed_after_a_day_still_counts() -> None:
    phone = (
        at_the_city().waits(hours=25).presses("Казань").sees("давно не общались", "В каком городе")
    )
    assert phone.answers == {"city": ("Казань",)}


def test_a_consent_pressed_after_a_day_is_asked_again() -> None:
    phone = Phone().starts().waits(hours=25).presses("Даю согласие")
    phone.sees("давно не общались", "[Даю согласие]")
    assert phone.facts == []


def test_who_joined_long_ago_is_not_asked_again() -> None:
    phone = joined().waits(days=30).says("спасибо!").sees("Я бот", "/help", "оператор")
    phone.sees_nothing_of("[Даю согласие]")


def test_a_new_start_asks_only_for_what_is_not_agreed_to() -> None:
    phone = joined().starts().sees("клуб друзей", "В каком городе").sees_nothing_of("Даю согласие")
    del phone.granted["advertising"]
    phone.says("/start").sees("рекламу", "[Да, присылайте]").sees_nothing_of("Даю согласие")


def test_new_words_of_a_consent_are_asked_anew() -> None:
    phone = joined()
    phone.granted["advertising"] = "0"
    phone.starts().sees("рекламу", "[Да, присылайте]")


def test_a_keyword_begins_only_when_no_answer_is_awaited() -> None:
    phone = at_the_city().presses("Казань").says("кофе").sees("[☑ Кофе]")
    phone.presses("Готово").presses("Пропустить").says("Кофе").sees("клуб друзей")


def test_a_scenario_that_lost_the_step_begins_again() -> None:
    phone = Phone(
        scenario=parse(SMALL.format(steps="hi: { ask: { en: Hi }, answer: text }"))
    ).starts()
    phone.scenario = parse(SMALL.format(steps=""))
    phone.says("Anna").sees("your name")
    assert phone.answers == {}


def test_a_changed_scenario_goes_on_at_the_same_step() -> None:
    phone = Phone(scenario=parse(SMALL.format(steps=""))).starts()
    phone.scenario = parse(SMALL.format(steps="hi: { say: { en: Hi! } }"))
    assert phone.says("Anna").sees("Goodbye").answers == {"name": ("Anna",)}


def test_words_that_changed_since_they_were_shown_are_not_agreed_to() -> None:
    phone = Phone().starts()
    phone.scenario = phone.scenario.model_copy(update={"version": "newer"})
    phone.presses("Даю согласие").sees("ясный ответ", "[Даю согласие]")
    assert phone.granted == {}
    assert "personal_data" in phone.presses("Даю согласие").granted


def test_ticks_outlive_a_new_start() -> None:
    phone = joined().presses("Чай").starts().presses("Казань").sees("[☐ Кофе]", "[☑ Чай]")
    phone.presses("Кофе")
    assert phone.answers["interests"] == ("Кофе", "Чай")


def test_ticks_go_with_the_consent_to_personal_data() -> None:
    phone = joined().presses("Чай")
    phone.granted = {}
    phone.starts().presses("Не даю").starts().presses("Даю согласие").presses("Нет, спасибо")
    phone.presses("Казань").sees("[☐ Чай]")


def test_the_join_button_of_the_settings_begins_the_dialog() -> None:
    Phone().starts().presses("Не даю").presses_payload(Wish.START).sees("[Даю согласие]")
