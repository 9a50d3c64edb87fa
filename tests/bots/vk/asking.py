"""How rows tell what is asked of VK: parameters, keys, keyboards, carousels."""

import json
from dataclasses import dataclass, field
from typing import Any

from vestnik.outbound import (
    Button,
    Outbound,
)

PRESS = '{"event_id":"4f","user_id":5001,"peer_id":5001}'
ANSWER = "messages.sendMessageEventAnswer"
URL = "https://coffee.example"


@dataclass(frozen=True)
class Row:
    """A message and the parameters it becomes; JSON in them is compared parsed.

    `shows` is what the person's app can show; `bulk` and `settings` are as in Send and Settings.
    """

    says: Outbound
    asks: dict[str, Any]
    method: str = "messages.send"
    shows: frozenset[str] | None = None
    bulk: bool = False
    settings: dict[str, Any] = field(default_factory=dict)


def app(*shows: str) -> frozenset[str]:
    return frozenset(shows)


def sends(message: str, **more: Any) -> dict[str, Any]:
    always = {"peer_ids": "5001", "random_id": "7", "disable_mentions": "1"}
    return {**({"message": message} if message else {}), **always, **more}


def edits(message: str, **more: Any) -> dict[str, Any]:
    return {"message": message, "peer_id": "5001", "disable_mentions": "1", **more}


def key(label: str, payload: str, kind: str = "callback", color: str = "secondary") -> Any:
    wrapped = json.dumps({"p": payload}, separators=(",", ":"), ensure_ascii=False)
    return {"action": {"type": kind, "label": label, "payload": wrapped}, "color": color}


def link(label: str, url: str) -> dict[str, Any]:
    return {"action": {"type": "open_link", "label": label, "link": url}}


def keyboard(*rows: list[Any]) -> dict[str, Any]:
    return {"inline": True, "buttons": list(rows)}


def under(*rows: list[Any]) -> dict[str, Any]:
    return {"one_time": True, "buttons": list(rows)}


def carousel(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "carousel", "elements": list(elements)}


def spans(*items: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "items": list(items)}


def drinks(count: int, payload: str = "{}") -> list[Button]:
    return [Button(f"Л{n}", payload.format(n)) for n in range(count)]


def grid(keys: list[Any], width: int) -> list[list[Any]]:
    return [keys[at : at + width] for at in range(0, len(keys), width)]
