"""The words that stop advertising, and those that do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.optout import is_opt_out

WORDS = ["стоп", "stop", "отписаться", "отписка", "отмена", "отказ", "unsubscribe", "cancel"]
WORDS += ["end", "quit", "revoke", "opt out", "optout", "stopall", "remove", "arret", "td"]

STOPS = ["СТОП", "STOP", "Стоп!", "«стоп».", " stop \n", "/stop", "CTOП", "СТOП", "С Т О П"]
STOPS += [
    "S.T.O.P.",
    "🛑 Стоп",
    "стоп\N{ZERO WIDTH SPACE}",
    "ｓｔｏｐ",
    "сто́п",
    "opt-out",
    "Opt Out",
]
STOPS += ["Не присылайте больше!", "больше не пишите"]
STOPS += ["Отписаться от рассылки", "отказ от рекламы", "cnjg", "ЫЕЩЗ", "SТOР"]

GOES_ON = ["", " ", "!", "🛑", "не стоп", "stopwatch", "стоп-кран", "стоп, а сколько стоит?", "нет"]
GOES_ON += ["no", "да", "stop 24", "автостоп", "не останавливайтесь", "the end is near", "старт"]
GOES_ON += ["start", "не присылайте кофе в зёрнах", "сотп", "top", "отменить заказ 5"]


@pytest.mark.parametrize("text", WORDS + STOPS)
def test_stops(text: str) -> None:
    assert is_opt_out(text)


@pytest.mark.parametrize("text", GOES_ON)
def test_does_not_stop(text: str) -> None:
    assert not is_opt_out(text)


@given(
    st.sampled_from(WORDS),
    st.text(" .,!?-«»\n🛑", max_size=5),
    st.text(" .,!?-«»\n🙏", max_size=5),
    st.data(),
)
def test_case_punctuation_and_look_alikes_do_not_matter(
    word: str, before: str, after: str, data: st.DataObject
) -> None:
    twins = dict(zip("aeopcyxkmtbhаеорсухкмтвн", "аеорсухкмтвнaeopcyxkmtbh", strict=True))
    typed = "".join(
        data.draw(st.sampled_from([letter, letter.upper(), twins.get(letter, letter)]))
        for letter in word
    )
    assert is_opt_out(before + typed + after)


@given(st.sampled_from(WORDS), st.sampled_from(["не ", "а ", "please don't ", "кран", " it is 5"]))
def test_a_word_within_a_sentence_does_not_stop(word: str, other: str) -> None:
    assert not is_opt_out(f"{other} {word} {other}")


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    assert is_opt_out(text) in (True, False)
