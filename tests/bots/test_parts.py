"""What a messenger cannot say at once, though it keeps to all its figures, is said in parts."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from pydantic import SecretStr

from bots import telegram, vk
from tests.bots.whatsapp_business import business
from vestnik.channel import Limits
from vestnik.fit import Unfit, fit, split
from vestnik.outbound import Button, ContactButton, CopyButton, LinkButton, Media, MediaKind, Text
from vestnik.richtext import RichText

LIMITS: dict[str, Limits] = {
    "telegram": telegram.build(telegram.Settings(token=SecretStr("42:AAtest"))).limits,
    "vk": vk.build(vk.Settings(token=SecretStr("t"), group_id=1)).limits,
    "whatsapp": business().limits,
}

YES, SHARE = Button("Да", "yes"), ContactButton("Поделиться номером")
SITE = LinkButton("Сайт", "https://x.y/1")
# Their payloads are more than any keyboard of VK's holds.
HEAVY = tuple(Button(label, label * 247) for label in "abcde")


def says(words: str, *buttons: Button | LinkButton | ContactButton | CopyButton) -> Text:
    return Text(RichText(words), buttons)


def shows(words: str, *kinds: MediaKind) -> Text:
    return Text(RichText(words), media=files(*kinds))


def files(*kinds: MediaKind) -> tuple[Media, ...]:
    return tuple(Media(kind, file="key") for kind in kinds)


@dataclass(frozen=True)
class Row:
    """A text, why it is not said at once, and what the parts are: their lengths, buttons, files."""

    text: Text
    why: str
    parts: Sequence[tuple[int, int, int]]
    on: str = "whatsapp"


WORDS = " ".join(["слово"] * 200)  # 1199 characters

ROWS: dict[str, Row] = {
    "a request for the number below much text": Row(
        says(WORDS, SHARE), "text_over_1024", [(1019, 0, 0), (179, 1, 0)]
    ),
    "lines of links below a text at the limit": Row(
        says("ж" * 4090, YES, SITE), "text_over_4096", [(2048, 0, 0), (2042, 2, 0)]
    ),
    "lines of links below a caption": Row(
        Text(RichText("ж" * 1020), (SITE, SITE), files("image")),
        "text_over_1024",
        [(0, 0, 1), (1020, 2, 0)],
    ),
    "a voice with words": Row(shows("Вот", "voice"), "audio_takes_no_text", [(0, 0, 1), (3, 0, 0)]),
    "a picture with a request for the number": Row(
        Text(RichText("Номер?"), (SHARE,), files("image")),
        "image_with_request_contact_info",
        [(0, 0, 1), (6, 1, 0)],
    ),
    "files of kinds that make no album": Row(
        shows("Вот", "image", "video", "document", "document", "audio"),
        "album_of_mixed_kinds",
        [(0, 0, 2), (0, 0, 2), (0, 0, 1), (3, 0, 0)],
        "telegram",
    ),
    "a sticker with words": Row(
        shows("Вот", "sticker"), "sticker_with_text", [(0, 0, 1), (3, 0, 0)], "telegram"
    ),
    "links beside a request for the number": Row(
        says("ж" * 4090, SHARE, SITE), "text_over_4096", [(2048, 0, 0), (2042, 2, 0)], "telegram"
    ),
    "more to copy than a button holds": Row(
        says("ж" * 4000, CopyButton("Код", "x" * 257)),
        "text_over_4096",
        [(2048, 0, 0), (1952, 1, 0)],
        "telegram",
    ),
    "payloads of more than a keyboard": Row(
        says("ж" * 4090, *HEAVY),
        "the text is 4116 long, the channel takes 4096",
        [(2048, 0, 0), (2042, 5, 0)],
        "vk",
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_is_said_in_parts_that_fit(name: str) -> None:
    row = ROWS[name]
    limits = LIMITS[row.on]
    assert fit(row.text, limits) == Unfit(row.why)
    parts = split(row.text, limits)
    assert [(len(it.body.text), len(it.buttons), len(it.media)) for it in parts] == row.parts
    assert [fit(part, limits) for part in parts] == list(parts)


@pytest.mark.parametrize("name", LIMITS)
def test_what_can_be_said_meets_no_objection(name: str) -> None:
    text = Text(RichText("ж" * 1024), (YES,), files("image"))
    assert split(text, LIMITS[name]) == (text,)
    assert fit(text, LIMITS[name]) == text
