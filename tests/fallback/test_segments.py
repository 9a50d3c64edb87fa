"""Counting SMS parts: the reference's examples, and a naive splitter that agrees on any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallback.segments import segments

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"


def septets(text: str) -> list[str] | None:
    if set(text) - set(BASIC + EXTENSION):
        return None
    return [f"\x1b{character}" if character in EXTENSION else character for character in text]


def naive(text: str) -> int:
    """Build the parts as strings, one whole character after another."""
    encoded = septets(text)
    symbols = encoded if encoded is not None else list(text)
    width = len if encoded is not None else _utf16
    single, joined = (160, 153) if encoded is not None else (70, 67)
    if not text:
        return 0
    if width("".join(symbols)) <= single:
        return 1
    parts = [""]
    for symbol in symbols:
        if width(parts[-1] + symbol) > joined:
            parts.append("")
        parts[-1] += symbol
    return len(parts)


def _utf16(part: str) -> int:
    return len(part.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 7, 2),
        # The pair of the euro sign moves to the second part, which leaves 152 and 154 septets.
        ("a" * 152 + "€" + "a" * 152, 3),
        ("a" * 152 + "b€" + "a" * 151, 2),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("ж" * 150, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        # The surrogate pair moves to the second part: 66, then 2 + 66.
        ("ж" * 66 + "😀" + "ж" * 66, 3),
        ("ж" * 67 + "😀" + "ж" * 65, 2),
        ("Ç§" * 80, 1),
        ("ç" + "a" * 70, 2),
        ("`" + "a" * 70, 2),
        ("\t" + "a" * 70, 2),
        ("\u00a0" + "a" * 70, 2),
        ("\x1b" + "a" * 70, 2),
    ],
)
def test_examples(text: str, parts: int) -> None:
    assert segments(text) == parts
    assert naive(text) == parts


gsm_text = st.text(st.sampled_from(BASIC + EXTENSION + EXTENSION * 3), max_size=700)
mixed_text = st.text(st.sampled_from("aж😀€ё \n"), max_size=400)
any_text = st.text(st.characters(codec=None), max_size=300)


@settings(deadline=None)  # the machine may be busy with other tests
@given(gsm_text | mixed_text | any_text)
def test_agrees_with_a_naive_splitter(text: str) -> None:
    assert segments(text) == naive(text)


@settings(deadline=None)  # the machine may be busy with other tests
@given(mixed_text, mixed_text)
def test_more_text_is_never_fewer_parts(text: str, more: str) -> None:
    assert segments(text + more) >= segments(text)
