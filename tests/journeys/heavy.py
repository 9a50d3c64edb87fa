"""A webhook as heavy as Meta sends them: up to 1 000 mixed updates in one body of 3 MB."""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MANY = 1_000
"""SHARES add up to it."""

BODY_BYTES = 3 * 2**20
PEOPLE = 150
# A text that spells six bytes a letter in Meta's JSON; 4 096 characters are WhatsApp's most.
LONG_TEXT = "Здравствуйте! " * 85
SHARES = {
    "text": 420,
    "button": 80,
    "list": 60,
    "reaction": 50,
    "status": 320,
    "repeated": 60,
    "malformed": 10,
}
PLACES = ((0, 0), (0, 1), (1, 0), (1, 1), (2, 0))
"""Entry and change of each part of the body."""


@dataclass(frozen=True, slots=True)
class Heavy:
    """The body, the ids of the events that must come of it, and how many items are malformed."""

    body: bytes
    events: frozenset[str]
    malformed: int


def heavy(phone_id: str, at: float, updates: int = MANY) -> Heavy:
    """Everything in it happened within the ten minutes before `at`, Unix time in seconds."""
    shares = {kind: share * updates // MANY for kind, share in SHARES.items()}
    chance = random.Random(3)  # noqa: S311 - a body, no secret
    told = list(_items(shares, chance, int(at) - 600))
    good = [(kind, item) for kind, item in told if kind != "malformed"]
    told += [chance.choice(good) for _ in range(shares["repeated"])]
    chance.shuffle(told)
    body = _body(phone_id, told)
    assert len(told) == updates
    assert len(body) <= BODY_BYTES
    return Heavy(
        body=body + b" " * (BODY_BYTES - len(body)),
        events=frozenset(_event_id(kind, item) for kind, item in good),
        malformed=Counter(kind for kind, _ in told)["malformed"],
    )


def _items(
    shares: Mapping[str, int], chance: random.Random, since: int
) -> Iterator[tuple[str, Any]]:
    number = 0
    for kind, share in shares.items():
        for _ in range(share if kind != "repeated" else 0):
            number += 1
            yield kind, _item(kind, number, chance, str(since + number // 2))


def _event_id(kind: str, item: Any) -> str:
    return f"st:{item['id']}:{item['status']}" if kind == "status" else f"msg:{item['id']}"


def _item(kind: str, number: int, chance: random.Random, at: str) -> Any:
    if kind == "malformed":
        return chance.choice(
            ["a string", None, 7, [], {"id": f"wamid.ODD{number}", "timestamp": at, "type": "text"}]
        )
    handle = _handle(chance.randrange(PEOPLE))
    if kind == "status":
        state = ("sent", "delivered", "read", "failed")[number % 4]
        told = {"id": f"wamid.OUT{number // 4}", "status": state, "timestamp": at}
        errors = {"errors": [{"code": 131026, "title": "Message undeliverable"}]}
        return {**told, "recipient_id": handle} | (errors if state == "failed" else {})
    message = {"from": handle, "id": f"wamid.IN{number}", "timestamp": at}
    return message | _content(kind, number)


def _content(kind: str, number: int) -> dict[str, Any]:
    match kind:
        case "text":
            return {"type": "text", "text": {"body": f"{number}: {LONG_TEXT}"}}
        case "button":
            pressed: dict[str, Any] = {"id": f"x{number}", "title": "Кофе"}
            told = {"type": "button_reply", "button_reply": pressed}
            return {"type": "interactive", "interactive": told}
        case "list":
            pressed = {"id": f"y{number}", "title": "Казань", "description": "раз в день"}
            return {
                "type": "interactive",
                "interactive": {"type": "list_reply", "list_reply": pressed},
            }
        case _:
            reaction = {"message_id": f"wamid.OUT{number}", "emoji": "❤️"}
            return {"type": "reaction", "reaction": reaction}


def _handle(number: int) -> str:
    return f"7916777{number:04}"


def _body(phone_id: str, told: Sequence[tuple[str, Any]]) -> bytes:
    entries: list[list[dict[str, Any]]] = [[], [], []]
    for part, (entry, _) in enumerate(PLACES):
        mine = told[part :: len(PLACES)]
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550001111", "phone_number_id": phone_id},
            "contacts": [
                {"profile": {"name": f"Гость {number}"}, "wa_id": _handle(number)}
                for number in range(PEOPLE)
            ],
            "messages": [item for kind, item in mine if kind != "status"],
            "statuses": [item for kind, item in mine if kind == "status"],
        }
        entries[entry].append({"field": "messages", "value": value})
    return json.dumps(
        {
            "object": "whatsapp_business_account",
            "entry": [{"id": str(n), "changes": changes} for n, changes in enumerate(entries)],
        }
    ).encode()
