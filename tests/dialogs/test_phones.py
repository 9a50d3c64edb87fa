"""Typed numbers, and the codes that prove them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.phones import Unusable, new_code, normalise, seal, spaced, typed_code, verify, vouched

KEY = b"a key of the test"

NORMAL = [
    ("8 (916) 123-45-67", "RU", "+79161234567"),
    ("9161234567", "RU", "+79161234567"),
    ("+7 916 123 45 67", "KZ", "+79161234567"),
    ("мой номер 8 916 123-45-67", "RU", "+79161234567"),
    ("87011234567", "KZ", "+77011234567"),
    ("+1 650 253 0000", "RU", "+16502530000"),
]
REFUSED = [
    ("", "not_a_number"),
    ("привет", "not_a_number"),
    ("12345", "not_a_number"),
    ("+7 916 123 45 678", "not_a_number"),
    ("9" * 400, "not_a_number"),
    ("8 495 123-45-67", "landline"),
    ("8 800 555 35 35", "toll_free"),
    ("8 809 123 45 67", "not_a_mobile"),
]


@pytest.mark.parametrize(("typed", "region", "expected"), NORMAL)
def test_numbers_become_e164(typed: str, region: str, expected: str) -> None:
    assert normalise(typed, region) == expected


@pytest.mark.parametrize(("typed", "why"), REFUSED)
def test_numbers_that_take_no_sms_are_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(Unusable) as refusal:
        normalise(typed, "RU")
    assert refusal.value.why == why


@given(st.text())
def test_any_text_is_a_number_or_refused(typed: str) -> None:
    try:
        phone = normalise(typed, "RU")
    except Unusable:
        return
    assert normalise(phone, "US") == phone


def test_a_shared_number_gets_its_plus() -> None:
    assert vouched("79161234567") == vouched("+7 916 123-45-67") == "+79161234567"


def test_numbers_are_read_in_groups() -> None:
    assert spaced("+79161234567") == "+7 916 123-45-67"
    assert spaced("no number") == "no number"


@given(st.binary(min_size=8, max_size=16))
def test_codes_are_six_digits_and_only_they_open_their_seal(random: bytes) -> None:
    code = new_code(random)
    sealed = seal(code, KEY)
    assert typed_code(code) == code
    assert verify(code, sealed, KEY)
    assert not verify(f"{(int(code) + 1) % 10**6:06}", sealed, KEY)
    assert not verify(code, sealed, b"another key")
    assert code not in sealed


@pytest.mark.parametrize("text", ["123456", "123 456", " 123-456 "])
def test_a_code_may_be_typed_in_groups(text: str) -> None:
    assert typed_code(text) == "123456"


@pytest.mark.parametrize("text", ["12345", "1234567", "код 123456", "١٢٣٤٥٦", "", "+123456"])
def test_other_texts_are_no_codes(text: str) -> None:
    assert typed_code(text) is None


def test_a_seal_that_was_never_made_opens_to_nothing() -> None:
    assert not verify("123456", "", KEY)
    assert not verify("123456", "не печать", KEY)
