"""What a channel does not have degrades in the declared way, and stays answerable."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vestnik import strategies
from tests.vestnik.test_fit import PLAIN
from vestnik.outbound import (
    AnyButton,
    Button,
    Card,
    ContactButton,
    CopyButton,
    LinkButton,
    Media,
    Text,
)
from vestnik.richtext import STYLES, RichText, Span, Style
from vestnik.stand_ins import stand_in

RICH = replace(PLAIN, text=4096, label=12, payload=64, edits=True, album=10, cards=10, copies=True)
BARE = replace(
    PLAIN, buttons=0, label=0, links=False, answers=False, album=0, styles=frozenset[Style]()
)


def text(words: str, *buttons: AnyButton, **more: object) -> Text:
    return replace(Text(RichText(words), buttons), **more)  # type: ignore[arg-type]


YES, NO = Button("Да", "yes"), Button("Нет", "no")
SITE, CODE, PHONE = LinkButton("Сайт", "https://e.ru"), CopyButton("Код", "X5"), ContactButton("Я")
PHOTO = Media("image", "https://e.ru/a.png")
COFFEE = Card("Кофе", "из Бразилии", PHOTO, (Button("Купить", "buy:1"),))
TEA = Card("Чай", "", None, (Button("Купить", "buy:2"), SITE))

ROWS = {
    "everything stays where it may": (
        RICH,
        text("?", YES, SITE, CODE, PHONE, media=(PHOTO,), cards=(COFFEE,), replaces="5"),
        text("?", YES, SITE, CODE, PHONE, media=(PHOTO,), cards=(COFFEE,), replaces="5"),
    ),
    "presses beyond the number are numbered, all of them": (
        replace(RICH, buttons=1),
        text("?", YES, SITE, NO),
        text("?\n\n1. Да\n2. Нет", SITE),
    ),
    "and fall away where no answer can come": (
        replace(RICH, buttons=1, answers=False),
        text("?", YES, NO),
        text("?"),
    ),
    "links and copies beyond the number are lines": (
        replace(RICH, buttons=2),
        text("?", YES, SITE, CODE),
        text("?\n\nКод: X5", YES, SITE),
    ),
    "links as lines where there are none": (
        replace(RICH, links=False),
        text("?", SITE, YES),
        text("?\n\nСайт: https://e.ru", YES),
    ),
    "copies as lines where there are none": (
        replace(RICH, copies=False),
        text("?", CODE, YES),
        text("?\n\nКод: X5", YES),
    ),
    "numbers before the other lines": (
        replace(RICH, buttons=0),
        text("?", SITE, YES, CODE, NO),
        text("?\n\n1. Да\n2. Нет\nСайт: https://e.ru\nКод: X5"),
    ),
    "no line above lines without words": (
        replace(RICH, buttons=0),
        text("", YES, media=(PHOTO,)),
        text("1. Да", media=(PHOTO,)),
    ),
    "no button for a phone": (replace(RICH, contact_button=False), text("?", PHONE), text("?")),
    "a long label": (
        RICH,
        text("?", Button("Не сейчас, потом", "x")),
        text("?", Button("Не сейчас,…", "x")),
    ),
    "labels alike are numbered": (
        RICH,
        text("?", Button("Да", "1"), SITE, Button("да", "2")),
        text("?", Button("1. Да", "1"), SITE, Button("2. да", "2")),
    ),
    "labels that would be cut alike are numbered": (
        RICH,
        text("?", Button("Кофе с собой: S", "1"), Button("Кофе с собой: M", "2")),
        text("?", Button("1. Кофе с с…", "1"), Button("2. Кофе с с…", "2")),
    ),
    "colours stay": (RICH, text("?", replace(YES, style="positive")), None),
    "cards become lines, their buttons join": (
        replace(RICH, cards=0, buttons=5, label=20),
        text("Меню", YES, cards=(COFFEE, TEA)),
        Text(
            RichText(
                "Меню\n\nКофе — из Бразилии\nЧай", (Span(6, 10, "bold"), Span(25, 28, "bold"))
            ),
            (YES, Button("Купить (Кофе)", "buy:1"), Button("Купить (Чай)", "buy:2"), SITE),
        ),
    ),
    "more cards than there may be become lines": (
        replace(RICH, cards=1),
        Text(RichText(""), cards=(Card("", "один"), Card("", ""), Card("Два"))),
        Text(RichText("один\nДва", (Span(5, 8, "bold"),))),
    ),
    "cards without titles keep their labels, numbered": (
        replace(RICH, cards=0),
        text("?", cards=(Card("", "a", None, (YES,)), Card("", "b", None, (YES,)))),
        text("?\n\na\nb", Button("1. Да", "yes"), Button("2. Да", "yes")),
    ),
    "nothing is replaced where nothing is edited": (
        replace(RICH, edits=False),
        text("?", reply_to="3", replaces="5"),
        text("?", reply_to="3"),
    ),
    "styles and files fall away, links are spelled out": (
        BARE,
        Text(
            RichText("Скидки здесь", (Span(0, 6, "bold"), Span(7, 12, "link", "https://x.y"))),
            media=(PHOTO, PHOTO),
        ),
        text("Скидки здесь (https://x.y)"),
    ),
    "one style falls away": (
        replace(RICH, styles=STYLES - {"code"}),
        Text(RichText("ab", (Span(0, 2, "bold"), Span(0, 1, "code")))),
        Text(RichText("ab", (Span(0, 2, "bold"),))),
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_message_degrades(row: str) -> None:
    limits, message, expected = ROWS[row]
    assert stand_in(message, limits) == (message if expected is None else expected)


@given(strategies.texts, st.integers(0, 4), st.booleans(), st.booleans(), st.integers(0, 3))
def test_degrading_ends_and_keeps_every_choice(
    message: Text, buttons: int, links: bool, answers: bool, cards: int
) -> None:
    limits = replace(RICH, buttons=buttons, links=links, answers=answers, copies=links, cards=cards)
    made = stand_in(message, limits)
    assert stand_in(made, limits) == made
    assert made.body.text.startswith(message.body.text)
    presses = [it for it in made.buttons if isinstance(it, Button)]
    assert len(presses) <= buttons
    assert len({it.label.casefold() for it in presses}) == len(presses)
    assert all(len(it.label) <= limits.label for it in made.buttons)
    wanted = [it for it in message.buttons if isinstance(it, Button)]
    if not made.cards:
        wanted += [it for card in message.cards for it in card.buttons if isinstance(it, Button)]
    if presses:
        assert [it.payload for it in presses] == [it.payload for it in wanted]
    elif answers:
        assert all(f"{place}. {it.label}" in made.body.text for place, it in enumerate(wanted, 1))
    shown = [it.url for it in made.buttons if isinstance(it, LinkButton)]
    shown += [it.text for it in made.buttons if isinstance(it, CopyButton)]
    for link in (it for it in message.buttons if isinstance(it, LinkButton)):
        assert link.url in shown or f"{link.label}: {link.url}" in made.body.text
    for copy in (it for it in message.buttons if isinstance(it, CopyButton)):
        assert copy.text in shown or f"{copy.label}: {copy.text}" in made.body.text
