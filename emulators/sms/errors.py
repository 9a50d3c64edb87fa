"""The gateway's answers in each of its formats, and its refusals (sms.md section 3.1)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

# The texts are those that clients of SMSC.ru meet; 4 and 5 are ours, none was found.
TEXTS: Mapping[int, str] = {
    1: "parameters error",
    2: "authorise error",
    3: "no money",
    4: "IP is temporarily blocked",
    5: "invalid date format",
    6: "message is denied",
    7: "invalid number",
    8: "can't to deliver",
    9: "duplicate request, wait a minute",
}
TOO_FAST = "too many concurrent requests"
# These are found out about a message, which has an id by then.
ABOUT_MESSAGE = frozenset({3, 6, 7, 8})

MessageId = str | int


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as fmt=0, fmt=1 and fmt=3 write it."""

    plain: str
    commas: str
    json: Any

    def response(self, fmt: str) -> web.Response:
        """The answer in the format that was asked for."""
        if fmt == "3":
            text = json.dumps(self.json, ensure_ascii=False)
            return web.Response(text=text, content_type="application/json")
        return web.Response(text=self.commas if fmt == "1" else self.plain)


class SmscError(Exception):
    """A refusal; it comes with HTTP 200."""

    def __init__(
        self, code: int, text: str | None = None, message_id: MessageId | None = None
    ) -> None:
        self.code = code
        self.text = text or TEXTS.get(code, "unknown error")
        self.message_id = message_id if code in ABOUT_MESSAGE else None
        super().__init__(f"{code}: {self.text}")

    def reply(self) -> Reply:
        """The refusal as an answer."""
        told: dict[str, Any] = {"error": self.text, "error_code": self.code}
        about = ""
        if self.message_id is not None:
            told["id"] = self.message_id
            about = f", ID - {self.message_id}"
        return Reply(
            f"ERROR = {self.code} ({self.text}){about}",
            f"{self.message_id or 0},-{self.code}",
            told,
        )
