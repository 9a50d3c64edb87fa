"""Files that are shown in Telegram, the request they become and the ids they come back with."""

from typing import Any

from tests.bots.tables import Answer
from tests.bots.telegram.requests import Row, press, unsayable
from tests.bots.telegram.speaking import says
from tests.bots.telegram.wire import Uploaded
from vestnik.outbound import Button, File, Media, MediaKind, Text
from vestnik.outcome import Ambiguous, Sent, Upload
from vestnik.richtext import RichText, Span

PNG = File("чек.png", "image/png", b"\x89PNG\r\n\r\nreceipt")
PDF = File('сч"ёт\r\nX: 1.pdf', "application/pdf", b"%PDF-1.7")


def taken(*messages: dict[str, Any]) -> Answer:
    """What comes back of files: one message, or those of an album."""
    told = [{"message_id": 17 + number, **message} for number, message in enumerate(messages)]
    return Answer({"ok": True, "result": told if len(told) > 1 else told[0]})


def pictures(count: int, kind: MediaKind = "image") -> tuple[Media, ...]:
    return tuple(Media(kind, id=f"f{number}") for number in range(count))


def items(count: int, kind: str = "photo") -> list[dict[str, str]]:
    return [{"type": kind, "media": f"f{number}"} for number in range(count)]


SIZES = [{"file_id": "small", "width": 90}, {"file_id": "large", "width": 1280}]

SHOWN: dict[str, Row] = {
    "picture_by_link": Row(
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
    "document_by_id": Row(
        says("", media=(Media("document", id="f1"),)), "sendDocument", {"document": "f1"}
    ),
    "video_with_buttons": Row(
        says("Как это было", Button("Ещё", "more"), media=(Media("video", id="f1"),)),
        "sendVideo",
        {
            "video": "f1",
            "caption": "Как это было",
            "reply_markup": {"inline_keyboard": [[press("Ещё", "more")]]},
        },
    ),
    "audio": Row(says("", media=(Media("audio", id="f1"),)), "sendAudio", {"audio": "f1"}),
    "voice": Row(
        says("Слушайте", media=(Media("voice", id="f1"),)),
        "sendVoice",
        {"voice": "f1", "caption": "Слушайте"},
    ),
    "sticker": Row(
        says("", Button("Ещё", "more"), media=(Media("sticker", id="f1"),), reply_to="12"),
        "sendSticker",
        {
            "sticker": "f1",
            "reply_markup": {"inline_keyboard": [[press("Ещё", "more")]]},
            "reply_parameters": {"message_id": 12, "allow_sending_without_reply": True},
        },
    ),
    "sticker_with_text": unsayable(
        says("Мяу", media=(Media("sticker", id="f1"),)), "sticker_with_text"
    ),
    "location": unsayable(says("", media=(Media("location"),)), "media_unsupported:location"),
    "nothing_to_show": unsayable(says("", media=(Media("image"),)), "media_without_file:image"),
    "file_that_did_not_come_along": unsayable(
        says("", media=(Media("image", file="receipt"),)), "media_without_file:image"
    ),
    "paid_picture": Row(
        says("", media=(Media("image", id="f1"),)),
        "sendPhoto",
        {"photo": "f1", "allow_paid_broadcast": True},
        send={"bulk": True},
        settings={"paid_broadcast": True},
    ),
    "upload": Row(
        says("Чек", Button("Верно", "y"), media=(Media("image", file="receipt"),)),
        "sendPhoto",
        {
            "photo": Uploaded("чек.png", PNG.content),
            "caption": "Чек",
            "reply_markup": {"inline_keyboard": [[press("Верно", "y")]]},
        },
        taken({"photo": SIZES}),
        Sent("17", uploads={"receipt": Upload("large")}),
        send={"files": {"receipt": PNG}},
    ),
    "upload_with_a_hostile_name": Row(
        says("", media=(Media("document", file="bill"),)),
        "sendDocument",
        {"document": Uploaded('сч"ётX: 1.pdf', PDF.content)},
        taken({"document": {"file_id": "paper"}}),
        Sent("17", uploads={"bill": Upload("paper")}),
        send={"files": {"bill": PDF}},
    ),
    "upload_of_a_silent_video": Row(
        says("", media=(Media("video", file="clip"),)),
        "sendVideo",
        {"video": Uploaded("clip.mp4", b"mp4")},
        taken({"animation": {"file_id": "moving"}, "document": {"file_id": "same"}}),
        Sent("17", uploads={"clip": Upload("moving")}),
        send={"files": {"clip": File("clip.mp4", "video/mp4", b"mp4")}},
    ),
    "upload_that_comes_back_without_an_id": Row(
        says("", media=(Media("image", file="receipt"),)),
        "sendPhoto",
        {"photo": Uploaded("чек.png", PNG.content)},
        taken({"photo": [{"file_id": 5}]}),
        Sent("17"),
        send={"files": {"receipt": PNG}},
    ),
    "file_that_is_known_already": Row(
        says("", media=(Media("image", id="f1", file="receipt"),)),
        "sendPhoto",
        {"photo": "f1"},
        taken({"photo": SIZES}),
        Sent("17"),
        send={"files": {"receipt": PNG}},
    ),
    "album": Row(
        Text(
            RichText("Наши новинки", (Span(0, 4, "bold"),)),
            media=(Media("image", id="f0"), Media("video", "https://c.example/v")),
            reply_to="12",
        ),
        "sendMediaGroup",
        {
            "media": [
                {
                    "type": "photo",
                    "media": "f0",
                    "caption": "Наши новинки",
                    "caption_entities": [{"type": "bold", "offset": 0, "length": 4}],
                },
                {"type": "video", "media": "https://c.example/v"},
            ],
            "reply_parameters": {"message_id": 12, "allow_sending_without_reply": True},
        },
        taken({}, {}),
    ),
    "album_at_the_limit": Row(
        says("", media=pictures(10)),
        "sendMediaGroup",
        {"media": items(10), "allow_paid_broadcast": True},
        taken(*[{}] * 10),
        send={"bulk": True},
        settings={"paid_broadcast": True},
    ),
    "album_of_documents": Row(
        says("", media=pictures(2, "document")),
        "sendMediaGroup",
        {"media": items(2, "document")},
        taken({}, {}),
    ),
    "album_of_audio": Row(
        says("", media=pictures(2, "audio")),
        "sendMediaGroup",
        {"media": items(2, "audio")},
        taken({}, {}),
    ),
    "album_of_uploads": Row(
        says(
            "",
            media=(
                Media("image", file="receipt"),
                Media("image", id="f1"),
                Media("image", file="menu"),
            ),
        ),
        "sendMediaGroup",
        {
            "media": [
                {"type": "photo", "media": Uploaded("чек.png", PNG.content)},
                {"type": "photo", "media": "f1"},
                {"type": "photo", "media": Uploaded("menu.png", b"png")},
            ]
        },
        taken({"photo": SIZES}, {"photo": SIZES}, {"photo": [{"file_id": "menu-id"}]}),
        Sent("17", uploads={"receipt": Upload("large"), "menu": Upload("menu-id")}),
        send={"files": {"receipt": PNG, "menu": File("menu.png", "image/png", b"png")}},
    ),
    "album_that_comes_back_empty": Row(
        says("", media=pictures(2)),
        "sendMediaGroup",
        {"media": items(2)},
        Answer({"ok": True, "result": []}),
        Ambiguous("no_message_id"),
    ),
    "album_over_the_limit": unsayable(says("", media=pictures(11)), "album_over_10"),
    "album_with_buttons": unsayable(
        says("", Button("Да", "y"), media=pictures(2)), "album_with_buttons"
    ),
    "album_of_mixed_kinds": unsayable(
        says("", media=(*pictures(1), *pictures(1, "document"))), "album_of_mixed_kinds"
    ),
    "album_of_voices": unsayable(says("", media=pictures(2, "voice")), "album_of_mixed_kinds"),
}
