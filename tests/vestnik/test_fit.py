"""Fitting a message to a channel: nothing is lost, nothing is over the limit."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fallback.segments import segments
from tests.vestnik import strategies
from vestnik.channel import Limits
from vestnik.fit import Unfit, fit, split
from vestnik.outbound import Button, ContactButton, LinkButton, Media, Message, Template, Text
from vestnik.richtext import RichText, utf16_units

PLAIN = Limits(
    text=20,
    measure=len,
    buttons=3,
    label=8,
    payload=16,
    rate=30,
    page="https://example.com/limits",
    contact_button=True,
    templates=True,
)


def text(words: str, *buttons: Button | LinkButton | ContactButton) -> Text:
    return Text(RichText(words), buttons)


YES, NO = Button("Да", "yes"), Button("Нет", "no")
SITE, PHONE = LinkButton("Сайт", "https://e.ru"), ContactButton("Номер")


@pytest.mark.parametrize(
    ("limits", "message", "fitted"),
    [
        pytest.param(PLAIN, text("Привет", YES, NO), text("Привет", YES, NO), id="as it is"),
        pytest.param(PLAIN, text("я" * 20), text("я" * 20), id="cyrillic at the limit"),
        pytest.param(
            PLAIN, text("я" * 21), Unfit("the text is 21 long, the channel takes 20"), id="too long"
        ),
        pytest.param(
            replace(PLAIN, measure=utf16_units),
            text("😀" * 11),
            Unfit("the text is 22 long, the channel takes 20"),
            id="in the channel's own unit",
        ),
        pytest.param(
            replace(PLAIN, text=1, measure=segments),
            text("я" * 71),
            Unfit("the text is 2 long, the channel takes 1"),
            id="in parts of SMS",
        ),
        pytest.param(
            PLAIN,
            text("?", Button("Не сейчас, потом", "x")),
            text("?", Button("Не сейч…", "x")),
            id="long label",
        ),
        pytest.param(
            PLAIN,
            text("?", Button("Да", "я" * 9)),
            Unfit("the payload of 'Да' is over 16 bytes"),
            id="long payload",
        ),
        pytest.param(
            replace(PLAIN, buttons=1),
            text("?", YES, NO, SITE),
            text("?\n\n1. Да\n2. Нет", SITE),
            id="too many buttons are numbered",
        ),
        pytest.param(
            replace(PLAIN, buttons=0, answers=False),
            text("?", YES, NO),
            text("?"),
            id="no answers, no numbers",
        ),
        pytest.param(
            replace(PLAIN, text=30, links=False),
            text("?", YES, SITE),
            text("?\n\nСайт: https://e.ru", YES),
            id="links as lines",
        ),
        pytest.param(
            replace(PLAIN, contact_button=False),
            text("?", PHONE, YES),
            text("?", YES),
            id="no phone",
        ),
        pytest.param(
            replace(PLAIN, buttons=1, text=5),
            text("?", YES, NO),
            Unfit("the text is 15 long, the channel takes 5"),
            id="numbered lines count too",
        ),
        pytest.param(
            replace(PLAIN, caption=3),
            Text(RichText("Фото"), media=(Media("image", "https://e.ru/a.png"),)),
            Unfit("the text is 4 long, the channel takes 3"),
            id="caption",
        ),
        pytest.param(PLAIN, Template("news", "ru"), Template("news", "ru"), id="template"),
        pytest.param(
            replace(PLAIN, templates=False),
            Template("news", "ru"),
            Unfit("the channel has no templates"),
            id="no templates",
        ),
    ],
)
def test_a_message(limits: Limits, message: Message, fitted: Message | Unfit) -> None:
    assert fit(message, limits) == fitted


@given(strategies.texts, st.integers(0, 4), st.booleans(), st.booleans())
def test_what_fits_is_within_all_limits(
    message: Text, buttons: int, links: bool, contact: bool
) -> None:
    limits = replace(PLAIN, buttons=buttons, links=links, contact_button=contact, text=60)
    fitted = fit(message, limits)
    assume(isinstance(fitted, Text))
    assert isinstance(fitted, Text)
    assert len(fitted.body.text) <= limits.text
    assert len([it for it in fitted.buttons if isinstance(it, Button)]) <= buttons
    assert all(len(it.label) <= limits.label for it in fitted.buttons)
    assert links or not any(isinstance(it, LinkButton) for it in fitted.buttons)
    assert fitted.body.text.startswith(message.body.text)
    assert fitted.body.spans == message.body.spans


LONG = st.text(st.sampled_from("яЯa😀👩🏽 \n"), min_size=1, max_size=300).map(str.strip)
MEASURES = st.sampled_from([len, utf16_units])


@given(strategies.rich_texts(LONG), MEASURES, st.integers(2, 40))
def test_a_split_text_loses_nothing(
    body: RichText, measure: Callable[[str], int], most: int
) -> None:
    limits = replace(PLAIN, text=most, measure=measure)
    parts = split(Text(body, (YES,), (Media("image", "https://e.ru/a.png"),)), limits)
    assert "".join("".join(part.body.text for part in parts).split()) == "".join(body.text.split())
    assert all(measure(part.body.text) <= most for part in parts)
    assert [part.buttons for part in parts] == [()] * (len(parts) - 1) + [(YES,)]
    assert [bool(part.media) for part in parts] == [True] + [False] * (len(parts) - 1)


@given(strategies.rich_texts(LONG), st.integers(2, 40))
def test_the_spans_stay_on_their_words(body: RichText, most: int) -> None:
    limits = replace(PLAIN, text=most, measure=utf16_units)
    parts = split(Text(body), limits)
    for style in ("bold", "italic", "strike", "code", "link"):
        before = styled(body, style)
        after = "".join(styled(part.body, style) for part in parts)
        assert "".join(after.split()) == "".join(before.split())
    for part in parts:
        assert all(0 <= it.start < it.end <= len(part.body.text) for it in part.body.spans)


def styled(body: RichText, style: str) -> str:
    """The characters that have this style, in their order."""
    within = {
        place for span in body.spans if span.style == style for place in range(span.start, span.end)
    }
    return "".join(body.text[place] for place in sorted(within))


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        pytest.param("коротко", ["коротко"], id="short"),
        pytest.param("", [""], id="empty"),
        pytest.param("один два три четыре", ["один два", "три четыре"], id="between words"),
        pytest.param("один два\nтри четыре", ["один два", "три четыре"], id="between lines"),
        pytest.param("раз\nдва три\n\nчетыре", ["раз\nдва три", "четыре"], id="paragraphs first"),
        pytest.param("а" * 25, ["а" * 12, "а" * 12, "а"], id="within a word, if need be"),
        pytest.param("двенадцать12\n\n\n", ["двенадцать12"], id="no empty part at the end"),
        pytest.param("😀" * 7, ["😀" * 6, "😀"], id="never within a character"),
    ],
)
def test_a_text_is_cut(words: str, parts: list[str]) -> None:
    measure = utf16_units if "😀" in words else len
    limits = replace(PLAIN, text=12, measure=measure)
    assert [part.body.text for part in split(text(words), limits)] == parts


def test_the_first_part_is_a_caption() -> None:
    limits = replace(PLAIN, text=12, caption=5)
    photo = (Media("image", "https://e.ru/a.png"),)
    parts = split(Text(RichText("один два три четыре"), media=photo), limits)
    assert [(part.body.text, part.media) for part in parts] == [
        ("один", photo),
        ("два три", ()),
        ("четыре", ()),
    ]
