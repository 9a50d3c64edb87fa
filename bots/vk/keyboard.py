"""Lays buttons out as one of VK's keyboards.

dev.vk.com/ru/api/bots/development/keyboard
"""

import json
from collections.abc import Sequence
from typing import Any, Literal

from bots.vk.payload import wrap
from vestnik.outbound import AnyButton, Button, LinkButton

Form = Literal["inline", "under"]
"""Inside the message, or under the field that one writes in."""

Press = Literal["callback", "text"]
"""Whether a press comes as an event of its own or as a message."""

BUTTONS: dict[Form, int] = {"inline": 10, "under": 40}
ROWS: dict[Form, int] = {"inline": 6, "under": 10}
# Bytes of a payload, and characters of all together (github.com/vknet/vk/issues/915).
PAYLOAD, PAYLOADS = 255, 1_000
# Two labels longer than this side by side are cut short on a phone.
HALF_LABEL = 16


def holds(form: Form, buttons: Sequence[AnyButton]) -> bool:
    """Whether VK takes so many buttons, with such payloads, in this form."""
    payloads = [wrap(button.payload) for button in buttons if isinstance(button, Button)]
    # A quote or a backslash is longer in JSON than it was for `fit`.
    each = all(len(payload.encode()) <= PAYLOAD for payload in payloads)
    return len(buttons) <= BUTTONS[form] and each and sum(map(len, payloads)) <= PAYLOADS


def written(form: Form, press: Press, buttons: Sequence[AnyButton]) -> str:
    """The parameter `keyboard`; one under the field goes away when it was used."""
    shown = keys(press, buttons)
    width = _width(form, [button.label for button in buttons])
    rows = [shown[start : start + width] for start in range(0, len(shown), width)]
    kind = {"inline": True} if form == "inline" else {"one_time": True}
    return json.dumps({**kind, "buttons": rows}, ensure_ascii=False, separators=(",", ":"))


def keys(press: Press, buttons: Sequence[AnyButton]) -> list[dict[str, Any]]:
    """Buttons as VK's; the colours that it has go by our names."""
    shown: list[dict[str, Any]] = []
    for button in buttons:
        match button:
            case Button(label, payload, style):
                action = {"type": press, "label": label, "payload": wrap(payload)}
                shown.append({"action": action, "color": style or "secondary"})
            case LinkButton(label, url):
                shown.append({"action": {"type": "open_link", "label": label, "link": url}})
            case _:  # VK has no others, and `fit` leaves none
                pass
    return shown


def _width(form: Form, labels: Sequence[str]) -> int:
    """One button a row where there is room and reason, else two, else as many as it takes."""
    needed = -(-len(labels) // ROWS[form])
    roomy = 1 if len(labels) <= 3 or max(map(len, labels)) > HALF_LABEL else 2
    return max(needed, roomy)
