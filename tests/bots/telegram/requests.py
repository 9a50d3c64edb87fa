"""What is said in Telegram in words, buttons and gestures, and the request that it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bots.tables import Answer
from tests.bots.telegram.speaking import DONE, TAKEN, refused, says
from vestnik.outbound import (
    Acknowledge,
    Button,
    ContactButton,
    CopyButton,
    Edit,
    LinkButton,
    Media,
    Outbound,
    Seen,
    Template,
    Text,
)
from vestnik.outcome import Rejected, SendResult, Sent
from vestnik.richtext import RichText, Span


@dataclass(frozen=True)
class Row:
    """What is said, and the request it becomes: nothing is asked for without a method.

    `asks` leaves out the chat; `send` and `settings` are more fields of either.
    """

    says: Outbound
    method: str
    asks: Mapping[str, Any] = field(default_factory=dict)
    answer: Answer = TAKEN
    result: SendResult = field(default_factory=lambda: Sent("17"))
    send: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


def unsayable(outbound: Outbound, code: str) -> Row:
    return Row(outbound, "", result=Rejected(code))


def press(label: str, data: str, **more: str) -> dict[str, str]:
    return {"text": label, "callback_data": data, **more}


PAID = {"paid_broadcast": True}

SPOKEN: dict[str, Row] = {
    "plain": Row(says("Привет"), "sendMessage", {"text": "Привет"}),
    "cyrillic_at_the_limit": Row(says("я" * 4096), "sendMessage", {"text": "я" * 4096}),
    "over_the_limit_not_cut": Row(
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
    "few_buttons": Row(
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
    "two_short_buttons_a_row": Row(
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
    "buttons_at_the_limit": Row(
        says("?", *(Button("я" * 62 + f"{number:02}", "ж" * 32) for number in range(100))),
        "sendMessage",
        {
            "text": "?",
            "reply_markup": {
                "inline_keyboard": [
                    [press("я" * 62 + f"{number:02}", "ж" * 32)] for number in range(100)
                ]
            },
        },
    ),
    "asks_for_the_phone": Row(
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
    "edit": Row(
        Edit("17", says("Готово", Button("Ещё", "more"))),
        "editMessageText",
        {
            "message_id": 17,
            "text": "Готово",
            "reply_markup": {"inline_keyboard": [[press("Ещё", "more")]]},
        },
    ),
    "edit_of_a_caption": Row(
        Edit("17", says("Готово", media=(Media("image", id="f1"),))),
        "editMessageCaption",
        {"message_id": 17, "caption": "Готово"},
    ),
    "edit_that_changes_nothing": Row(
        Edit("16", says("Готово")),
        "editMessageText",
        {"message_id": 16, "text": "Готово"},
        refused(400, "Bad Request: message is not modified: specified new message content and …"),
        Sent("16"),
    ),
    "colours": Row(
        says(
            "?",
            Button("Да", "y", "positive"),
            Button("Нет", "n", "negative"),
            Button("Позже", "l", "primary"),
        ),
        "sendMessage",
        {
            "text": "?",
            "reply_markup": {
                "inline_keyboard": [
                    [press("Да", "y", style="success")],
                    [press("Нет", "n", style="danger")],
                    [press("Позже", "l", style="primary")],
                ]
            },
        },
    ),
    "code_to_copy": Row(
        says("Ваш код", CopyButton("Скопировать", "ж" * 256)),
        "sendMessage",
        {
            "text": "Ваш код",
            "reply_markup": {
                "inline_keyboard": [[{"text": "Скопировать", "copy_text": {"text": "ж" * 256}}]]
            },
        },
    ),
    "code_too_long_to_copy": Row(
        says("Ваш код", CopyButton("Код", "1" * 257), Button("Ещё", "more")),
        "sendMessage",
        {
            "text": f"Ваш код\n\nКод: {'1' * 257}",
            "reply_markup": {"inline_keyboard": [[press("Ещё", "more")]]},
        },
    ),
    "code_beside_the_contact_button": Row(
        says(
            "Телефон?",
            ContactButton("Дать"),
            CopyButton("Код", "A1"),
            Button("Нет", "n", "negative"),
        ),
        "sendMessage",
        {
            "text": "Телефон?\n\nКод: A1",
            "reply_markup": {
                "keyboard": [
                    [{"text": "Дать", "request_contact": True}],
                    [{"text": "Нет", "style": "danger"}],
                ],
                "resize_keyboard": True,
                "one_time_keyboard": True,
            },
        },
    ),
    "paid_broadcast": Row(
        says("Новинки"),
        "sendMessage",
        {"text": "Новинки", "allow_paid_broadcast": True},
        send={"bulk": True},
        settings=PAID,
    ),
    "reply_beside_paid_broadcasts": Row(says("Да"), "sendMessage", {"text": "Да"}, settings=PAID),
    "broadcast_that_is_not_paid_for": Row(
        says("Новинки"), "sendMessage", {"text": "Новинки"}, send={"bulk": True}
    ),
    "replacement_beside_paid_broadcasts": Row(
        says("Новинки", replaces="16"),
        "editMessageText",
        {"message_id": 16, "text": "Новинки"},
        send={"bulk": True},
        settings=PAID,
    ),
    "edit_without_its_contact_button": Row(
        Edit("17", says("Готово", ContactButton("Дать"), LinkButton("Сайт", "https://c.example"))),
        "editMessageText",
        {
            "message_id": 17,
            "text": "Готово",
            "reply_markup": {"inline_keyboard": [[{"text": "Сайт", "url": "https://c.example"}]]},
        },
    ),
    "edit_of_what_is_gone": Row(
        Edit("16", says("Готово")),
        "editMessageText",
        {"message_id": 16, "text": "Готово"},
        refused(400, "Bad Request: message to edit not found"),
        Rejected("message to edit not found", "Bad Request: message to edit not found"),
    ),
    "edit_of_what_another_channel_said": unsayable(
        Edit("wamid.1", says("x")), "reference_of_another_channel"
    ),
    "template": unsayable(Template("hello", "ru"), "template_unsupported"),
    "typing": Row(Seen("11"), "sendChatAction", {"action": "typing"}, DONE, Sent("")),
    "seen": Row(Seen("11", typing=False), "", result=Sent("")),
    "acknowledged": Row(
        Acknowledge("p1"),
        "answerCallbackQuery",
        {"callback_query_id": "p1"},
        DONE,
        Sent(""),
    ),
    "acknowledged_with_a_notice": Row(
        Acknowledge("p1", "Уже отправлено"),
        "answerCallbackQuery",
        {"callback_query_id": "p1", "text": "Уже отправлено"},
        DONE,
        Sent(""),
    ),
    "acknowledged_too_late": Row(
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
