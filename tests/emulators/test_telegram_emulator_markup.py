"""HTML, MarkdownV2 and entities in the Telegram emulator."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram.client.default import DefaultBotProperties
from aiogram.exceptions import (
    TelegramBadRequest,
)

from tests.emulators.telegram_stage import ANNA, Stage, stage


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as ready:
        ready.telegram.opened(ANNA)
        yield ready


def entity(offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"entities": [{"type": "bold", "offset": offset, "length": length, **more}]}


@pytest.mark.parametrize(
    ("text", "mode", "why"),
    [
        ("1 < 2", "HTML", 'Unsupported start tag "" at byte offset 2'),
        ("я <blink>x", "HTML", 'Unsupported start tag "blink" at byte offset 3'),
        ("<b>x", "HTML", 'Can\'t find end tag corresponding to start tag "b"'),
        (
            "<b><i>x</b>",
            "HTML",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("x</b>", "HTML", "Unexpected end tag at byte offset 1"),
        ("x <b", "HTML", "Unclosed start tag at byte offset 2"),
        ("я *x", "MarkdownV2", "Can't find end of Bold entity at byte offset 3"),
        ("__x_", "MarkdownV2", "Can't find end of Italic entity at byte offset 3"),
        (
            "Привет!",
            "MarkdownV2",
            "Character '!' is reserved and must be escaped with the preceding '\\'",
        ),
        ("[x](http://a.ru", "MarkdownV2", "Can't find end of a URL at byte offset 4"),
        ("```x", "MarkdownV2", "Can't find end of Pre entity at byte offset 0"),
    ],
)
async def test_unreadable_markup(scene: Stage, text: str, mode: str, why: str) -> None:
    with pytest.raises(TelegramBadRequest) as caught:
        await scene.bot.send_message(ANNA, text, parse_mode=mode)
    assert caught.value.message == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize(
    ("text", "mode", "plain", "entities"),
    [
        (
            "<b>Скидка</b> &lt;50&#37;&gt; <a href='https://a.ru/?x=1&amp;y=2'>тут</a>",
            "HTML",
            "Скидка <50%> тут",
            [("bold", 0, 6, None), ("text_link", 13, 3, "https://a.ru/?x=1&y=2")],
        ),
        (
            "😀 <i>да <u>нет</u></i><tg-spoiler>!</tg-spoiler>",
            "HTML",
            "😀 да нет!",
            [("italic", 3, 6, None), ("underline", 6, 3, None), ("spoiler", 9, 1, None)],
        ),
        (
            '<pre><code class="language-python">x = 1</code></pre>',
            "HTML",
            "x = 1",
            [("pre", 0, 5, None)],
        ),
        (
            "*жирно* _курсив_ __черта__ ~нет~ ||тайна|| `код`",
            "MarkdownV2",
            "жирно курсив черта нет тайна код",
            [
                ("bold", 0, 5, None),
                ("italic", 6, 6, None),
                ("underline", 13, 5, None),
                ("strikethrough", 19, 3, None),
                ("spoiler", 23, 5, None),
                ("code", 29, 3, None),
            ],
        ),
        (
            "[тут \\*](https://a.ru/\\))\n>цитата\n>ещё\nдальше",
            "MarkdownV2",
            "тут *\nцитата\nещё\nдальше",
            [("text_link", 0, 5, "https://a.ru/)"), ("blockquote", 6, 10, None)],
        ),
        (
            "```python\nx_y = 1\n```",
            "MarkdownV2",
            "x_y = 1",
            [("pre", 0, 7, None)],
        ),
        (
            " /start и @vestnik_demo_bot, #весна https://a.ru/x. почта i@a.ru",
            "HTML",
            "/start и @vestnik_demo_bot, #весна https://a.ru/x. почта i@a.ru",
            [
                ("bot_command", 0, 6, None),
                ("mention", 9, 17, None),
                ("hashtag", 28, 6, None),
                ("url", 35, 14, None),
                ("email", 57, 6, None),
            ],
        ),
    ],
)
async def test_markup_is_read(
    scene: Stage, text: str, mode: str, plain: str, entities: list[tuple[Any, ...]]
) -> None:
    sent = await scene.bot.send_message(ANNA, text, parse_mode=mode)
    told = [(e.type, e.offset, e.length, e.url) for e in sent.entities or []]
    assert (sent.text, told) == (plain, entities)


@pytest.mark.parametrize(
    ("entities", "why"),
    [
        (entity(0, 9), "entity beginning at UTF-16 offset 0 ends after the end of the text "
         "at UTF-16 offset 9"),
        (entity(9, 1), "entity begins after the end of the text at UTF-16 offset 9"),
        (entity(0, 1), "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol "
         "at byte offset 0"),
        (entity(-1, 1), "receive an entity with incorrect offset -1"),
        (entity(0, 2, type="blink"), "can't parse MessageEntity: Unsupported type specified"),
        (entity(0, 2, type="text_link"), 'can\'t parse MessageEntity: Can\'t find field "url"'),
        ({"entities": ["bold"]}, "can't parse MessageEntity: expected an Object"),
    ],
)  # fmt: skip
async def test_wrong_entities(scene: Stage, entities: dict[str, Any], why: str) -> None:
    status, body = await scene.calls("sendMessage", chat_id=ANNA, text="😀 да", **entities)
    assert (status, body["description"]) == (400, f"Bad Request: {why}")


async def test_entities_move_with_the_trimmed_text(scene: Stage) -> None:
    text = "  \r😀 да\r\n"
    status, body = await scene.calls("sendMessage", chat_id=ANNA, text=text, **entity(3, 6))
    assert (status, body["result"]["text"]) == (200, "😀 да")
    assert body["result"]["entities"] == [{"type": "bold", "offset": 0, "length": 5}]


async def test_texts_that_are_not_unicode(scene: Stage) -> None:
    status, body = await scene.calls("sendMessage", chat_id=ANNA, text="\ud800")
    assert (status, body["description"]) == (400, "Bad Request: can't parse JSON object")
    status, error = await scene.tries("say", text="\ud800")
    assert (status, error) == (400, {"error": "half of a surrogate pair is no Unicode text"})


async def test_defaults_of_aiogram_reach_the_parser(scene: Stage) -> None:
    scene.bot.default = DefaultBotProperties(parse_mode="HTML")
    sent = await scene.bot.send_message(ANNA, "<b>привет</b>")
    assert sent.text == "привет"
