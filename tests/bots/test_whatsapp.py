"""WhatsApp's webhooks to events: a payload file a row."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bots.whatsapp_business import BY_NUMBER, HIDDEN, SCOPED, business
from vestnik.address import Address
from vestnik.channel import Kept, Unreadable
from vestnik.inbound import (
    Allowed,
    Author,
    ButtonPressed,
    ContactShared,
    DeliveryReported,
    Inbound,
    MediaReceived,
    Stopped,
    TextReceived,
)
from vestnik.outcome import WindowClosed

FILES = Path(__file__).parent / "whatsapp"
RECEIVED = datetime(2025, 11, 22, 10, 0, tzinfo=UTC)
AT = datetime.fromtimestamp(1763800000, UTC)

ANNA: dict[str, Any] = {
    "event_id": "msg:wamid.IN",
    "address": SCOPED,
    "author": Author("RU.1349120", name="Anna", phone="+79990001122"),
    "at": AT,
    "reference": "wamid.IN",
}
BORIS: dict[str, Any] = ANNA | {
    "address": BY_NUMBER,
    "author": Author("79990003344", name="Борис", phone="+79990003344"),
}
VERA: dict[str, Any] = ANNA | {"address": HIDDEN, "author": Author("RU.77", name="Vera")}
QUOTING: dict[str, Any] = ANNA | {"reply_to": "wamid.OUT"}


def status(state: Any, told: str, later: int) -> DeliveryReported:
    return DeliveryReported(
        event_id=f"st:wamid.OUT:{told}",
        address=SCOPED,
        author=ANNA["author"],
        at=datetime.fromtimestamp(1763800001 + later, UTC),
        reference="wamid.OUT",
        handle="640",
        state=state,
    )


def failed(address: Address, author: Author, **more: Any) -> DeliveryReported:
    return DeliveryReported(
        event_id="st:wamid.OUT:failed",
        address=address,
        author=author,
        at=datetime.fromtimestamp(1763800002, UTC),
        reference="wamid.OUT",
        state="failed",
        **more,
    )


def preference(value: str, later: int) -> dict[str, Any]:
    return {
        "event_id": f"pref:1065:RU.1349120:marketing_messages:{value}:{1731705721 + later}",
        "address": SCOPED,
        "author": ANNA["author"],
        "at": datetime.fromtimestamp(1731705721 + later, UTC),
    }


# A string stands for the reason of something unreadable.
INCOMING: dict[str, Sequence[Inbound | str]] = {
    "text": [TextReceived(**ANNA, text="Привет 😀")],
    "reply": [TextReceived(**QUOTING, text="да")],
    "forwarded": [TextReceived(**ANNA, text="смотри")],
    "from_an_ad": [TextReceived(**ANNA, text="Хочу узнать больше")],
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
    "flow": [MediaReceived(**ANNA, kind="other")],
    "empty_interactive": ["an answer without what was chosen", "Meta reports an error of its own"],
    "contact_request": [ContactShared(**ANNA, phone="+79990001122", own=True)],
    "contact_card": [ContactShared(**ANNA, phone="+79990003344", own=False)],
    "contact_without_number": [MediaReceived(**ANNA, kind="other")],
    "image": [MediaReceived(**ANNA, kind="image", media_id="10033", caption="Вот")],
    "voice": [MediaReceived(**ANNA, kind="voice", media_id="10034")],
    "document": [MediaReceived(**ANNA, kind="document", media_id="10035")],
    "location": [MediaReceived(**ANNA, kind="location")],
    "order": [MediaReceived(**ANNA, kind="other")],
    "unsupported": [MediaReceived(**ANNA, kind="other")],
    "silent": [],
    "statuses": [
        status("accepted", "sent", 0),
        status("delivered", "delivered", 1),
        status("read", "read", 2),
        status("read", "played", 3),
    ],
    "failed": [
        failed(
            replace(BY_NUMBER, handle="+79990001122"),
            Author("79990001122", phone="+79990001122"),
            handle="640",
            cause=WindowClosed("131047"),
        )
    ],
    "failed_for_nobody": [failed(replace(BY_NUMBER, handle=""), Author(""))],
    "preferences": [Stopped(**preference("stop", 0)), Allowed(**preference("resume", 1))],
    "account": [
        "no events are made of the field 'message_template_status_update'",
        "no events are made of the field 'account_update'",
    ],
    "echoes": [],
    "another_number": ["for another number of the same app"],
    "errors_only": ["Meta reports an error of its own"],
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
        TextReceived(
            **BORIS | {"event_id": "msg:wamid.15", "reference": "wamid.15"}, text="в порядке"
        ),
        "no list of statuses",
    ],
}


def read(body: bytes) -> Sequence[Inbound | Unreadable]:
    return business().read(Kept("main", body, RECEIVED))


@pytest.mark.parametrize("file", sorted(INCOMING))
def test_incoming(file: str) -> None:
    events = read((FILES / f"{file}.json").read_bytes())
    told = [event.why if isinstance(event, Unreadable) else event for event in events]
    assert told == list(INCOMING[file])


def test_every_payload_file_has_its_row() -> None:
    assert {path.stem for path in FILES.glob("*.json")} == set(INCOMING)


def test_of_a_batch_only_the_malformed_item_is_lost() -> None:
    item = json.loads((FILES / "text.json").read_text())["entry"][0]["changes"][0]["value"]
    number = iter(range(100))

    def change() -> dict[str, Any]:
        message = item["messages"][0]
        five = [message | {"id": f"wamid.{next(number)}"} for _ in range(5)]
        return {"field": "messages", "value": item | {"messages": five}}

    entries = [{"id": "1022", "changes": [change(), change()]} for _ in range(3)]
    entries[1]["changes"][1]["value"]["messages"][2] = {"id": {}}  # type: ignore[index]
    body = json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()
    events = read(body)
    good = [event for event in events if isinstance(event, TextReceived)]
    assert len({event.event_id for event in good}) == 29
    assert sum(isinstance(event, Unreadable) for event in events) == 1


def test_a_repeated_message_in_another_batch_is_the_same_event() -> None:
    one = json.loads((FILES / "text.json").read_text())
    again = json.loads(json.dumps(one))
    again["entry"].append(json.loads((FILES / "statuses.json").read_text())["entry"][0])
    (first,) = read(json.dumps(one).encode())
    assert first in read(json.dumps(again).encode())
