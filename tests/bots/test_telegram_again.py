"""Telegram goes out: what is said in place of another message, anew, or to a group that moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from bots.telegram.errors import GONE, UNQUOTED
from tests.bots.tables import Answer
from tests.bots.telegram.media import PNG, SIZES, pictures, taken
from tests.bots.telegram.requests import press
from tests.bots.telegram.speaking import TAKEN, TOKEN, refused, says, speaking, to
from tests.bots.telegram.wire import Uploaded, asked
from vestnik.outbound import Button, ContactButton, Edit, Media, Text
from vestnik.outcome import (
    Ambiguous,
    Rejected,
    SendResult,
    Sent,
    Temporary,
    Throttled,
    Unreachable,
    Upload,
)

Asked = tuple[str, Mapping[str, Any]]

EDITED = Answer({"ok": True, "result": {"message_id": 16}})
LOST = refused(400, "Bad Request: message to edit not found")
MOVED = refused(
    400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1009
)

NEXT = says("Дальше", Button("Да", "y"), replaces="16", reply_to="12")
KEYS = {"reply_markup": {"inline_keyboard": [[press("Да", "y")]]}}
EDIT = ("editMessageText", {"message_id": 16, "text": "Дальше", **KEYS})
QUOTE = {"reply_parameters": {"message_id": 12, "allow_sending_without_reply": True}}
ANEW = ("sendMessage", {"text": "Дальше", **KEYS, **QUOTE})
RECEIPT = Uploaded(PNG.name, PNG.content)
PICTURE_EDIT = (
    "editMessageMedia",
    {
        "message_id": 16,
        "media": {"type": "photo", "media": RECEIPT, "caption": "Дальше"},
    },
)
PICTURE = says("Дальше", replaces="16", media=(Media("image", file="receipt"),))


@dataclass(frozen=True)
class Row:
    """A message, what is answered one after the other, what is asked for and comes of it."""

    says: Text
    answers: tuple[Answer, ...]
    asks: tuple[Asked, ...]
    result: SendResult
    send: Mapping[str, Any] | None = None


REPLACED: dict[str, Row] = {
    "in_place": Row(NEXT, (EDITED,), (EDIT,), Sent("16")),
    "as_it_was": Row(
        NEXT,
        (
            refused(
                400, "Bad Request: message is not modified: specified new message content and …"
            ),
        ),
        (EDIT,),
        Sent("16"),
    ),
    **{
        phrase.replace(" ", "_"): Row(
            NEXT, (refused(400, f"Bad Request: {phrase}"), TAKEN), (EDIT, ANEW), Sent("17")
        )
        for phrase in (*GONE, "MESSAGE_ID_INVALID")
    },
    "gone_and_blocked": Row(
        NEXT,
        (LOST, refused(403, "Forbidden: bot was blocked by the user")),
        (EDIT, ANEW),
        Unreachable("blocked", "bot was blocked by the user"),
    ),
    "gone_and_too_fast": Row(
        NEXT,
        (LOST, refused(429, "Too Many Requests: retry after 9", retry_after=9)),
        (EDIT, ANEW),
        Throttled(9),
    ),
    "nobody_knows": Row(
        NEXT,
        (refused(500, "Internal Server Error"),),
        (EDIT,),
        Ambiguous("Internal Server Error"),
    ),
    "broken_off": Row(
        NEXT, (Answer(fault="close"),), (EDIT,), Ambiguous("ServerDisconnectedError")
    ),
    "wrong_in_itself": Row(
        NEXT,
        (refused(400, "Bad Request: BUTTON_DATA_INVALID"),),
        (EDIT,),
        Rejected("BUTTON_DATA_INVALID", "Bad Request: BUTTON_DATA_INVALID"),
    ),
    "contact_button": Row(
        says("Телефон?", ContactButton("Дать"), replaces="16"),
        (TAKEN,),
        (
            (
                "sendMessage",
                {
                    "text": "Телефон?",
                    "reply_markup": {
                        "keyboard": [[{"text": "Дать", "request_contact": True}]],
                        "resize_keyboard": True,
                        "one_time_keyboard": True,
                    },
                },
            ),
        ),
        Sent("17"),
    ),
    "album": Row(
        says("", media=pictures(2), replaces="16"),
        (taken({}, {}),),
        (
            (
                "sendMediaGroup",
                {"media": [{"type": "photo", "media": f"f{number}"} for number in range(2)]},
            ),
        ),
        Sent("17"),
    ),
    "voice": Row(
        says("", media=(Media("voice", id="f1"),), replaces="16"),
        (TAKEN,),
        (("sendVoice", {"voice": "f1"}),),
        Sent("17"),
    ),
    "reference_of_another_channel": Row(
        says("Дальше", replaces="wamid.1"),
        (TAKEN,),
        (("sendMessage", {"text": "Дальше"}),),
        Sent("17"),
    ),
    "by_a_picture": Row(
        PICTURE,
        (Answer({"ok": True, "result": {"message_id": 16, "photo": SIZES}}),),
        (PICTURE_EDIT,),
        Sent("16", uploads={"receipt": Upload("large")}),
        {"files": {"receipt": PNG}},
    ),
    "by_a_picture_anew": Row(
        PICTURE,
        (LOST, taken({"photo": SIZES})),
        (
            PICTURE_EDIT,
            ("sendPhoto", {"photo": RECEIPT, "caption": "Дальше"}),
        ),
        Sent("17", uploads={"receipt": Upload("large")}),
        {"files": {"receipt": PNG}},
    ),
    **{
        f"quote_{phrase.replace(' ', '_')}": Row(
            says("Да", reply_to="12"),
            (refused(400, f"Bad Request: {phrase}"), TAKEN),
            (("sendMessage", {"text": "Да", **QUOTE}), ("sendMessage", {"text": "Да"})),
            Sent("17"),
        )
        for phrase in UNQUOTED
    },
}


@pytest.mark.parametrize("name", REPLACED)
async def test_said_in_place_or_anew(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    row = REPLACED[name]
    async with speaking(*row.answers) as (telegram, bot):
        results = await bot.send([to("5001", row.says, **(row.send or {}))])
    assert results == [row.result]
    assert [(request.path, asked(request)) for request in telegram.requests] == [
        (f"/bot{TOKEN}/{method}", {"chat_id": 5001, **asks}) for method, asks in row.asks
    ]
    assert TOKEN not in caplog.text + repr(results)


async def test_an_edit_of_what_is_gone_is_not_said_anew() -> None:
    async with speaking(LOST) as (telegram, bot):
        (result,) = await bot.send([to("5001", Edit("16", says("Готово")))])
        assert isinstance(result, Rejected)
        assert len(telegram.requests) == 1


async def test_a_group_is_followed_at_once_and_for_good() -> None:
    batch = [to("-4321", says("1")), to("-4321", says("2")), to("-1009", says("3"))]
    async with speaking(MOVED, TAKEN) as (telegram, bot):
        assert await bot.send(batch[:2]) == [Sent("17")] * 2
        assert await bot.send(batch) == [Sent("17")] * 3
        said = [(request.json["chat_id"], request.json["text"]) for request in telegram.requests]
    first = [(-4321, "1"), (-1009, "1"), (-1009, "2")]
    assert said == [*first, *[(-1009, text) for text in ("1", "2", "3")]]


async def test_a_group_is_followed_once_in_a_send() -> None:
    async with speaking(MOVED) as (telegram, bot):
        assert await bot.send([to("-4321", says("1"))]) == [Temporary("moved")]
        assert len(telegram.requests) == 2


async def test_a_group_that_moved_gets_the_message_anew() -> None:
    text = says("Да", replaces="16")
    async with speaking(MOVED, LOST, TAKEN) as (telegram, bot):
        assert await bot.send([to("-4321", text)]) == [Sent("17")]
        methods = [request.path.rpartition("/")[2] for request in telegram.requests]
    assert methods == ["editMessageText", "editMessageText", "sendMessage"]
