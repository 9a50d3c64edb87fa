"""The most that Meta sends in one webhook: a thousand updates of all kinds, three megabytes."""

import json
from typing import Any

from tests.bots.whatsapp.reports import FILES

KINDS = ("text", "reply_button", "image", "reaction", "edited", "list_row", "contact_card", "order")
STATES = ("sent", "delivered", "read", "failed")
UPDATES, BYTES = 1000, 3_000_000


def _value(file: str) -> dict[str, Any]:
    body = json.loads((FILES / f"{file}.json").read_text())
    value: dict[str, Any] = body["entry"][0]["changes"][0]["value"]
    return value


def _change(place: int) -> dict[str, Any]:
    """Five messages and five statuses of people of their own, in one change."""
    value = _value("statuses")
    status, kinds = (
        value["statuses"][0],
        [_value(KINDS[(place + it) % len(KINDS)]) for it in range(5)],
    )
    people = [f"7999{place:04}{number:03}" for number in range(5)]
    value["contacts"] = [
        {"profile": {"name": f"Имя {who}"}, "wa_id": who, "user_id": f"RU.{who}"} for who in people
    ]
    value["messages"] = [
        kind["messages"][0] | {"from": who, "from_user_id": f"RU.{who}", "id": f"wamid.{who}"}
        for who, kind in zip(people, kinds, strict=True)
    ]
    value["statuses"] = [
        status
        | {"id": f"wamid.{place}.{who}", "status": STATES[place % len(STATES)]}
        | {"recipient_id": who, "recipient_user_id": f"RU.{who}"}
        for who in people
    ]
    return {"field": "messages", "value": value}


def _body() -> bytes:
    changes = [_change(place) for place in range(UPDATES // 10)]
    short = len(json.dumps(changes))
    words = "я" * ((BYTES - short) // 6 // (UPDATES // 2))  # each is six bytes in Meta's JSON
    for change in changes:
        for message in change["value"]["messages"]:
            message["text"] = {"body": words}
    entries = [{"id": "1022", "changes": changes[at : at + 5]} for at in range(0, len(changes), 5)]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


MOST = _body()
