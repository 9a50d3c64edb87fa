"""WhatsApp comes in: webhooks to events, a payload file a row."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.bots.whatsapp.reports import FILES
from tests.bots.whatsapp.rows import INCOMING
from tests.bots.whatsapp_business import RECEIVED, business
from vestnik.channel import Kept, Unreadable
from vestnik.inbound import AccountChanged, Inbound, TextReceived


def read(body: bytes) -> Sequence[Inbound | Unreadable]:
    return business().read(Kept("main", body, RECEIVED))


@pytest.mark.parametrize("file", sorted(INCOMING))
def test_incoming(file: str) -> None:
    events = read((FILES / f"{file}.json").read_bytes())
    told = [event.why if isinstance(event, Unreadable) else event for event in events]
    assert told == list(INCOMING[file])


def test_a_repeated_event_has_the_same_id() -> None:
    first, _, again = read((FILES / "repeated.json").read_bytes())
    assert first == again


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


def test_a_notice_is_known_by_its_entry_and_content() -> None:
    told = json.loads((FILES / "capability.json").read_text())
    other, late = json.loads(json.dumps(told)), json.loads(json.dumps(told))
    other["entry"][0]["changes"][0]["value"]["max_daily_conversations_per_business"] = 250
    late["entry"][0]["time"] += 1
    ids = [read(json.dumps(body, indent=2).encode()) for body in (told, told, other, late)]
    first, again, changed, later = (event for (event,) in ids if isinstance(event, AccountChanged))
    assert first.event_id == again.event_id
    assert len({first.event_id, changed.event_id, later.event_id}) == 3
    assert max(len(event.event_id) for event in (first, changed, later)) <= 255


def test_without_the_account_s_id_its_notices_are_believed() -> None:
    kept = Kept("main", (FILES / "notice_of_another_account.json").read_bytes(), RECEIVED)
    (event,) = business(waba_id="").read(kept)
    assert isinstance(event, AccountChanged)
    assert event.stops
