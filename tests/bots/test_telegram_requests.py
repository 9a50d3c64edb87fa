"""Telegram goes out: what is asked of the Bot API."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bots.telegram import LIMITS
from tests.bots.tables import Answer
from tests.bots.telegram.speaking import TAKEN, TOKEN, refused, says, speaking, to
from vestnik.outbound import (
    Acknowledge,
    Button,
    ContactButton,
    Edit,
    LinkButton,
    Media,
    Outbound,
    Template,
    Text,
)
from vestnik.outcome import (
    Rejected,
    SendResult,
    Sent,
)
from vestnik.richtext import RichText, Span


@pytest.fixture(autouse=True)
def token_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("DEBUG")
    yield
    assert TOKEN not in caplog.text


@dataclass(frozen=True)
class Row:
    """A message and the request it becomes."""

    says: Outbound
    method: str
    asks: dict[str, Any]
    answer: Answer = TAKEN
    result: SendResult = field(default_factory=lambda: Sent("17"))


def press(label: str, data: str) -> dict[str, str]:
    return {"text": label, "callback_data": data}


REQUESTS = {
    "plain": Row(says("Привет"), "sendMessage", {"text": "Привет"}),
    "cyrillic at the limit": Row(says("я" * 4096), "sendMessage", {"text": "я" * 4096}),
    "over the limit, not cut": Row(
        says("я" * 4097),
        "sendMessage",
        {"text": "я" * 4097},
        refused(400, "Bad Request: message is too long"),
        Rejected("message is too long", "Bad Request: message is too long"),
    ),
    "literal": Row(says("<b> _*[ {{ }} =1"), "sendMessage", {"text": "<b> _*[ {{ }} =1"}),
    "rich": Row(
        Text(
            RichText(
                "👋 Новинки и сайт",
                (
                    Span(0, 1, "strike"),
                    Span(2, 9, "bold"),
                    Span(12, 16, "link", "https://coffee.example"),
                ),
            )
        ),
        "sendMessage",
        {
            "text": "👋 Новинки и сайт",
            "entities": [
                {"type": "strikethrough", "offset": 0, "length": 2},
                {"type": "bold", "offset": 3, "length": 7},
                {
                    "type": "text_link",
                    "offset": 13,
                    "length": 4,
                    "url": "https://coffee.example",
                },
            ],
        },
    ),
    "few buttons": Row(
        says("?", Button("Да", "y"), LinkButton("Сайт", "https://coffee.example")),
        "sendMessage",
        {
            "text": "?",
            "reply_markup": {
                "inline_keyboard": [
                    [press("Да", "y")],
                    [{"text": "Сайт", "url": "https://coffee.example"}],
                ]
            },
        },
    ),
    "two short buttons a row": Row(
        says("?", *(Button(f"Л{n}", f"{n}") for n in range(5))),
        "sendMessage",
        {
            "text": "?",
            "reply_markup": {
                "inline_keyboard": [
                    [press("Л0", "0"), press("Л1", "1")],
                    [press("Л2", "2"), press("Л3", "3")],
                    [press("Л4", "4")],
                ]
            },
        },
    ),
    "buttons at the limit": Row(
        says("?", *(Button("я" * LIMITS.label, "ж" * 32) for _ in range(LIMITS.buttons))),
        "sendMessage",
        {"text": "?", "reply_markup": {"inline_keyboard": [[press("я" * 64, "ж" * 32)]] * 100}},
    ),
    "asks for the phone": Row(
        says(
            "Телефон?",
            ContactButton("Поделиться"),
            Button("Не сейчас", "no"),
            LinkButton("Зачем", "https://coffee.example/why"),
        ),
        "sendMessage",
        {
            "text": "Телефон?\n\nЗачем: https://coffee.example/why",
            "reply_markup": {
                "keyboard": [
                    [{"text": "Поделиться", "request_contact": True}],
                    [{"text": "Не сейчас"}],
                ],
                "resize_keyboard": True,
                "one_time_keyboard": True,
            },
        },
    ),
    "quotes": Row(
        says("Да", reply_to="12"),
        "sendMessage",
        {
            "text": "Да",
            "reply_parameters": {"message_id": 12, "allow_sending_without_reply": True},
        },
    ),
    "picture by link": Row(
        Text(
            RichText("Латте", (Span(0, 5, "italic"),)),
            media=(Media("image", "https://c.example/l"),),
        ),
        "sendPhoto",
        {
            "photo": "https://c.example/l",
            "caption": "Латте",
            "caption_entities": [{"type": "italic", "offset": 0, "length": 5}],
        },
    ),
    "document by id": Row(
        says("", media=(Media("document", id="f1"),)), "sendDocument", {"document": "f1"}
    ),
    "edit": Row(
        Edit("17", says("Готово", Button("Ещё", "more"))),
        "editMessageText",
        {
            "message_id": 17,
            "text": "Готово",
            "reply_markup": {"inline_keyboard": [[press("Ещё", "more")]]},
        },
    ),
    "edit of a caption": Row(
        Edit("17", says("Готово", media=(Media("image", id="f1"),))),
        "editMessageCaption",
        {"message_id": 17, "caption": "Готово"},
    ),
    "edit that changes nothing": Row(
        Edit("16", says("Готово")),
        "editMessageText",
        {"message_id": 16, "text": "Готово"},
        refused(400, "Bad Request: message is not modified: specified new message content and …"),
        Sent("16"),
    ),
}

ACKNOWLEDGED = Answer({"ok": True, "result": True})
ACKNOWLEDGEMENTS = {
    "silent": Row(
        Acknowledge("p1"),
        "answerCallbackQuery",
        {"callback_query_id": "p1"},
        ACKNOWLEDGED,
        Sent(""),
    ),
    "with a notice": Row(
        Acknowledge("p1", "Уже отправлено"),
        "answerCallbackQuery",
        {"callback_query_id": "p1", "text": "Уже отправлено"},
        ACKNOWLEDGED,
        Sent(""),
    ),
    "too late": Row(
        Acknowledge("p1"),
        "answerCallbackQuery",
        {"callback_query_id": "p1"},
        refused(
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ),
        Sent(""),
    ),
}


@pytest.mark.parametrize("label", [*REQUESTS, *ACKNOWLEDGEMENTS])
async def test_request(label: str) -> None:
    row = REQUESTS.get(label) or ACKNOWLEDGEMENTS[label]
    asks = row.asks if label in ACKNOWLEDGEMENTS else {"chat_id": 5001, **row.asks}
    async with speaking(row.answer) as (telegram, bot):
        assert await bot.send([to("5001", row.says)]) == [row.result]
        (request,) = telegram.requests
    assert request.path == f"/bot{TOKEN}/{row.method}"
    assert request.json == asks


UNSAYABLE: dict[str, tuple[Outbound, str]] = {
    "template": (Template("hello", "ru"), "template_unsupported"),
    "sticker": (says("", media=(Media("sticker", id="s"),)), "media_unsupported:sticker"),
    "no file": (says("", media=(Media("image"),)), "media_unsupported:image"),
    "reference": (Edit("wamid.1", says("x")), "reference_of_another_channel"),
}


@pytest.mark.parametrize("label", UNSAYABLE)
async def test_what_cannot_be_said_is_not_asked_for(label: str) -> None:
    outbound, code = UNSAYABLE[label]
    async with speaking(TAKEN) as (telegram, bot):
        assert await bot.send([to("5001", outbound)]) == [Rejected(code)]
        assert telegram.requests == []
