"""Messages to WhatsApp's requests."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from bots.whatsapp.render import Unsayable, render
from tests.bots.tables import Answer
from tests.bots.whatsapp_business import BY_NUMBER, HIDDEN, TOKEN, business, talking, text
from vestnik.fit import Unfit, fit
from vestnik.outbound import (
    Button,
    ContactButton,
    LinkButton,
    Media,
    Recipient,
    Send,
    Template,
    Text,
)
from vestnik.outcome import Rejected
from vestnik.richtext import RichText, Span

YES, NO = Button("Да", "yes"), Button("Нет", "no")
SITE = LinkButton("Сайт", "https://x.y/1")
SHARE = ContactButton("Поделиться номером")
TEN = tuple(Button(f"Вариант {number} " + "ж" * 14, f"{number}") for number in range(10))


def interactive(kind: str, body: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = {"type": kind, "body": {"text": body}, "action": action, **more}
    return {"type": "interactive", "interactive": told}


def replies(*buttons: Button) -> dict[str, Any]:
    return {
        "buttons": [
            {"type": "reply", "reply": {"id": button.payload, "title": button.label}}
            for button in buttons
        ]
    }


def rows(*buttons: Button, words: tuple[str, str] = ("Выбрать", "Варианты")) -> dict[str, Any]:
    listed = [{"id": button.payload, "title": button.label} for button in buttons]
    return {"button": words[0], "sections": [{"title": words[1], "rows": listed}]}


CTA = {"name": "cta_url", "parameters": {"display_text": "Сайт", "url": "https://x.y/1"}}
ASK = {"name": "request_contact_info"}
LONG_LABEL = Button("ж" * 21, "long")
QUICK = {"type": "button", "sub_type": "quick_reply"}


@dataclass(frozen=True)
class Outgoing:
    label: str
    said: Text | Template
    body: dict[str, Any]


OUTGOING = [
    Outgoing("plain", text("hello"), {"type": "text", "text": {"body": "hello"}}),
    Outgoing(
        "Cyrillic at the limit",
        text("ж" * 4096),
        {"type": "text", "text": {"body": "ж" * 4096}},
    ),
    Outgoing(
        "a quote",
        text("hi", reply_to="wamid.IN"),
        {"type": "text", "text": {"body": "hi"}, "context": {"message_id": "wamid.IN"}},
    ),
    Outgoing(
        "styles",
        Text(RichText("Скидка здесь", (Span(0, 6, "bold"), Span(7, 12, "link", "https://x.y")))),
        {"type": "text", "text": {"body": "*Скидка* здесь (https://x.y)"}},
    ),
    Outgoing(
        "two buttons",
        text("Придёте?", YES, NO),
        interactive("button", "Придёте?", replies(YES, NO)),
    ),
    Outgoing(
        "buttons at the limit of reply buttons",
        text("ж" * 1024, YES, NO, Button("ж" * 20, "p" * 200)),
        interactive("button", "ж" * 1024, replies(YES, NO, Button("ж" * 20, "p" * 200))),
    ),
    Outgoing(
        "a label too long for a reply button",
        text("?", YES, LONG_LABEL),
        interactive("list", "?", rows(YES, LONG_LABEL)),
    ),
    Outgoing(
        "a text too long for reply buttons",
        text("ж" * 1025, YES),
        interactive("list", "ж" * 1025, rows(YES)),
    ),
    Outgoing(
        "buttons at the limit of a list",
        text("ж" * 4096, *TEN),
        interactive("list", "ж" * 4096, rows(*TEN)),
    ),
    Outgoing("one link", text("Смотри", SITE), interactive("cta_url", "Смотри", CTA)),
    Outgoing(
        "a link with a label too long",
        text("Смотри", replace(SITE, label="ж" * 21)),
        {"type": "text", "text": {"body": f"Смотри\n\n{'ж' * 21}: https://x.y/1"}},
    ),
    Outgoing(
        "two links",
        text("Смотри", SITE, replace(SITE, label="Ещё")),
        {"type": "text", "text": {"body": "Смотри\n\nСайт: https://x.y/1\nЕщё: https://x.y/1"}},
    ),
    Outgoing(
        "a link beside buttons",
        text("Придёте?", YES, SITE),
        interactive("button", "Придёте?\n\nСайт: https://x.y/1", replies(YES)),
    ),
    Outgoing(
        "asking for the number",
        text("Ваш номер?", SHARE),
        interactive("contact_request", "Ваш номер?", ASK),
    ),
    Outgoing(
        "asking for the number, with a way out",
        text("Ваш номер?", SHARE, Button("Не хочу", "no")),
        interactive("contact_request", "Ваш номер?\n\n1. Не хочу", ASK),
    ),
    Outgoing(
        "an image with a caption",
        text("Вот", media=(Media("image", url="https://x.y/1.png"),)),
        {"type": "image", "image": {"link": "https://x.y/1.png", "caption": "Вот"}},
    ),
    Outgoing(
        "a sticker by id",
        text("", media=(Media("sticker", id="10033"),)),
        {"type": "sticker", "sticker": {"id": "10033"}},
    ),
    Outgoing(
        "an image above buttons",
        text("Придёте?", YES, media=(Media("image", id="1"),)),
        interactive(
            "button", "Придёте?", replies(YES), header={"type": "image", "image": {"id": "1"}}
        ),
    ),
    Outgoing(
        "a template without variables",
        Template("reply_waiting", "ru"),
        {"type": "template", "template": {"name": "reply_waiting", "language": {"code": "ru"}}},
    ),
    Outgoing(
        "a template with variables and payloads",
        Template("news", "ru", ("Anna", "-20%"), ("stop:news", "more")),
        {
            "type": "template",
            "template": {
                "name": "news",
                "language": {"code": "ru"},
                "components": [
                    {
                        "type": "body",
                        "parameters": [
                            {"type": "text", "text": "Anna"},
                            {"type": "text", "text": "-20%"},
                        ],
                    },
                    QUICK
                    | {"index": "0", "parameters": [{"type": "payload", "payload": "stop:news"}]},
                    QUICK | {"index": "1", "parameters": [{"type": "payload", "payload": "more"}]},
                ],
            },
        },
    ),
]


@pytest.mark.parametrize("row", OUTGOING, ids=lambda row: row.label)
async def test_outgoing(row: Outgoing) -> None:
    async with talking(Answer({"messages": [{"id": "wamid.OUT"}]})) as (channel, stub):
        assert fit(row.said, channel.limits) == row.said
        await channel.send([Send(BY_NUMBER, row.said, handle="640")])
    assert stub.requests[0].json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+79990003344",
        "biz_opaque_callback_data": "640",
        **row.body,
    }
    assert (stub.requests[0].method, stub.requests[0].path) == ("POST", "/v26.0/1065/messages")
    assert stub.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("handle", "known", "whom"),
    [
        ("+79990003344", Recipient(), {"to": "+79990003344"}),
        ("RU.77", Recipient(), {"recipient": "RU.77"}),
        ("RU.77", Recipient(phone="+79990009988"), {"to": "+79990009988"}),
        # Another number of the same person is not the one that wrote to us.
        ("+79990003344", Recipient(phone="+79990009988"), {"to": "+79990003344"}),
    ],
)
def test_whom_it_goes_to(handle: str, known: Recipient, whom: dict[str, str]) -> None:
    said = text("hi")
    body = render(Send(replace(HIDDEN, handle=handle), said, recipient=known), said)
    assert {key: body[key] for key in ("to", "recipient") if key in body} == whom


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-GB", ("Choose", "Options")),
        ("de", ("Choose", "Options")),
        ("ru", ("Выбрать", "Варианты")),
        (None, ("Выбрать", "Варианты")),
    ],
)
def test_a_list_speaks_the_person_s_language(language: str | None, words: tuple[str, str]) -> None:
    said = text("?", *TEN)
    body = render(Send(HIDDEN, said, recipient=Recipient(language=language)), said)
    assert body["interactive"]["action"] == rows(*TEN, words=words)
    assert len(words[0]) <= 20
    assert len(words[1]) <= 24


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (text("?", *TEN, media=(Media("image", id="1"),)), "image_with_list"),
        (text("?", YES, media=(Media("voice", id="1"),)), "audio_with_button"),
        (text("words", media=(Media("sticker", id="1"),)), "sticker_takes_no_text"),
        (text("", media=(Media("location"),)), "location_unsupported"),
        (text("", media=(Media("image"),)), "media_without_a_file"),
    ],
)
async def test_what_whatsapp_has_no_message_for(said: Text, code: str) -> None:
    with pytest.raises(Unsayable, match=code):
        render(Send(HIDDEN, said), said)
    async with talking() as (channel, stub):
        assert list(await channel.send([Send(HIDDEN, said)])) == [Rejected(code)]
    assert stub.requests == []


def test_what_does_not_fit() -> None:
    limits = business().limits
    assert isinstance(fit(text("ж" * 4097), limits), Unfit)
    assert isinstance(fit(text("?", Button("a", "я" * 101)), limits), Unfit)
    eleven = fit(text("?", *TEN, YES), limits)
    assert isinstance(eleven, Text)
    assert eleven.buttons == ()
    assert eleven.body.text.endswith("\n11. Да")
