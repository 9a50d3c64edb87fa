"""Stories told with a phone: what the engine answers, and what it lets be known."""

import pytest

from dialogs import engine
from dialogs.facts import (
    Answer,
    CodeWanted,
    ConsentGiven,
    ConsentRefused,
    HandoverWanted,
    PhoneConfirmed,
)
from dialogs.scenario import parse
from dialogs.wishes import Wish
from tests.dialogs.phone import CODE, PLAIN, TELEGRAM, VK, WHATSAPP, Phone
from vestnik.address import SMS
from vestnik.channel import Limits
from vestnik.consent import MESSENGERS

NUMBER = "+79161234567"


def at_the_city(limits: Limits = TELEGRAM, number: str | None = None) -> Phone:
    phone = Phone(limits, number=number)
    return phone.starts().presses("Даю согласие").presses("Да, присылайте")


def at_the_phone(limits: Limits = TELEGRAM) -> Phone:
    return at_the_city(limits).presses("Казань").presses("Готово")


def joined(limits: Limits = TELEGRAM) -> Phone:
    return at_the_phone(limits).presses("Пропустить")


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


@pytest.mark.parametrize("text", ["оператор", "Позвать человека!", "human"])
def test_a_human_can_be_called_at_any_time(text: str) -> None:
    for phone in (Phone(), Phone().starts(), at_the_city(), at_the_phone(), joined()):
        before = phone.session
        phone.says(text)
        assert phone.last.facts == (HandoverWanted(),)
        assert (phone.session and phone.session.step) == (before and before.step)


def test_advertising_is_switched_on_by_its_question_and_the_dialog_goes_on() -> None:
    phone = Phone().starts().presses("Даю согласие").presses("Нет, спасибо")
    phone.is_asked_again_for("advertising").sees("рекламу", "SMS", "[Да, присылайте]")
    assert "advertising" not in phone.granted
    phone.presses("Да, присылайте").sees("записали", "/settings", "В каком городе")
    assert phone.granted["advertising"] == "1"


def test_advertising_is_switched_on_after_the_dialog() -> None:
    phone = joined().waits(days=30)
    phone.granted.pop("advertising")
    phone.is_asked_again_for("advertising").presses("Нет, спасибо").sees(
        "ничего присылать не будем"
    )
    phone.is_asked_again_for("advertising").presses("Да, присылайте").sees("Спасибо, записали")
    assert phone.session is not None
    assert phone.session.finished


def test_somebody_without_a_session_can_switch_advertising_on() -> None:
    phone = Phone().is_asked_again_for("advertising").presses("Да, присылайте").sees("записали")
    assert phone.granted == {"advertising": "1"}


def test_the_question_beside_the_dialog_gives_way_to_an_answer() -> None:
    phone = (
        at_the_city().is_asked_again_for("advertising").presses("Казань").sees("Что вам интересно")
    )
    phone.waits(minutes=1).presses("Да, присылайте").sees("уже не действует")


def test_a_question_can_be_put_once_more_in_another_language() -> None:
    phone = at_the_city()
    phone.language = "en"
    assert phone.session is not None
    turn = engine.repeat(phone.scenario, phone.session, phone.now, phone.context)
    assert turn.says[0].body.text.startswith("Which city")
    late = engine.repeat(phone.scenario, phone.session, phone.now.replace(year=2027), phone.context)
    assert late.says == ()


SMALL = """
name: small
languages: [en]
steps:
  {steps}
  name:
    ask: {{ en: What is your name }}
    free: true
  bye:
    end: {{ en: Goodbye! }}
"""


def test_an_answer_in_ones_own_words() -> None:
    phone = Phone(scenario=parse(SMALL.format(steps=""))).starts().says("  ").sees("your name")
    phone.says("x" * 501).sees("your name").says(" <b>_*[ ").sees("Goodbye")
    assert phone.answers == {"name": ("<b>_*[",)}


def test_a_scenario_that_lost_the_step_begins_again() -> None:
    phone = Phone(
        scenario=parse(SMALL.format(steps="hi: { ask: { en: Hi }, free: true }"))
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


def test_the_question_beside_the_dialog_grows_old() -> None:
    phone = joined()
    phone.granted.pop("advertising")
    phone.is_asked_again_for("advertising").waits(hours=24).presses("Да, присылайте")
    phone.sees("уже не действует")
    assert "advertising" not in phone.granted


def test_a_consent_that_is_just_being_asked_for_is_asked_for_once() -> None:
    phone = Phone().starts().presses("Даю согласие").is_asked_again_for("advertising")
    phone.presses("Нет, спасибо").sees("В каком городе").sees_nothing_of("рекламу")


def test_the_join_button_of_the_settings_begins_the_dialog() -> None:
    Phone().starts().presses("Не даю").presses_payload(Wish.START).sees("[Даю согласие]")
