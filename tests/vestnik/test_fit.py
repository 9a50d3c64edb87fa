"""Fitting a message to a channel: within all limits, or plainly refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fallback.segments import segments
from tests.vestnik import strategies
from vestnik.channel import Limits
from vestnik.fit import Unfit, fit
from vestnik.outbound import AnyButton, Button, Card, LinkButton, Media, Message, Template, Text
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


def text(words: str, *buttons: AnyButton) -> Text:
    return Text(RichText(words), buttons)


YES, NO = Button("Да", "yes"), Button("Нет", "no")
SITE = LinkButton("Сайт", "https://e.ru")
PHOTO = Media("image", "https://e.ru/a.png")


def shown(words: str, *buttons: AnyButton, files: int = 1) -> Text:
    return Text(RichText(words), buttons, (PHOTO,) * files)


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
            text("?", Button("Да", "я" * 9)),
            Unfit("the payload of 'Да' is over 16 bytes"),
            id="long payload",
        ),
        pytest.param(
            replace(PLAIN, buttons=0),
            text("?", Button("Да", "я" * 9)),
            text("?\n\n1. Да"),
            id="a line has no payload",
        ),
        pytest.param(
            replace(PLAIN, cards=1),
            replace(text("?"), cards=(Card("К", buttons=(Button("Да", "я" * 9),)),)),
            Unfit("the payload of 'Да' is over 16 bytes"),
            id="long payload in a card",
        ),
        pytest.param(
            replace(PLAIN, buttons=1, text=5),
            text("?", YES, NO),
            Unfit("the text is 15 long, the channel takes 5"),
            id="numbered lines count too",
        ),
        pytest.param(
            replace(PLAIN, caption=3),
            shown("Фото"),
            Unfit("the text is 4 long, the channel takes 3"),
            id="caption",
        ),
        pytest.param(PLAIN, shown("Фото"), shown("Фото"), id="no caption of its own"),
        pytest.param(PLAIN, shown("", YES), shown("", YES), id="a file speaks for itself"),
        pytest.param(
            PLAIN,
            shown("", files=2),
            Unfit("there are 2 files, the channel takes 1 at once"),
            id="an album where there are none",
        ),
        pytest.param(
            replace(PLAIN, album=2), shown("?", files=2), shown("?", files=2), id="an album"
        ),
        pytest.param(
            replace(PLAIN, album=2),
            shown("?", YES, files=2),
            Unfit("several files at once take no buttons"),
            id="an album with buttons",
        ),
        pytest.param(replace(PLAIN, album=0), shown("?", files=2), text("?"), id="no files at all"),
        pytest.param(
            replace(PLAIN, album=0),
            shown(" ", files=2),
            Unfit("there is nothing to say on this channel"),
            id="nothing but files",
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


MEASURES = st.sampled_from([(len, 60), (utf16_units, 60), (segments, 1)])


@given(strategies.texts, MEASURES, st.integers(0, 4), st.integers(0, 3), st.none() | st.just(20))
def test_what_fits_is_within_all_limits(
    message: Text,
    measured: tuple[Callable[[str], int], int],
    buttons: int,
    album: int,
    caption: int | None,
) -> None:
    measure, most = measured
    limits = replace(
        PLAIN, text=most, measure=measure, buttons=buttons, album=album, caption=caption
    )
    fitted = fit(message, limits)
    assume(isinstance(fitted, Text))
    assert isinstance(fitted, Text)
    assert measure(fitted.body.text) <= (caption if fitted.media and caption else most)
    assert len(fitted.media) <= album
    assert len(fitted.media) < 2 or not fitted.buttons
    assert len([it for it in fitted.buttons if isinstance(it, Button)]) <= buttons
    assert all(len(it.label) <= limits.label for it in fitted.buttons)
    assert fitted.body.text.startswith(message.body.text)
    assert fit(fitted, limits) == fitted
