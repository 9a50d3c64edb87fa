"""A press, the number or the label, as shown or in full: all answer, in every kind of question."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import questions
from dialogs.facts import ConsentGiven, ConsentRefused
from dialogs.scenario import parse
from dialogs.session import Context, Session
from dialogs.steps import Ask
from dialogs.wording import folded
from tests.dialogs.phone import PLAIN, TELEGRAM, VK, WHATSAPP, Phone, at_the_city, at_the_phone
from vestnik.channel import Limits
from vestnik.fit import split
from vestnik.outbound import Button

DRINKS = """
name: drinks
languages: [en]
steps:
  drink:
    ask: { en: "What do you drink?" }
    choices:
      latte_s: { en: "Latte with oat milk, small" }
      latte_l: { en: "Latte with oat milk, large" }
      tea: { en: "A pot of green tea for two" }
      thumbs: { en: "👍" }
  bye:
    end: { en: Goodbye! }
"""
NARROW = replace(PLAIN, buttons=10, label=16)


def asked(limits: Limits = NARROW) -> Phone:
    return Phone(limits, scenario=parse(DRINKS), language="en").starts()


@pytest.mark.parametrize(
    "text",
    [
        "3",
        " 3 ",
        "3.",
        "3)",
        "(3)",
        "3:",
        "№ 3",
        "#3",
        "3\ufe0f\u20e3",
        "A pot of green tea for two",
        "a POT of green tea, for two!",
        "A pot of green…",
        "a pot of green ...",
        "3. A pot of green tea for two",
        "3) a pot of gree…",
    ],
)
def test_one_of_several(text: str) -> None:
    phone = asked().says(text).sees("Goodbye")
    assert phone.answers == {"drink": ("A pot of green tea for two",)}


@pytest.mark.parametrize("text", ["latte with oat…", "3. latte", "5", "1.3", "0", "A pot…", "a 3"])
def test_what_may_mean_something_else_is_asked_again(text: str) -> None:
    assert asked().says(text).sees("Please choose", "What do you drink?").answers == {}


@pytest.mark.parametrize("limits", [TELEGRAM, VK, WHATSAPP, PLAIN, NARROW])
def test_whatever_is_shown_can_be_typed_and_pressed(limits: Limits) -> None:
    *_, last = split(asked(limits).last.says[-1], limits)
    labels = [it.label for it in last.buttons] or last.body.text.split("\n")[-4:]
    values = ["Latte with oat milk, small", "Latte with oat milk, large"]
    for place, value in enumerate([*values, "A pot of green tea for two", "👍"]):
        assert asked(limits).says(labels[place]).answers == {"drink": (value,)}
        for button in last.buttons[place : place + 1]:
            assert isinstance(button, Button)
            assert asked(limits).presses_payload(button.payload).answers == {"drink": (value,)}


@pytest.mark.parametrize("text", ["1) 3)", "1. 3.", "1, 3", "1 3", "кофе, завтраки", "1. Кофе, 3"])
def test_several_of_several(text: str) -> None:
    phone = at_the_city(WHATSAPP).says("3").says(text).sees("☑ Кофе", "☐ Чай", "☑ Завтраки")
    assert phone.answers["interests"] == ("Кофе", "Завтраки")


@pytest.mark.parametrize("text", ["1", "1.", "1)", "1. Даю согласие", "ДАЮ СОГЛАСИЕ", "да"])
def test_a_consent_is_given(text: str) -> None:
    assert isinstance(Phone(PLAIN).starts().says(text).facts[-1], ConsentGiven)


@pytest.mark.parametrize("text", ["2", "2.", "2)", "2. Не даю", "не даю", "нет"])
def test_a_consent_is_refused(text: str) -> None:
    assert isinstance(Phone(PLAIN).starts().says(text).facts[-1], ConsentRefused)


@pytest.mark.parametrize("text", ["1. нет", "2. да", "я…", "да...нет", "1 или 2"])
def test_a_consent_wants_a_clear_answer(text: str) -> None:
    assert Phone(PLAIN).starts().says(text).sees("нужен ясный ответ").facts == []


@pytest.mark.parametrize("text", ["1", "1)", "пропустить", "1. Пропустить"])
def test_a_phone_is_skipped(text: str) -> None:
    at_the_phone().says(text).sees("вы в клубе")


@pytest.mark.parametrize(("text", "seen"), [("2.", "номер телефона"), ("3. Пропустить", "клубе")])
def test_a_choice_beside_a_code(text: str, seen: str) -> None:
    at_the_phone().says("8 916 123-45-67").sees("код").says(text).sees(seen)


labels = st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6)


def question_of(labels: list[str]) -> Ask:
    choices = {f"c{number}": {"en": f"x{label}"} for number, label in enumerate(labels)}
    return Ask.model_validate({"id": "q", "ask": {"en": "?"}, "choices": choices})


@given(labels, st.integers(8, 24), st.sampled_from(["{}", "{}.", "{})", " {} ", "({})"]))
def test_a_number_always_answers(labels: list[str], most: int, written: str) -> None:
    session, context = _standing(replace(PLAIN, label=most))
    offered = questions.options(question_of(labels), session, context)
    for number, option in enumerate(offered, 1):
        assert questions.chosen(written.format(number), offered) == option.id


@given(labels, st.integers(8, 24))
def test_a_label_answers_as_its_button_shows_it(labels: list[str], most: int) -> None:
    limits = replace(PLAIN, label=most, buttons=6)
    step, (session, context) = question_of(labels), _standing(limits)
    offered = questions.options(step, session, context)
    *_, shown = split(questions.question(step, session, context), limits)
    for button in shown.buttons:
        assert isinstance(button, Button)
        choice = questions.chosen(button.label, offered)
        assert choice == button.payload.removeprefix("q:") or _alike(offered, button.label)


def _alike(offered: tuple[questions.Option, ...], label: str) -> bool:
    """Labels that differ in signs alone are one label to who types."""
    return sum(folded(label) in option.words for option in offered) > 1


def _standing(limits: Limits) -> tuple[Session, Context]:
    phone = Phone(limits, language="en").starts()
    assert phone.session is not None
    return phone.session, phone.context
