"""Stories of what happens beside the dialog: a human called, a consent asked for again."""

import pytest

from dialogs import engine
from dialogs.facts import (
    HandoverWanted,
)
from tests.dialogs.phone import (
    Phone,
    at_the_city,
    at_the_phone,
    joined,
)


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


def test_the_question_beside_the_dialog_grows_old() -> None:
    phone = joined()
    phone.granted.pop("advertising")
    phone.is_asked_again_for("advertising").waits(hours=24).presses("Да, присылайте")
    phone.sees("уже не действует")
    assert "advertising" not in phone.granted


def test_a_consent_that_is_just_being_asked_for_is_asked_for_once() -> None:
    phone = Phone().starts().presses("Даю согласие").is_asked_again_for("advertising")
    phone.presses("Нет, спасибо").sees("В каком городе").sees_nothing_of("рекламу")
