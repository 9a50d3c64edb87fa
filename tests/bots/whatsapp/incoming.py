"""What people do on WhatsApp: a payload file, and the events it becomes."""

from dataclasses import replace
from typing import Any

from tests.bots.whatsapp.people import ANNA, AT, BORIS, QUOTING, VERA, Rows, later
from tests.bots.whatsapp_business import BY_NUMBER, HIDDEN, SCOPED
from vestnik.address import Address
from vestnik.inbound import (
    AnsweredElsewhere,
    Author,
    ButtonPressed,
    ContactShared,
    Edited,
    MediaReceived,
    Moved,
    Reacted,
    Started,
    TextReceived,
)
from vestnik.outbound import MediaKind

REACTING: dict[str, Any] = ANNA | {"reference": "wamid.OUT"}
EDITING: dict[str, Any] = ANNA | {"reference": "wamid.X"}
ANNA_S_NUMBER = replace(BY_NUMBER, handle="+79990001122")


def sent(kind: MediaKind, media_id: str | None = None, caption: str = "") -> MediaReceived:
    return MediaReceived(**ANNA, kind=kind, media_id=media_id, caption=caption)


def moved(address: Address, to: str, phone: str | None, name: str = "") -> Moved:
    author = Author(to.removeprefix("+"), name=name, phone=phone)
    return Moved(event_id="msg:wamid.SYS", address=address, author=author, at=AT, to=to)


def echo(address: Address, text: str) -> AnsweredElsewhere:
    return AnsweredElsewhere(
        event_id="msg:wamid.E",
        address=address,
        author=Author("15550001111"),
        at=AT,
        reference="wamid.E",
        text=text,
    )


MESSAGES: Rows = {
    "text": [TextReceived(**ANNA, text="Привет 😀")],
    "reply": [TextReceived(**QUOTING, text="да")],
    "forwarded": [TextReceived(**ANNA, text="смотри")],
    "frequently_forwarded": [TextReceived(**ANNA, text="смотри")],
    "about_a_product": [TextReceived(**QUOTING, text="Есть?")],
    "from_an_ad": [TextReceived(**ANNA, text="Хочу узнать больше", source="ad:120")],
    "from_a_post": [TextReceived(**ANNA, text="Привет", source="post:https://fb.me/p")],
    "from_an_ad_without_words": [TextReceived(**ANNA, text="Привет")],
    "started": [Started(**ANNA, payload="promo_7")],
    "start_with_an_odd_payload": [TextReceived(**ANNA, text="/start было вчера")],
    "start_bare": [TextReceived(**ANNA, text="/start")],
    "number_only": [TextReceived(**BORIS, text="hi")],
    "username_only": [TextReceived(**VERA, text="hi")],
    "scoped_id_as_number": [TextReceived(**VERA, text="hi")],
    "no_contacts": [
        TextReceived(**BORIS | {"author": replace(BORIS["author"], name="")}, text="hi")
    ],
    "contacts_in_another_order": [TextReceived(**ANNA, text="a")],
    "milliseconds": [TextReceived(**ANNA, text="hi")],
    "template_button": [ButtonPressed(**QUOTING, payload="stop:news", label="Отписаться")],
    "template_button_bare": [ButtonPressed(**ANNA, payload="Отписаться", label="Отписаться")],
    "reply_button": [ButtonPressed(**QUOTING, payload="yes", label="Да")],
    "list_row": [ButtonPressed(**QUOTING, payload="news", label="Новости")],
    "flow": [sent("other")],
    "flow_without_token": [sent("other")],
    "empty_interactive": ["an answer without what was chosen", "Meta reports an error of its own"],
    "contact_request": [ContactShared(**ANNA, phone="+79990001122", own=True)],
    "contact_card": [ContactShared(**ANNA, phone="+79990003344", own=False)],
    "contact_without_number": [sent("other")],
    "image": [sent("image", "10033", "Вот")],
    "image_without_file": [sent("image")],
    "video": [sent("video", "10036", "Смотри")],
    "audio": [sent("audio", "10037")],
    "voice": [sent("voice", "10034")],
    "voice_of_old": [sent("voice", "10038")],
    "sticker": [sent("sticker", "10039")],
    "document": [sent("document", "10035")],
    "location": [sent("location")],
    "place": [sent("location")],
    "order": [sent("other")],
    "unsupported": [replace(sent("other"), withheld=True)],
    "unavailable": [replace(sent("other"), withheld=True)],
    "unknown_type": [sent("other")],
    "reaction": [Reacted(**REACTING, emoji="👍")],
    "reaction_taken_away": [Reacted(**REACTING, emoji="")],
    "reaction_emptied": [Reacted(**REACTING, emoji="")],
    "reaction_to_nothing": ["a reaction without its content"],
    "edited": [Edited(**EDITING, text="Завтра в 10")],
    "edited_caption": [Edited(**EDITING, text="Вид")],
    "edited_to_nothing": [
        "edit.message: Field required",
    ],
    "moved": [moved(SCOPED, "RU.2", "+79990005566")],
    "moved_by_the_sentence": [moved(SCOPED, "RU.2", "+79990005566")],
    "moved_by_number": [moved(ANNA_S_NUMBER, "+79990005566", "+79990005566")],
    "moved_by_number_of_old": [moved(ANNA_S_NUMBER, "+79990005566", "+79990005566")],
    "moved_without_number": [moved(HIDDEN, "RU.78", None)],
    "moved_to_nowhere": ["a move from nobody or to nowhere"],
    "not_moved": [],
    "identity_changed": [],
    "silent": [],
    "echo": [echo(ANNA_S_NUMBER, "Ответил сам")],
    "echo_by_scoped_id": [echo(HIDDEN, "Меню")],
    "echo_without_words": [echo(SCOPED, "")],
    "echo_of_a_reaction": [],
    "echo_to_nobody": ["nobody is named as the one who was answered"],
    "odd_items": [
        "text.body: Value error, a NUL, which no database keeps",
        "text.body: Value error, half of a surrogate pair",
        "timestamp: Input should be a valid integer, unable to parse string as an integer",
        "timestamp: Value error, no Unix time",
        "timestamp: Value error, no Unix time",
        "id: String should have at least 1 character",
        "nobody is named as the sender",
        "a text without its content",
        "text: Input should be a valid dictionary or instance of TextPart",
        "text.body: Input should be a valid string",
        *[": Input should be a valid dictionary or instance of Message"] * 4,
        TextReceived(**later(BORIS, 15), text="в порядке"),
        "no list of statuses",
    ],
}
