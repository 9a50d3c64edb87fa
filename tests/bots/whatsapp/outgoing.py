"""What is said on WhatsApp, and the request that goes over the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.bots.whatsapp_business import BY_NUMBER, HIDDEN, SCOPED, text
from vestnik.address import Address
from vestnik.outbound import (
    NOBODY,
    Button,
    ContactButton,
    CopyButton,
    LinkButton,
    Media,
    Outbound,
    Recipient,
    Seen,
    Template,
    Text,
)
from vestnik.richtext import RichText, Span

YES, NO = Button("Да", "yes"), Button("Нет", "no")
SITE = LinkButton("Сайт", "https://x.y/1")
SHARE = ContactButton("Поделиться номером")
TEN = tuple(Button(f"Вариант {number} " + "ж" * 14, f"{number}") for number in range(10))
LONG_LABEL = Button("ж" * 21, "long")
PICTURE = Media("image", id="1")

CTA = {"name": "cta_url", "parameters": {"display_text": "Сайт", "url": "https://x.y/1"}}
ASK = {"name": "request_contact_info"}


@dataclass(frozen=True)
class Row:
    """What is said to whom, and the JSON of the request."""

    said: Outbound
    asks: Mapping[str, Any]
    to: Address = BY_NUMBER
    known: Recipient = field(default=NOBODY)


def message(
    said: Text | Template, asks: Mapping[str, Any], to: Address = BY_NUMBER, **more: Any
) -> Row:
    """A message to the number's owner, unless told otherwise."""
    whom = more.pop("whom", {"to": "+79990003344"})
    told = {"messaging_product": "whatsapp", "recipient_type": "individual", **whom}
    return Row(said, {**told, "biz_opaque_callback_data": "640", **asks}, to, **more)


def words(body: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body}, **more}


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


def template(name: str, *components: dict[str, Any]) -> dict[str, Any]:
    told = {"name": name, "language": {"code": "ru"}}
    listed = {"components": list(components)} if components else {}
    return {"type": "template", "template": told | listed}


def values(*parameters: dict[str, str]) -> dict[str, Any]:
    return {"type": "body", "parameters": [{"type": "text", **told} for told in parameters]}


def quick(index: int, payload: str) -> dict[str, Any]:
    parameters = [{"type": "payload", "payload": payload}]
    told = {"type": "button", "sub_type": "quick_reply", "index": str(index)}
    return told | {"parameters": parameters}


def bold(length: int, *buttons: Any, **more: Any) -> Text:
    """A text of this length with one bold word at its end."""
    body = "ж" * (length - 2) + " b"
    return Text(RichText(body, (Span(length - 1, length, "bold"),)), buttons, **more)


HI = text("hi")
HEADED = {"header": {"type": "image", "image": {"id": "1"}}}
LINKED = RichText("Скидка здесь", (Span(0, 6, "bold"), Span(7, 12, "link", "https://x.y")))
THREE = (YES, NO, Button("ж" * 20, "p" * 200))

REQUESTS: dict[str, Row] = {
    "plain": message(text("hello"), words("hello")),
    "cyrillic_at_the_limit": message(text("ж" * 4096), words("ж" * 4096)),
    "quote": message(
        text("hi", reply_to="wamid.IN"), words("hi", context={"message_id": "wamid.IN"})
    ),
    "styles": message(Text(LINKED), words("*Скидка* здесь (https://x.y)")),
    "styles_where_they_fit": message(bold(4094), words("ж" * 4092 + " *b*")),
    "styles_without_room": message(bold(4095), words("ж" * 4093 + " b")),
    "styles_without_room_over_buttons": message(
        bold(1023, YES), interactive("button", "ж" * 1021 + " b", replies(YES))
    ),
    "styles_without_room_in_a_caption": message(
        bold(1023, media=(PICTURE,)),
        {"type": "image", "image": {"id": "1", "caption": "ж" * 1021 + " b"}},
    ),
    "to_a_scoped_id": message(HI, words("hi"), HIDDEN, whom={"recipient": "RU.77"}),
    "to_the_known_number_of_a_scoped_id": message(
        HI,
        words("hi"),
        HIDDEN,
        whom={"to": "+79990009988"},
        known=Recipient(phone="+79990009988"),
    ),
    # Another number of the same person is not the one that wrote to us.
    "to_a_number_beside_another": message(HI, words("hi"), known=Recipient(phone="+79990009988")),
    "two_buttons": message(
        text("Придёте?", YES, NO), interactive("button", "Придёте?", replies(YES, NO))
    ),
    "coloured_button": message(
        text("Придёте?", replace(YES, style="positive")),
        interactive("button", "Придёте?", replies(YES)),
    ),
    "reply_buttons_at_their_limit": message(
        text("ж" * 1024, *THREE), interactive("button", "ж" * 1024, replies(*THREE))
    ),
    "label_too_long_for_a_reply_button": message(
        text("?", YES, LONG_LABEL), interactive("list", "?", rows(YES, LONG_LABEL))
    ),
    "text_too_long_for_reply_buttons": message(
        text("ж" * 1025, YES), interactive("list", "ж" * 1025, rows(YES))
    ),
    "two_buttons_with_one_label": message(
        text("?", YES, replace(NO, label="Да")),
        interactive("list", "?", rows(YES, replace(NO, label="Да"))),
    ),
    "buttons_at_the_limit": message(
        text("ж" * 4096, *TEN), interactive("list", "ж" * 4096, rows(*TEN))
    ),
    "list_in_english": message(
        text("?", *TEN),
        interactive("list", "?", rows(*TEN, words=("Choose", "Options"))),
        known=Recipient(language="en-GB"),
    ),
    "list_in_a_language_of_no_words": message(
        text("?", *TEN),
        interactive("list", "?", rows(*TEN, words=("Choose", "Options"))),
        known=Recipient(language="de"),
    ),
    "one_link": message(text("Смотри", SITE), interactive("cta_url", "Смотри", CTA)),
    "one_link_below_a_picture": message(
        text("Смотри", SITE, media=(PICTURE,)), interactive("cta_url", "Смотри", CTA, **HEADED)
    ),
    "link_with_a_label_too_long": message(
        text("Смотри", replace(SITE, label="ж" * 21)),
        words(f"Смотри\n\n{'ж' * 21}: https://x.y/1"),
    ),
    "link_below_a_long_text": message(
        text("ж" * 1025, SITE), words("ж" * 1025 + "\n\nСайт: https://x.y/1")
    ),
    "two_links": message(
        text("Смотри", SITE, replace(SITE, label="Ещё")),
        words("Смотри\n\nСайт: https://x.y/1\nЕщё: https://x.y/1"),
    ),
    "link_beside_buttons": message(
        text("Придёте?", YES, SITE),
        interactive("button", "Придёте?\n\nСайт: https://x.y/1", replies(YES)),
    ),
    "asking_for_the_number": message(
        text("Ваш номер?", SHARE), interactive("request_contact_info", "Ваш номер?", ASK)
    ),
    "asking_for_the_number_with_a_way_out": message(
        text("Ваш номер?", SHARE, Button("Не хочу", "no")),
        interactive("request_contact_info", "Ваш номер?\n\n1. Не хочу", ASK),
    ),
    "image_by_link": message(
        text("Вот", media=(Media("image", url="https://x.y/1.png"),)),
        {"type": "image", "image": {"link": "https://x.y/1.png", "caption": "Вот"}},
    ),
    "caption_at_the_limit": message(
        text("ж" * 1024, media=(PICTURE,)),
        {"type": "image", "image": {"id": "1", "caption": "ж" * 1024}},
    ),
    "video_by_id": message(
        text("", media=(Media("video", id="2"),)), {"type": "video", "video": {"id": "2"}}
    ),
    "document_by_id": message(
        text("Меню", media=(Media("document", id="3"),)),
        {"type": "document", "document": {"id": "3", "caption": "Меню"}},
    ),
    "voice_by_id": message(
        text("", media=(Media("voice", id="4"),)), {"type": "audio", "audio": {"id": "4"}}
    ),
    "sticker_by_id": message(
        text("", media=(Media("sticker", id="10033"),)),
        {"type": "sticker", "sticker": {"id": "10033"}},
    ),
    "image_above_buttons": message(
        text("Придёте?", YES, media=(PICTURE,)),
        interactive("button", "Придёте?", replies(YES), **HEADED),
    ),
    "image_above_buttons_without_words": message(
        text("", YES, media=(PICTURE,)),
        interactive("button", "Выбрать", replies(YES), **HEADED),
    ),
    # No list takes a file: labels are shortened, and beyond three buttons people type a number.
    "image_above_long_labels": message(
        text("?", YES, LONG_LABEL, media=(PICTURE,)),
        interactive("button", "?", replies(YES, Button("ж" * 19 + "…", "long")), **HEADED),
    ),
    "image_above_many_buttons": message(
        text("?", YES, NO, *(Button(label, label) for label in "аб"), media=(PICTURE,)),
        {"type": "image", "image": {"id": "1", "caption": "?\n\n1. Да\n2. Нет\n3. а\n4. б"}},
    ),
    "template_without_variables": message(
        Template("reply_waiting", "ru"), template("reply_waiting")
    ),
    "template_with_variables_and_payloads": message(
        Template("news", "ru", ("Anna", "-20%"), ("stop:news", "more")),
        template(
            "news",
            values({"text": "Anna"}, {"text": "-20%"}),
            quick(0, "stop:news"),
            quick(1, "more"),
        ),
    ),
    "template_with_named_variables": message(
        Template("news", "ru", ("Anna", "-20%"), names=("first_name", "discount")),
        template(
            "news",
            values(
                {"text": "Anna", "parameter_name": "first_name"},
                {"text": "-20%", "parameter_name": "discount"},
            ),
        ),
    ),
    "seen": Row(
        Seen("wamid.IN", typing=False),
        {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN"},
        SCOPED,
    ),
    "seen_and_typing": Row(
        Seen("wamid.IN"),
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": "wamid.IN",
            "typing_indicator": {"type": "text"},
        },
        SCOPED,
    ),
}

FOUR = tuple(Button(f"{number}", f"{number}") for number in range(4))
FILE_ONLY = Media("image", file="k1")

# What WhatsApp has no message for, and the code of the refusal; nothing is asked of Meta.
UNSAYABLE: dict[str, tuple[Text | Template, str]] = {
    "album": (text("", media=(PICTURE, PICTURE)), "album_unsupported"),
    "voice_above_buttons": (text("?", YES, media=(Media("voice", id="1"),)), "audio_with_button"),
    "voice_above_many": (text("?", *FOUR, media=(Media("voice", id="1"),)), "audio_takes_no_text"),
    "image_above_a_request": (
        text("?", SHARE, media=(PICTURE,)),
        "image_with_request_contact_info",
    ),
    "sticker_with_words": (
        text("words", media=(Media("sticker", id="1"),)),
        "sticker_takes_no_text",
    ),
    "place": (text("", media=(Media("location", id="1"),)), "location_unsupported"),
    "no_file": (text("", media=(Media("image"),)), "media_without_a_file"),
    "file_that_did_not_come_along": (text("", media=(FILE_ONLY,)), "media_without_a_file"),
    "links_beyond_the_text": (text("ж" * 4090, YES, SITE), "text_over_4096"),
    "caption_too_long": (text("ж" * 1025, media=(PICTURE,)), "text_over_1024"),
    "request_too_long": (text("ж" * 1025, SHARE), "text_over_1024"),
    "names_without_values": (
        Template("news", "ru", ("Anna",), names=("a", "b")),
        "template_values_and_names_differ",
    ),
}

COPYING = text("Код", CopyButton("Скопировать", "SALE"))
